// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RCU. A grace period waits until every vCPU was seen in a quiescent state
 * (idle, in schedule(), or interrupted where neither preemption nor interrupts
 * were off nor a reader was active), then for the readers that gave up their
 * vCPU within a section. A vCPU that runs is asked by an IPI.
 */
#include <linux/completion.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/rcupdate_wait.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "machine.h"

#define SPIN_BEFORE_SLEEP 300

int rcu_scheduler_active = 2; /* RCU_SCHEDULER_RUNNING of kernel/rcu/rcu.h */
int rcu_expedited;
int rcu_normal;
int rcu_cpu_stall_suppress;
int rcu_cpu_stall_suppress_at_boot;

/* Counts the quiescent states of each vCPU. */
static DEFINE_PER_CPU(unsigned long, rcu_quiescent);

struct rcu_waiter {
	struct rcu_waiter *next;
	struct task_struct *task;
};

/* Under the lock: readers that sleep, callbacks, and who waits for a report. */
static struct machine_lock rcu_lock = MACHINE_LOCK_INIT;
static struct list_head blocked_readers = LIST_HEAD_INIT(blocked_readers);
static unsigned long last_ticket;
static struct rcu_waiter *rcu_waiters;
static struct rcu_head *callbacks, **callbacks_tail = &callbacks;

static struct rcu_head *done_callbacks;
static atomic_long_t callbacks_pending; /* queued and not yet invoked */
static struct task_struct *rcu_thread;
static bool rcu_thread_made;

/* Grace periods begun and finished; a finished one covers all that began before it. */
static atomic_long_t gp_begun, gp_done, gp_wanted;

/* ---- readers ---- */

void __rcu_read_lock(void)
{
	WRITE_ONCE(current->rcu_read_lock_nesting, current->rcu_read_lock_nesting + 1);
	barrier();
}

/* Under rcu_lock. */
static void wake_waiters(void)
{
	struct rcu_waiter *waiter;

	for (waiter = rcu_waiters; waiter; waiter = waiter->next)
		wake_up_process(waiter->task);
}

static void report(void)
{
	unsigned long flags;

	smp_mb(); /* what the reader did comes before what the waiter does next */
	if (!READ_ONCE(rcu_waiters))
		return;
	flags = machine_lock(&rcu_lock);
	wake_waiters();
	machine_unlock(&rcu_lock, flags);
}

static void quiescent(void)
{
	raw_cpu_inc(rcu_quiescent);
	report();
}

static void leave_blocked(struct task_struct *task)
{
	unsigned long flags = machine_lock(&rcu_lock);
	struct list_head *entry = &task->rcu_node_entry;

	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	entry->next = entry->prev = entry;
	task->rcu_read_unlock_special.b.blocked = false;
	wake_waiters();
	machine_unlock(&rcu_lock, flags);
}

static noinline void read_unlock_special(struct task_struct *task)
{
	if (task->rcu_read_unlock_special.b.blocked)
		leave_blocked(task);
	if (task->rcu_read_unlock_special.b.need_qs) {
		task->rcu_read_unlock_special.b.need_qs = false;
		/* Code that must not be preempted is a reader too. */
		if (!preempt_count() && !irqs_disabled())
			quiescent();
	}
}

void __rcu_read_unlock(void)
{
	struct task_struct *task = current;
	int nesting = task->rcu_read_lock_nesting - 1;

	barrier();
	WRITE_ONCE(task->rcu_read_lock_nesting, nesting);
	barrier();
	if (!nesting && unlikely(READ_ONCE(task->rcu_read_unlock_special.s)))
		read_unlock_special(task);
}

/* The task gives its vCPU up. A reader that does so has to be waited for by itself. */
void rcu_note_context_switch(bool preempt)
{
	struct task_struct *task = current;
	unsigned long flags;

	if (unlikely(task->rcu_read_lock_nesting > 0) && !task->rcu_read_unlock_special.b.blocked) {
		struct list_head *entry = &task->rcu_node_entry;

		flags = machine_lock(&rcu_lock);
		task->rcu_read_unlock_special.b.blocked = true;
		r3_task(task)->rcu_ticket = ++last_ticket;
		entry->prev = blocked_readers.prev;
		entry->next = &blocked_readers;
		blocked_readers.prev->next = entry;
		blocked_readers.prev = entry;
		machine_unlock(&rcu_lock, flags);
	}
	quiescent();
}

