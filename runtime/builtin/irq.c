// SPDX-License-Identifier: GPL-2.0-or-later
/* Interrupts of this CPU: what they do, and turning them on again. */
#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/sched.h>
#include "../core/probe.h"
#include "builtin.h"

void __r3_run_pending_irqs(void)
{
	r3hc_interrupts();
}
EXPORT_SYMBOL(__r3_run_pending_irqs);
NOKPROBE_SYMBOL(__r3_run_pending_irqs);

void r3rt_interrupt(unsigned int bits)
{
	struct task_struct *before = idle_task_enter();

	preempt_count_add(HARDIRQ_OFFSET);
	if (bits & R3_IRQ_TIMER) {
		event_fired();
		hrtimer_interrupt();
		__raise_softirq_irqoff(TIMER_SOFTIRQ);
	}
	if (bits & R3_IRQ_IPI)
		irq_work_interrupt();
	preempt_count_sub(HARDIRQ_OFFSET);
	if (!in_interrupt() && softirq_is_pending())
		softirq_run_pending();
	rcu_note_interrupt();
	idle_task_leave(before);
}

/* The thread was torn out of whatever it was in. */
void r3rt_oops_cleanup(void)
{
	struct task_struct *task = current;

	probes_oopsed(__builtin_frame_address(0));
	preempt_count_set(0);
	local_irq_enable();
	if (!task)
		return;
	__set_current_state(TASK_RUNNING);
	rcu_forget_reader(task);
	if (task->flags & PF_KTHREAD)
		kthread_oopsed(task);
}
