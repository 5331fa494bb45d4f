// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A probe is hit: its handlers are called as arch/x86/kernel/kprobes does it.
 * Nothing here may be probed, nor may what it calls before current_kprobe is
 * set and after it is reset.
 */
#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/rculist.h>
#include "probe.h"

#define MCOUNT_INSN 5 /* the call of __fentry__ */

DEFINE_PER_CPU(struct kprobe *, current_kprobe);

/* What runs while it is not known yet which probe does. */
static struct kprobe nobody_yet;

/* A probe was hit in a handler. */
static noinline notrace __kprobes void count_missed(struct probe_point *point)
{
	struct kprobe *p;

	hlist_for_each_entry_rcu(p, &point->probes, hlist)
		atomic_long_inc((atomic_long_t *)&p->nmissed);
}

/* All of them in turn; one that is obeyed and says so ends it. */
static noinline notrace __kprobes int call_each(struct probe_point *point, struct pt_regs *regs,
						struct kprobe **running, bool obey)
{
	struct kprobe *p;

	hlist_for_each_entry_rcu(p, &point->probes, hlist)
	{
		if (!p->pre_handler || kprobe_disabled(p))
			continue;
		WRITE_ONCE(*running, p);
		if (p->pre_handler(p, regs) && obey)
			return 1;
	}
	return 0;
}

static noinline notrace __kprobes void post_each(struct probe_point *point, struct pt_regs *regs,
						 struct kprobe **running)
{
	struct kprobe *p;

	hlist_for_each_entry_rcu(p, &point->probes, hlist)
	{
		if (!p->post_handler || kprobe_disabled(p))
			continue;
		WRITE_ONCE(*running, p);
		p->post_handler(p, regs, 0);
	}
}

/* A jump-optimised probe cannot divert: there nobody looks at what pre_handler returns. */
static __always_inline int call_pre(struct probe_point *point, struct pt_regs *regs,
				    struct kprobe **running, bool obey)
{
	struct kprobe *p = READ_ONCE(point->only);

	regs->ip = point->address + 1; /* as after an int3, whatever it was */
	if (unlikely(!p)) {
		WRITE_ONCE(*running, &nobody_yet);
		return call_each(point, regs, running, obey);
	}
	WRITE_ONCE(*running, p);
	return p->pre_handler && p->pre_handler(p, regs) && obey;
}

/*
 * The CPU's current_kprobe is found once: a handler that sleeps, which is
 * reported, may come back on another CPU, and must not leave this one busy.
 */
notrace __kprobes int r3rt_probe_hit(void *context, struct pt_regs *regs, int trapped)
{
	struct probe_point *point = context;
	struct kprobe **running;
	int count = preempt_count(), diverted = 0;
	unsigned long flags;

	running = this_cpu_ptr(&current_kprobe);
	if (unlikely(READ_ONCE(*running))) {
		count_missed(point);
	} else if (trapped) {
		WRITE_ONCE(*running, &nobody_yet);
		raw_local_irq_save(flags);
		diverted = call_pre(point, regs, running, true);
		WRITE_ONCE(*running, NULL);
		/* what was pending comes now, and may hit probes */
		raw_local_irq_restore(flags);
	} else {
		bool ftrace = point->flags & R3_POINT_FTRACE;

		diverted = call_pre(point, regs, running, ftrace);
		if (unlikely(ftrace && point->post && !diverted)) {
			regs->ip = point->address + MCOUNT_INSN;
			post_each(point, regs, running);
		}
		WRITE_ONCE(*running, NULL);
	}
	probe_slept(count);
	return diverted;
}

notrace __kprobes void r3rt_probe_post(void *context, struct pt_regs *regs)
{
	struct probe_point *point = context;
	struct kprobe **running;
	int count = preempt_count();
	unsigned long flags;

	running = this_cpu_ptr(&current_kprobe);
	/* In a handler; pre was not called either. */
	if (likely(!READ_ONCE(*running))) {
		WRITE_ONCE(*running, &nobody_yet);
		raw_local_irq_save(flags);
		post_each(point, regs, running);
		WRITE_ONCE(*running, NULL);
		raw_local_irq_restore(flags);
	}
	probe_slept(count);
}
