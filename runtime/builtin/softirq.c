// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Softirqs: run when the interrupt that raised them ends, when bottom halves
 * go on again, or else by this CPU's ksoftirqd.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include "builtin.h"

#define MAX_RESTARTS 10

static DEFINE_PER_CPU(unsigned int, pending);
static DEFINE_PER_CPU(struct task_struct *, ksoftirqd);

static struct softirq_action actions[NR_SOFTIRQS] = {
	[HI_SOFTIRQ] = {tasklet_hi_softirq},
	[TIMER_SOFTIRQ] = {timer_softirq},
	[TASKLET_SOFTIRQ] = {tasklet_softirq},
	[HRTIMER_SOFTIRQ] = {hrtimer_softirq},
};

void open_softirq(int nr, void (*action)(struct softirq_action *))
{
	actions[nr].action = action;
}

bool softirq_is_pending(void)
{
	return this_cpu_read(pending) != 0;
}

static int run_ksoftirqd(void *data)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!softirq_is_pending()) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		local_irq_disable();
		softirq_run_pending();
		local_irq_enable();
		cond_resched();
	}
	return 0;
}

static void wake_ksoftirqd(void)
{
	struct task_struct *task = this_cpu_read(ksoftirqd);

	if (!task) {
		int cpu = smp_processor_id();

		task = kthread_create(run_ksoftirqd, NULL, "ksoftirqd/%d", cpu);
		if (IS_ERR(task))
			return;
		kthread_bind(task, cpu);
		this_cpu_write(ksoftirqd, task);
	}
	wake_up_process(task);
}

static void run_actions(unsigned int todo)
{
	while (todo) {
		unsigned int nr = __ffs(todo);
		int before = preempt_count();

		todo &= todo - 1;
		actions[nr].action(&actions[nr]);
		if (unlikely(before != preempt_count())) {
			pr_err("huh, entered softirq %u %ps with preempt_count %08x, exited with "
			       "%08x?\n",
			       nr, actions[nr].action, before, preempt_count());
			preempt_count_set(before);
		}
	}
}

void softirq_run_pending(void)
{
	int restarts;

	preempt_count_add(SOFTIRQ_OFFSET);
	for (restarts = 0; softirq_is_pending() && restarts < MAX_RESTARTS; restarts++) {
		unsigned int todo = this_cpu_xchg(pending, 0);

		local_irq_enable();
		run_actions(todo);
		local_irq_disable();
	}
	preempt_count_sub(SOFTIRQ_OFFSET);
	if (softirq_is_pending())
		wake_ksoftirqd();
}

void __raise_softirq_irqoff(unsigned int nr)
{
	this_cpu_or(pending, 1U << nr);
}

void raise_softirq_irqoff(unsigned int nr)
{
	__raise_softirq_irqoff(nr);
	/* In an interrupt or with bottom halves off, their end sees to it. */
	if (!in_interrupt())
		wake_ksoftirqd();
}

void raise_softirq(unsigned int nr)
{
	unsigned long flags;

	local_irq_save(flags);
	raise_softirq_irqoff(nr);
	local_irq_restore(flags);
}

void local_bh_disable(void)
{
	preempt_count_add(SOFTIRQ_DISABLE_OFFSET);
	barrier();
}
EXPORT_SYMBOL(local_bh_disable);

void __local_bh_enable_ip(unsigned long ip, unsigned int cnt)
{
	WARN_ON_ONCE(in_hardirq());
	/* Still not preemptible while softirqs are seen to. */
	preempt_count_sub(cnt - 1);
	if (unlikely(!in_interrupt() && softirq_is_pending())) {
		unsigned long flags;

		local_irq_save(flags);
		softirq_run_pending();
		local_irq_restore(flags);
	}
	preempt_count_sub(1);
}
EXPORT_SYMBOL(__local_bh_enable_ip);

void local_bh_enable(void)
{
	__local_bh_enable_ip(_RET_IP_, SOFTIRQ_DISABLE_OFFSET);
}
EXPORT_SYMBOL(local_bh_enable);
