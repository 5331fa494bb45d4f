// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes that the host asks for: it knows what is to be told of a hit. */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <ring3/hypercall.h>

struct probe_event {
	unsigned long id;
	bool is_return;
	struct kretprobe rp; /* of a kprobe its kp alone */
	char symbol[];
};

/* Named as in kernel/trace/trace_kprobe.c, where modules know them from. */
static int kprobe_dispatcher(struct kprobe *p, struct pt_regs *regs)
{
	struct probe_event *event = container_of(p, struct probe_event, rp.kp);

	r3hc_event_hit(event->id, regs, (unsigned long)p->addr, 0);
	return 0;
}
NOKPROBE_SYMBOL(kprobe_dispatcher);

static int kretprobe_dispatcher(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct kretprobe *rp = get_kretprobe(ri);

	if (rp) /* it is not being unregistered */
		r3hc_event_hit(container_of(rp, struct probe_event, rp)->id, regs,
			       (unsigned long)rp->kp.addr, get_kretprobe_retaddr(ri));
	return 0;
}
NOKPROBE_SYMBOL(kretprobe_dispatcher);

static int event_register(struct probe_event *event, const struct r3_event_request *request)
{
	struct kprobe *kp = &event->rp.kp;

	event->id = request->id;
	event->is_return = request->is_return;
	if (request->symbol)
		kp->symbol_name = strcpy(event->symbol, request->symbol);
	else
		kp->addr = (kprobe_opcode_t *)request->address;
	kp->offset = request->offset;
	if (request->is_return) {
		event->rp.maxactive = request->maxactive;
		event->rp.handler = kretprobe_dispatcher;
		return register_kretprobe(&event->rp);
	}
	kp->pre_handler = kprobe_dispatcher;
	return register_kprobe(kp);
}

/* No module's memory, whoever is being loaded meanwhile. */
long r3rt_event_new(const struct r3_event_request *request)
{
	size_t length = request->symbol ? strlen(request->symbol) + 1 : 0;
	struct probe_event *event;
	long result = -ENOMEM;

	r3hc_own(1);
	event = kzalloc(sizeof(*event) + length, GFP_KERNEL);
	if (event)
		result = event_register(event, request);
	r3hc_own(-1);
	if (!result)
		return (long)event;
	kfree(event);
	return result;
}

unsigned long r3rt_event_missed(long handle)
{
	const struct probe_event *event = (struct probe_event *)handle;

	return event->rp.kp.nmissed + (event->is_return ? event->rp.nmissed : 0);
}

void r3rt_event_free(long handle)
{
	struct probe_event *event = (struct probe_event *)handle;

	if (event->is_return)
		unregister_kretprobe(&event->rp);
	else
		unregister_kprobe(&event->rp.kp);
	kfree(event);
}