/* In an interrupt: was what it interrupted quiescent? */
void rcu_interrupt_check(void)
{
	struct task_struct *task = current;

	if (task->rcu_read_lock_nesting > 0)
		task->rcu_read_unlock_special.b.need_qs = true;
	else if (preempt_count() == HARDIRQ_OFFSET)
		quiescent();
}

void rcu_sched_clock_irq(int user)
{
	rcu_interrupt_check();
}

void rcu_leave_to(struct task_struct *task, int nesting)
{
	WRITE_ONCE(task->rcu_read_lock_nesting, nesting);
	barrier();
	if (!nesting && task->rcu_read_unlock_special.s)
		read_unlock_special(task);
}

/* The task ends, or the call that it made did: it is no reader any more. */
void rcu_task_gone(struct task_struct *task)
{
	rcu_leave_to(task, 0);
}

bool rcu_is_watching(void)
{
	return true;
}

void exit_rcu(void)
{
	rcu_task_gone(current);
}

/* ---- grace periods ---- */

static unsigned long cpus_left(unsigned long mask, const unsigned long *before)
{
	unsigned long rest;
	int cpu;

	for (rest = mask; rest; rest &= rest - 1) {
		cpu = __ffs(rest);
		if (r3hc_vcpu_state(cpu) == 0 ||
		    READ_ONCE(per_cpu(rcu_quiescent, cpu)) != before[cpu])
			mask &= ~BIT(cpu);
	}
	return mask;
}

static bool readers_left(unsigned long ticket)
{
	unsigned long flags = machine_lock(&rcu_lock);
	struct list_head *entry;
	bool left = false;

	for (entry = blocked_readers.next; entry != &blocked_readers && !left;
	     entry = entry->next) {
		struct task_struct *task = list_entry(entry, struct task_struct, rcu_node_entry);

		left = (long)(r3_task(task)->rcu_ticket - ticket) <= 0;
	}
	machine_unlock(&rcu_lock, flags);
	return left;
}

static void add_waiter(struct rcu_waiter *waiter)
{
	unsigned long flags = machine_lock(&rcu_lock);

	waiter->task = current;
	waiter->next = rcu_waiters;
	WRITE_ONCE(rcu_waiters, waiter);
	machine_unlock(&rcu_lock, flags);
}

static void remove_waiter(struct rcu_waiter *waiter)
{
	unsigned long flags = machine_lock(&rcu_lock);
	struct rcu_waiter **link = &rcu_waiters;

	while (*link != waiter)
		link = &(*link)->next;
	WRITE_ONCE(*link, waiter->next);
	machine_unlock(&rcu_lock, flags);
}

/* Ticks run meanwhile, and look at each vCPU again. */
static void sleep_until_quiescent(unsigned long mask, const unsigned long *before)
{
	struct rcu_waiter waiter;
	unsigned long ticket;

	add_waiter(&waiter);
	tick_need();
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		mask = cpus_left(mask, before);
		if (!mask)
			break;
		schedule();
	}
	ticket = READ_ONCE(last_ticket);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!readers_left(ticket))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	tick_release();
	remove_waiter(&waiter);
}

static void wait_for_readers(void)
{
	unsigned long before[R3_MAX_CPUS];
	unsigned long mask = 0, rest;
	unsigned int spins, step = 0;
	int cpu;

	smp_mb(); /* what the caller unlinked is unlinked for readers from here on */
	preempt_disable();
	for (cpu = 0; cpu < r3_boot.cpus; cpu++) {
		before[cpu] = READ_ONCE(per_cpu(rcu_quiescent, cpu));
		if (cpu != raw_smp_processor_id())
			mask |= BIT(cpu);
	}
	preempt_enable();
	mask = cpus_left(mask, before);
	for (rest = mask; rest; rest &= rest - 1)
		r3hc_ipi(__ffs(rest), R3_IRQ_IPI);
	for (spins = 0; mask && spins < SPIN_BEFORE_SLEEP; spins++) {
		machine_relax(&step);
		mask = cpus_left(mask, before);
	}
	smp_mb();
	if (mask || blocked_readers.next != &blocked_readers)
		sleep_until_quiescent(mask, before);
	smp_mb();
}

