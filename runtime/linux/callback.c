// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions of modules that the machine calls on top of whatever a vCPU does:
 * for timers, tasklets, RCU, IPIs. An oops ends the function only. It may not
 * tear down what called it: lists are half walked there and locks are held.
 * (Linux panics.)
 */
#include <linux/hrtimer.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include "core/probe.h"
#include "machine.h"

struct context {
	int preempt_count;
	int rcu_nesting;
	int bottom_halves;
	unsigned short migration_disabled;
	unsigned int irq_defer;
	unsigned long flags;
	struct kprobe *kprobe;
};

static void save(struct context *context)
{
	struct task_struct *task = current;

	context->preempt_count = preempt_count();
	context->rcu_nesting = task->rcu_read_lock_nesting;
	context->bottom_halves = bottom_halves_off();
	context->migration_disabled = task->migration_disabled;
	context->irq_defer = vcpu_read(irq_defer);
	context->kprobe = __this_cpu_read(current_kprobe);
	local_save_flags(context->flags);
}

static noinline void restore(const struct context *context)
{
	struct task_struct *task = current;

	local_irq_disable();
	__this_cpu_write(current_kprobe, context->kprobe);
	vcpu_write(irq_defer, context->irq_defer);
	rcu_leave_to(task, context->rcu_nesting);
	bottom_halves_restore(context->bottom_halves);
	task->migration_disabled = context->migration_disabled;
	preempt_count_set(context->preempt_count);
	local_irq_restore(context->flags);
}

bool machine_call_back(void *function, void *argument, unsigned long *result)
{
	struct context context;

	save(&context);
	if (likely(!r3hc_call((unsigned long)function, (unsigned long)argument, result)))
		return true;
	restore(&context);
	kretprobes_forget_deeper(__builtin_frame_address(0));
	return false;
}

/* For kernel/time/{timer,hrtimer}.c; see the preludes in wrap/. */
void r3_timer_call(void (*function)(struct timer_list *), struct timer_list *timer)
{
	unsigned long unused;

	machine_call_back(function, timer, &unused);
}

enum hrtimer_restart r3_hrtimer_call(enum hrtimer_restart (*function)(struct hrtimer *),
				     struct hrtimer *timer)
{
	unsigned long restart;

	return machine_call_back(function, timer, &restart) ? (int)restart : HRTIMER_NORESTART;
}
