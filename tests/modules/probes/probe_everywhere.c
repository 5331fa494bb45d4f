// SPDX-License-Identifier: GPL-2.0-or-later
/* A probe on each of many addresses, which somebody else has chosen. */
#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/module.h>

#define MOST 32768

kprobe_opcode_t *probe_everywhere_addresses[MOST];
int probe_everywhere_errors[MOST];
int probe_everywhere_room = MOST;

static struct kprobe probes[MOST];
static struct kprobe *list[MOST];
static int registered;
static atomic64_t hits = ATOMIC64_INIT(0);

static int on_hit(struct kprobe *kp, struct pt_regs *regs)
{
	atomic64_inc(&hits);
	return 0;
}

/* On each of the first addresses; how many could be. */
int probe_everywhere_register(int count);
int probe_everywhere_register(int count)
{
	registered = 0;
	for (int i = 0; i < count; i++) {
		probes[i] = (struct kprobe){
			.addr = probe_everywhere_addresses[i],
			.pre_handler = on_hit,
		};
		probe_everywhere_errors[i] = register_kprobe(&probes[i]);
		if (!probe_everywhere_errors[i])
			list[registered++] = &probes[i];
	}
	return registered;
}

/* How often all of them were hit, ever. */
long probe_everywhere_unregister(void);
long probe_everywhere_unregister(void)
{
	unregister_kprobes(list, registered);
	registered = 0;
	return atomic64_read(&hits);
}

static int __init everywhere_init(void)
{
	return 0;
}

static void __exit everywhere_exit(void)
{
}

module_init(everywhere_init);
module_exit(everywhere_exit);
MODULE_DESCRIPTION("Probes on any addresses");
MODULE_LICENSE("GPL");