static void grace_period(void)
{
	long this = atomic_long_inc_return(&gp_begun), done;

	wait_for_readers();
	done = atomic_long_read(&gp_done);
	while (done - this < 0 && !atomic_long_try_cmpxchg(&gp_done, &done, this))
		;
}

void synchronize_rcu(void)
{
	might_sleep();
	grace_period();
}

void synchronize_rcu_expedited(void)
{
	synchronize_rcu();
}

/* ---- callbacks ---- */

#define IS_OFFSET(func) ((unsigned long)(func) < 4096) /* kfree_rcu's way to say where it is */

static void invoke(struct rcu_head *head)
{
	rcu_callback_t func = head->func;
	unsigned long unused;

	if (IS_OFFSET(func))
		kvfree((char *)head - (unsigned long)func);
	else
		machine_call_back(func, head, &unused);
	atomic_long_dec(&callbacks_pending);
}

static void invoke_done(void)
{
	struct rcu_head *head = xchg(&done_callbacks, NULL), *next;

	for (; head; head = next) {
		next = head->next;
		invoke(head);
	}
}

static void rcu_softirq(R3_SOFTIRQ_ARG)
{
	invoke_done();
}

static void run_done_callbacks(struct rcu_head *list)
{
	done_callbacks = list;
	local_bh_disable();
	local_irq_disable();
	__raise_softirq_irqoff(RCU_SOFTIRQ);
	local_irq_enable();
	local_bh_enable();
	/* Under PREEMPT_RT, ksoftirqd may be the one that gets to it. */
	while (READ_ONCE(done_callbacks))
		schedule_timeout_idle(1);
}

static struct rcu_head *take_callbacks(void)
{
	unsigned long flags = machine_lock(&rcu_lock);
	struct rcu_head *list = callbacks;

	callbacks = NULL;
	callbacks_tail = &callbacks;
	machine_unlock(&rcu_lock, flags);
	return list;
}

static bool grace_period_wanted(void)
{
	return atomic_long_read(&gp_wanted) - atomic_long_read(&gp_done) > 0;
}

static int run_rcu_thread(void *unused)
{
	open_softirq(RCU_SOFTIRQ, rcu_softirq);
	WRITE_ONCE(rcu_thread, current);
	for (;;) {
		struct rcu_head *list;

		set_current_state(TASK_IDLE);
		list = take_callbacks();
		if (!list && !grace_period_wanted()) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		grace_period();
		if (list)
			run_done_callbacks(list);
	}
	return 0;
}

/* The thread is made when it is first needed; until it runs, what is queued waits. */
static void wake_rcu_thread(void)
{
	struct task_struct *thread = READ_ONCE(rcu_thread);

	if (thread)
		wake_up_process(thread);
	else if (!xchg(&rcu_thread_made, true))
		machine_thread("rcu_preempt", run_rcu_thread, NULL, -1);
}

static void enqueue_callback(struct rcu_head *head, rcu_callback_t func)
{
	unsigned long flags;

	head->func = func;
	head->next = NULL;
	atomic_long_inc(&callbacks_pending);
	flags = machine_lock(&rcu_lock);
	*callbacks_tail = head;
	callbacks_tail = &head->next;
	machine_unlock(&rcu_lock, flags);
	wake_rcu_thread();
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	enqueue_callback(head, func);
}

#ifdef CONFIG_RCU_LAZY
void call_rcu_hurry(struct rcu_head *head, rcu_callback_t func)
{
	enqueue_callback(head, func);
}
#endif

#ifdef R3_KVFREE_BY_OBJECT
void kvfree_call_rcu(struct rcu_head *head, void *object)
{
	if (head) {
		enqueue_callback(head, (rcu_callback_t)((char *)head - (char *)object));
		return;
	}
#else
void kvfree_call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	void *object = func;

	if (head) {
		enqueue_callback(head, func);
		return;
	}
#endif
	synchronize_rcu();
	kvfree(object);
}

bool rcu_callbacks_wait(void)
{
	return atomic_long_read(&callbacks_pending);
}

