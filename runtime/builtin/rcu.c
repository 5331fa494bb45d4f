// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RCU. A CPU has no readers of before when it has since been idle, switched
 * threads, or taken an interrupt in code that was no reader; a reader that
 * went to sleep is on a list until it is done.
 */
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include "builtin.h"

/* How often a busy CPU is looked at before the waiter sleeps. */
#define SPINS 200

static DEFINE_PER_CPU(unsigned long, quiescent);

static DEFINE_RAW_SPINLOCK(blocked_lock);
static LIST_HEAD(blocked); /* tasks that sleep, or have slept, as readers: the oldest first */
static unsigned long last_blocked;

void __rcu_read_lock(void)
{
	current->rcu_read_lock_nesting++;
	barrier();
}
EXPORT_SYMBOL_GPL(__rcu_read_lock);

static void unblock(struct task_struct *task)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&blocked_lock, flags);
	list_del(&task->rcu_node_entry);
	task->rcu_blocked = 0;
	raw_spin_unlock_irqrestore(&blocked_lock, flags);
}

void __rcu_read_unlock(void)
{
	struct task_struct *task = current;

	barrier();
	if (!--task->rcu_read_lock_nesting && unlikely(task->rcu_blocked))
		unblock(task);
}
EXPORT_SYMBOL_GPL(__rcu_read_unlock);

static void note_blocked(struct task_struct *task)
{
	unsigned long flags;

	WARN_ONCE(1, "Voluntary context switch within RCU read-side critical section!");
	if (task->rcu_blocked)
		return;
	raw_spin_lock_irqsave(&blocked_lock, flags);
	task->rcu_blocked = ++last_blocked;
	list_add_tail(&task->rcu_node_entry, &blocked);
	raw_spin_unlock_irqrestore(&blocked_lock, flags);
}

static void note_quiescent(void)
{
	this_cpu_inc(quiescent);
	/* What the next reader loads is not older than this. */
	smp_mb();
}

/* This thread may give its CPU up. */
void rcu_note_switch(void)
{
	if (unlikely(current->rcu_read_lock_nesting))
		note_blocked(current);
	note_quiescent();
}

/* An interrupt ends. A task that exits must not be freed before it has left its CPU. */
void rcu_note_interrupt(void)
{
	struct task_struct *task = current;

	if (!preempt_count() && !task->rcu_read_lock_nesting && !(task->flags & PF_EXITING))
		note_quiescent();
}

/* An oops tore the task out of whatever it was reading, or it ends. */
void rcu_forget_reader(struct task_struct *task)
{
	rcu_leave_to(task, 0);
}

void rcu_leave_to(struct task_struct *task, int nesting)
{
	task->rcu_read_lock_nesting = nesting;
	if (!nesting && task->rcu_blocked)
		unblock(task);
}

/* Readers that are asleep, or were, have been waiting since before now. */
static void wait_for_blocked(void)
{
	struct task_struct *oldest;
	unsigned long limit;
	bool wait;

	raw_spin_lock_irq(&blocked_lock);
	limit = last_blocked;
	for (;;) {
		oldest = list_first_entry_or_null(&blocked, struct task_struct, rcu_node_entry);
		wait = oldest && oldest->rcu_blocked <= limit;
		raw_spin_unlock_irq(&blocked_lock);
		if (!wait)
			break;
		schedule_timeout_uninterruptible(1);
		raw_spin_lock_irq(&blocked_lock);
	}
}

static void wait_for_cpu(int cpu, unsigned long before)
{
	unsigned int looks = 0, spins = 0;

	while (READ_ONCE(per_cpu(quiescent, cpu)) == before && r3hc_vcpu_state(cpu)) {
		if (!looks)
			r3hc_ipi(cpu, R3_IRQ_IPI);
		if (++looks < SPINS) {
			spin_relax(&spins);
		} else {
			looks = 0;
			schedule_timeout_uninterruptible(1);
		}
	}
}

void synchronize_rcu(void)
{
	unsigned long before[NR_CPUS];
	int cpu, here;

	might_sleep();
	smp_mb();
	here = smp_processor_id();
	for_each_possible_cpu (cpu)
		before[cpu] = READ_ONCE(per_cpu(quiescent, cpu));
	for_each_possible_cpu (cpu)
		if (cpu != here)
			wait_for_cpu(cpu, before[cpu]);
	wait_for_blocked();
	smp_mb();
}
EXPORT_SYMBOL_GPL(synchronize_rcu);

