// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sleeping and waking. Which thread has which CPU is the host's business; a
 * thread keeps its CPU until it asks to give it up.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include "builtin.h"

static void report_atomic_sleep(struct task_struct *task)
{
	pr_err("BUG: scheduling while atomic: %s/%d/0x%08x\n", task->comm, task->pid,
	       preempt_count());
	dump_stack();
	add_taint(TAINT_WARN, LOCKDEP_STILL_OK);
	preempt_count_set(0);
}

/*
 * Sleep until somebody sets the task running. The host keeps one wake-up that
 * came too early, so an old one may end the parking: look again.
 */
void schedule(void)
{
	struct task_struct *task = current;

	if (unlikely(in_atomic()))
		report_atomic_sleep(task);
	rcu_note_switch();
	if (task_is_running(task)) {
		if (r3hc_vcpu_wanted())
			r3hc_yield();
		return;
	}
	if (task->flags & PF_WQ_WORKER)
		workqueue_worker_sleeping(task);
	while (!task_is_running(task)) {
		if (signal_pending_state(task->__state, task)) {
			__set_current_state(TASK_RUNNING);
			break;
		}
		r3hc_park();
	}
	smp_mb();
	if (task->flags & PF_WQ_WORKER)
		workqueue_worker_running(task);
}
EXPORT_SYMBOL(schedule);

void schedule_preempt_disabled(void)
{
	preempt_enable();
	schedule();
	preempt_disable();
}

void io_schedule(void)
{
	schedule();
}
EXPORT_SYMBOL(io_schedule);

int wake_up_state(struct task_struct *tsk, unsigned int state)
{
	unsigned long flags;
	int woken = 0;

	/* Once it runs the task may end; the lock keeps its thread until it was unparked. */
	raw_spin_lock_irqsave(&tsk->pi_lock, flags);
	/* What was written before is seen by the task when it finds itself running. */
	smp_mb();
	if (READ_ONCE(tsk->__state) & state) {
		woken = 1;
		WRITE_ONCE(tsk->__state, TASK_RUNNING);
		if (tsk != current)
			r3hc_unpark(tsk->thread);
	}
	raw_spin_unlock_irqrestore(&tsk->pi_lock, flags);
	return woken;
}
EXPORT_SYMBOL(wake_up_state);

int wake_up_process(struct task_struct *tsk)
{
	return wake_up_state(tsk, TASK_NORMAL);
}
EXPORT_SYMBOL(wake_up_process);

void yield(void)
{
	__set_current_state(TASK_RUNNING);
	rcu_note_switch();
	r3hc_yield();
}
EXPORT_SYMBOL(yield);

bool need_resched(void)
{
	return r3hc_vcpu_wanted();
}
EXPORT_SYMBOL_GPL(need_resched);

int __cond_resched(void)
{
	if (in_atomic() || irqs_disabled() || current->rcu_read_lock_nesting)
		return 0;
	rcu_note_switch();
	if (!r3hc_vcpu_wanted())
		return 0;
	r3hc_yield();
	return 1;
}
EXPORT_SYMBOL(__cond_resched);

void __might_sleep(const char *file, int line)
{
	static unsigned long last_report;

	if (likely(!in_atomic() && !irqs_disabled()))
		return;
	if (!current || !printk_timed_ratelimit(&last_report, 1000))
		return;
	pr_err("BUG: sleeping function called from invalid context at %s:%d\n", file, line);
	pr_err("in_atomic(): %d, irqs_disabled(): %d, non_block: 0, pid: %d, name: %s\n",
	       in_atomic(), irqs_disabled(), current->pid, current->comm);
	pr_err("preempt_count: %x, expected: 0\n", preempt_count());
	dump_stack();
	add_taint(TAINT_WARN, LOCKDEP_STILL_OK);
}
EXPORT_SYMBOL(__might_sleep);

/* ---- sleeping for a time ---- */

struct sleeper {
	struct timer_list timer;
	struct task_struct *task;
};

static void wake_sleeper(struct timer_list *timer)
{
	struct sleeper *sleeper = from_timer(sleeper, timer, timer);

	wake_up_process(sleeper->task);
}

long schedule_timeout(long timeout)
{
	struct sleeper sleeper;
	unsigned long expires;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	if (timeout < 0) {
		pr_err("schedule_timeout: wrong timeout value %lx\n", timeout);
		dump_stack();
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	expires = jiffies + timeout;
	sleeper.task = current;
	timer_setup_on_stack(&sleeper.timer, wake_sleeper, 0);
	mod_timer(&sleeper.timer, expires);
	schedule();
	del_timer_sync(&sleeper.timer);
	timeout = expires - jiffies;
	return max(timeout, 0L);
}
EXPORT_SYMBOL(schedule_timeout);

long schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_interruptible);

long schedule_timeout_killable(long timeout)
{
	__set_current_state(TASK_KILLABLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_killable);

long schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_uninterruptible);

long schedule_timeout_idle(long timeout)
{
	__set_current_state(TASK_IDLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_idle);

/* ---- what a task may be told about CPUs and urgency ---- */

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
{
	unsigned long mask = new_mask->bits[0] & __cpu_possible_mask.bits[0];

	if (!mask || (p->flags & PF_NO_SETAFFINITY && p != current))
		return -EINVAL;
	p->cpus_allowed = mask;
	r3hc_affinity(p->thread, mask);
	/* It takes effect when the CPU is given up. */
	if (p == current && !(mask & (1UL << smp_processor_id())))
		r3hc_yield();
	return 0;
}
EXPORT_SYMBOL_GPL(set_cpus_allowed_ptr);

/* Threads take turns; these are kept for those who ask. */
void set_user_nice(struct task_struct *p, long nice)
{
	p->static_prio = clamp_t(long, nice, MIN_NICE, MAX_NICE);
}
EXPORT_SYMBOL(set_user_nice);

void sched_set_fifo(struct task_struct *p)
{
	p->policy = SCHED_FIFO;
}
EXPORT_SYMBOL_GPL(sched_set_fifo);

void sched_set_fifo_low(struct task_struct *p)
{
	p->policy = SCHED_FIFO;
}
EXPORT_SYMBOL_GPL(sched_set_fifo_low);

void sched_set_normal(struct task_struct *p, int nice)
{
	p->policy = SCHED_NORMAL;
	set_user_nice(p, nice);
}
EXPORT_SYMBOL_GPL(sched_set_normal);