void rcu_barrier(void)
{
	struct rcu_synchronize last;

	if (!rcu_callbacks_wait())
		return;
	init_completion(&last.completion);
	call_rcu(&last.head, wakeme_after_rcu);
	wait_for_completion(&last.completion);
}

#ifdef R3_KVFREE_BARRIER
void kvfree_rcu_barrier(void)
{
	rcu_barrier();
}
#endif

void wakeme_after_rcu(struct rcu_head *head)
{
	complete(&container_of(head, struct rcu_synchronize, head)->completion);
}

void kfree_rcu_scheduler_running(void)
{
}

/* ---- polled grace periods ---- */

unsigned long get_state_synchronize_rcu(void)
{
	smp_mb();
	return atomic_long_read(&gp_begun) + 1;
}

unsigned long start_poll_synchronize_rcu(void)
{
	unsigned long wanted = get_state_synchronize_rcu();
	long before = atomic_long_read(&gp_wanted);

	while (before - (long)wanted < 0 && !atomic_long_try_cmpxchg(&gp_wanted, &before, wanted))
		;
	wake_rcu_thread();
	return wanted;
}

bool poll_state_synchronize_rcu(unsigned long oldstate)
{
	bool done = oldstate == get_completed_synchronize_rcu() ||
		    atomic_long_read(&gp_done) - (long)oldstate >= 0;

	smp_mb();
	return done;
}

void cond_synchronize_rcu(unsigned long oldstate)
{
	if (!poll_state_synchronize_rcu(oldstate))
		synchronize_rcu();
}

unsigned long get_completed_synchronize_rcu(void)
{
	return ULONG_MAX / 2; /* no number of a grace period comes near it */
}

unsigned long start_poll_synchronize_rcu_expedited(void)
{
	return start_poll_synchronize_rcu();
}

void cond_synchronize_rcu_expedited(unsigned long oldstate)
{
	cond_synchronize_rcu(oldstate);
}

void get_state_synchronize_rcu_full(struct rcu_gp_oldstate *state)
{
	state->rgos_norm = state->rgos_exp = get_state_synchronize_rcu();
}

void start_poll_synchronize_rcu_full(struct rcu_gp_oldstate *state)
{
	state->rgos_norm = state->rgos_exp = start_poll_synchronize_rcu();
}

void start_poll_synchronize_rcu_expedited_full(struct rcu_gp_oldstate *state)
{
	start_poll_synchronize_rcu_full(state);
}

bool poll_state_synchronize_rcu_full(struct rcu_gp_oldstate *state)
{
	return poll_state_synchronize_rcu(state->rgos_norm);
}

void cond_synchronize_rcu_full(struct rcu_gp_oldstate *state)
{
	cond_synchronize_rcu(state->rgos_norm);
}

void cond_synchronize_rcu_expedited_full(struct rcu_gp_oldstate *state)
{
	cond_synchronize_rcu(state->rgos_norm);
}

void get_completed_synchronize_rcu_full(struct rcu_gp_oldstate *state)
{
	state->rgos_norm = state->rgos_exp = get_completed_synchronize_rcu();
}

/* ---- what others ask of it ---- */

bool rcu_gp_is_normal(void)
{
	return READ_ONCE(rcu_normal);
}

bool rcu_gp_is_expedited(void)
{
	return READ_ONCE(rcu_expedited);
}

void rcu_expedite_gp(void)
{
	WRITE_ONCE(rcu_expedited, rcu_expedited + 1);
}

void rcu_unexpedite_gp(void)
{
	WRITE_ONCE(rcu_expedited, rcu_expedited - 1);
}

bool rcu_inkernel_boot_has_ended(void)
{
	return true;
}

bool rcu_cpu_beenfullyonline(int cpu)
{
	return cpu_online(cpu);
}

/* synchronize_rcu_mult(): one grace period of each kind, all at once. */
void __wait_rcu_gp(bool checktiny, R3_WAIT_RCU_GP_STATE int n, call_rcu_func_t *functions,
		   struct rcu_synchronize *states)
{
	int i;

	for (i = 0; i < n; i++) {
		init_completion(&states[i].completion);
		functions[i](&states[i].head, wakeme_after_rcu);
	}
	for (i = 0; i < n; i++)
		wait_for_completion(&states[i].completion);
}