void synchronize_rcu_expedited(void)
{
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(synchronize_rcu_expedited);

/* ---- callbacks: a thread waits for their readers and calls them ---- */

static DEFINE_RAW_SPINLOCK(callbacks_lock);
static struct rcu_head *callbacks, **callbacks_tail = &callbacks;
static struct task_struct *callback_thread;

static struct rcu_head *take_callbacks(void)
{
	struct rcu_head *list;

	raw_spin_lock_irq(&callbacks_lock);
	list = callbacks;
	callbacks = NULL;
	callbacks_tail = &callbacks;
	raw_spin_unlock_irq(&callbacks_lock);
	return list;
}

static void call_back(struct rcu_head *head)
{
	rcu_callback_t func = head->func;
	unsigned long unused;

	/* kfree_rcu: what to call is how far into the object the head lies. */
	if (__is_kvfree_rcu_offset((unsigned long)func)) {
		kvfree((void *)head - (unsigned long)func);
		return;
	}
	/* Callbacks are called as from a softirq. */
	local_bh_disable();
	preempt_count_add(SOFTIRQ_OFFSET);
	machine_call_back(func, head, &unused);
	preempt_count_sub(SOFTIRQ_OFFSET);
	local_bh_enable();
}

static int run_callbacks(void *data)
{
	struct rcu_head *list, *next;

	for (;;) {
		set_current_state(TASK_IDLE);
		list = take_callbacks();
		if (!list) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		synchronize_rcu();
		for (; list; list = next) {
			next = list->next;
			call_back(list);
			cond_resched();
		}
	}
	return 0;
}

static void start_callback_thread(void)
{
	struct task_struct *task = kthread_create(run_callbacks, NULL, "rcu_preempt");

	if (IS_ERR(task))
		panic("no memory for the RCU thread");
	if (cmpxchg(&callback_thread, NULL, task)) /* somebody else was faster: */
		kthread_stop(task);                /* it ends before it began */
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	unsigned long flags;

	head->func = func;
	head->next = NULL;
	raw_spin_lock_irqsave(&callbacks_lock, flags);
	*callbacks_tail = head;
	callbacks_tail = &head->next;
	raw_spin_unlock_irqrestore(&callbacks_lock, flags);
	if (!READ_ONCE(callback_thread))
		start_callback_thread();
	wake_up_process(callback_thread);
}
EXPORT_SYMBOL_GPL(call_rcu);

void kvfree_call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	call_rcu(head, func);
}
EXPORT_SYMBOL_GPL(kvfree_call_rcu);

struct barrier_wait {
	struct rcu_head head;
	struct completion done;
};

static void barrier_passed(struct rcu_head *head)
{
	complete(&container_of(head, struct barrier_wait, head)->done);
}

/* Callbacks are called in order: those before this one have been when it is. */
void rcu_barrier(void)
{
	struct barrier_wait wait;

	if (!READ_ONCE(callback_thread))
		return;
	init_completion(&wait.done);
	call_rcu(&wait.head, barrier_passed);
	wait_for_completion(&wait.done);
}
EXPORT_SYMBOL_GPL(rcu_barrier);

/* ---- before the host counts leaks ---- */

static DECLARE_COMPLETION(settled);
static atomic_t settling;

static int settle(void *data)
{
	rcu_barrier();
	complete(&settled);
	atomic_set(&settling, 0);
	return 0;
}

/* A reader may never leave: somebody else waits for it, and the host only so long. */
void r3rt_settle(void)
{
	struct task_struct *task;

	if (!READ_ONCE(callback_thread) || atomic_xchg(&settling, 1))
		return;
	reinit_completion(&settled);
	task = kthread_run(settle, NULL, "settle");
	if (IS_ERR(task))
		atomic_set(&settling, 0);
	else
		wait_for_completion_timeout(&settled, HZ);
}

/* ---- SRCU ---- */

int init_srcu_struct(struct srcu_struct *ssp)
{
	ssp->idx = 0;
	atomic_long_set(&ssp->readers[0], 0);
	atomic_long_set(&ssp->readers[1], 0);
	mutex_init(&ssp->mutex);
	return 0;
}
EXPORT_SYMBOL_GPL(init_srcu_struct);

void cleanup_srcu_struct(struct srcu_struct *ssp)
{
	WARN_ON(atomic_long_read(&ssp->readers[0]) || atomic_long_read(&ssp->readers[1]));
}
EXPORT_SYMBOL_GPL(cleanup_srcu_struct);

int __srcu_read_lock(struct srcu_struct *ssp)
{
	int idx = READ_ONCE(ssp->idx) & 1;

	atomic_long_inc(&ssp->readers[idx]);
	return idx;
}
EXPORT_SYMBOL_GPL(__srcu_read_lock);

void __srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	atomic_long_dec(&ssp->readers[idx]);
}
EXPORT_SYMBOL_GPL(__srcu_read_unlock);

/* Twice: a reader may have read idx before a flip and be counted only after it. */
void synchronize_srcu(struct srcu_struct *ssp)
{
	int round, old;

	might_sleep();
	mutex_lock(&ssp->mutex);
	for (round = 0; round < 2; round++) {
		old = ssp->idx & 1;
		WRITE_ONCE(ssp->idx, ssp->idx + 1);
		smp_mb();
		while (atomic_long_read(&ssp->readers[old]))
			schedule_timeout_uninterruptible(1);
	}
	mutex_unlock(&ssp->mutex);
	smp_mb();
}
EXPORT_SYMBOL_GPL(synchronize_srcu);

void synchronize_srcu_expedited(struct srcu_struct *ssp)
{
	synchronize_srcu(ssp);
}
EXPORT_SYMBOL_GPL(synchronize_srcu_expedited);
