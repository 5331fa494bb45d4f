// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Softirqs and tasklets. They run when the interrupt that raised them ends, or
 * when bottom halves are enabled again; what is raised outside of an interrupt,
 * or does not end, is ksoftirqd's, a thread that each vCPU has once needed.
 */
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/kernel_stat.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/wait_bit.h>
#include "machine.h"

#define MAX_SOFTIRQ_RESTART 10
#define MAX_SOFTIRQ_JIFFIES ((2 * HZ + 999) / 1000)

DEFINE_PER_CPU_SHARED_ALIGNED(irq_cpustat_t, irq_stat);
DEFINE_PER_CPU(struct task_struct *, ksoftirqd);
static DEFINE_PER_CPU(bool, ksoftirqd_busy);

static struct softirq_action softirq_vec[NR_SOFTIRQS] __cacheline_aligned_in_smp;

const char *const softirq_to_name[NR_SOFTIRQS] = {
	"HI",       "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
	"IRQ_POLL", "TASKLET", "SCHED",  "HRTIMER", "RCU",
};

void open_softirq(int nr, void (*action)(R3_SOFTIRQ_ARG))
{
	softirq_vec[nr].action = action;
}

/* ---- ksoftirqd ---- */

static int run_ksoftirqd(void *data)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!local_softirq_pending()) {
			if (__this_cpu_read(ksoftirqd_busy)) {
				__this_cpu_write(ksoftirqd_busy, false);
				tick_release();
			}
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		softirq_run_pending();
		cond_resched();
	}
	return 0;
}

/* The tick goes on meanwhile: its end runs what ksoftirqd does not get to. */
void softirq_wake_thread(void)
{
	struct task_struct *task = __this_cpu_read(ksoftirqd);

	if (!__this_cpu_read(ksoftirqd_busy)) {
		__this_cpu_write(ksoftirqd_busy, true);
		tick_need();
	}
	if (task) {
		wake_up_process(task);
	} else {
		char name[] = "ksoftirqd/00";
		int cpu = raw_smp_processor_id();

		name[10] = cpu >= 10 ? '0' + cpu / 10 : '0' + cpu;
		name[11] = cpu >= 10 ? '0' + cpu % 10 : '\0';
		__this_cpu_write(ksoftirqd, machine_thread(name, run_ksoftirqd, NULL, cpu));
	}
}

/* ---- running them ---- */

static void run_actions(unsigned long pending)
{
	while (pending) {
		unsigned int nr = __ffs(pending);
		int before = preempt_count();

		pending &= pending - 1;
		kstat_incr_softirqs_this_cpu(nr);
		R3_SOFTIRQ_CALL(&softirq_vec[nr]);
		if (unlikely(before != preempt_count())) {
			pr_err("huh, entered softirq %u %s %p with preempt_count %08x, exited with "
			       "%08x?\n",
			       nr, softirq_to_name[nr], softirq_vec[nr].action, before,
			       preempt_count());
			preempt_count_set(before);
		}
	}
}

/* Interrupts are off before and after, on meanwhile. */
static void handle_softirqs(void)
{
	unsigned long end = jiffies + MAX_SOFTIRQ_JIFFIES;
	unsigned int restarts = MAX_SOFTIRQ_RESTART;
	unsigned long pending;

	softirq_begin();
	while ((pending = local_softirq_pending()) != 0) {
		set_softirq_pending(0);
		local_irq_enable();
		run_actions(pending);
		local_irq_disable();
		if (!local_softirq_pending())
			break;
		if (!time_before(jiffies, end) || need_resched() || !--restarts) {
			softirq_wake_thread();
			break;
		}
	}
	softirq_end();
}

asmlinkage __visible void __softirq_entry __do_softirq(void)
{
	handle_softirqs();
}

void softirq_irq_exit(void)
{
	if (in_interrupt() || !local_softirq_pending())
		return;
	softirq_invoke();
}

void irq_enter_rcu(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
}

void irq_enter(void)
{
	irq_enter_rcu();
}

void irq_exit_rcu(void)
{
	preempt_count_sub(HARDIRQ_OFFSET);
	softirq_irq_exit();
}

void irq_exit(void)
{
	irq_exit_rcu();
}

/* ---- raising ---- */

void __raise_softirq_irqoff(unsigned int nr)
{
	or_softirq_pending(1UL << nr);
}

void raise_softirq_irqoff(unsigned int nr)
{
	__raise_softirq_irqoff(nr);
	if (!in_interrupt() && softirq_may_wake())
		softirq_wake_thread();
}

void raise_softirq(unsigned int nr)
{
	unsigned long flags;

	local_irq_save(flags);
	raise_softirq_irqoff(nr);
	local_irq_restore(flags);
}
