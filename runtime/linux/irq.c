// SPDX-License-Identifier: GPL-2.0-or-later
/* The box's own interrupts: ticks, timers, IPIs. */
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/kernel_stat.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <asm/irq_regs.h>
#include "machine.h"

DEFINE_PER_CPU(struct pt_regs *, __irq_regs);

static noinline void handle_interrupt(unsigned int bits)
{
	irq_enter();
	__this_cpu_inc(kstat.irqs_sum);
	if (bits & R3_IRQ_TICK)
		tick_interrupt();
	if (bits & R3_IRQ_TIMER)
		tick_timer_interrupt();
	if (bits & R3_IRQ_IPI) {
		smp_run_calls();
		irq_work_interrupt();
		sched_ipi();
	}
	rcu_interrupt_check();
	irq_exit();
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && need_resched() && !preempt_count() &&
	    !r3_task(current)->idle)
		preempt_schedule_irq();
}

/*
 * Called with interrupts off, on top of what runs on this vCPU. A thread that
 * has no task yet is the one that boots.
 */
void r3rt_interrupt(unsigned int bits)
{
	if (!raw_cpu_read(R3_PERCPU_CURRENT))
		raw_cpu_write(R3_PERCPU_CURRENT, &init_task);
	handle_interrupt(bits);
}
