// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Workqueues. A pool for each CPU, and one for work that may run anywhere, has
 * worker threads; a workqueue limits how many of its works are in a pool at
 * once. As in Linux, a pool of a CPU runs one work at a time unless that one
 * sleeps, and starts works in the order in which they were queued.
 *
 * Every work gets a ticket when it is queued; who flushes waits for tickets.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "workqueue.h"

static struct pool pools[NR_CPUS + 1];

struct workqueue_struct *system_wq;
EXPORT_SYMBOL(system_wq);
struct workqueue_struct *system_highpri_wq;
EXPORT_SYMBOL_GPL(system_highpri_wq);
struct workqueue_struct *system_long_wq;
EXPORT_SYMBOL_GPL(system_long_wq);
struct workqueue_struct *system_unbound_wq;
EXPORT_SYMBOL_GPL(system_unbound_wq);
struct workqueue_struct *system_freezable_wq;
EXPORT_SYMBOL_GPL(system_freezable_wq);
struct workqueue_struct *system_power_efficient_wq;
EXPORT_SYMBOL_GPL(system_power_efficient_wq);

void workqueue_init(void)
{
	unsigned int i;

	for (i = 0; i <= nr_cpu_ids; i++) {
		struct pool *pool = &pools[i];

		raw_spin_lock_init(&pool->lock);
		pool->cpu = i < nr_cpu_ids ? (int)i : -1;
		pool->limit = i < nr_cpu_ids ? 1 : UINT_MAX;
		INIT_LIST_HEAD(&pool->works);
		INIT_LIST_HEAD(&pool->workers);
		INIT_LIST_HEAD(&pool->idle);
	}
	system_wq = alloc_workqueue("events", 0, 0);
	system_highpri_wq = alloc_workqueue("events_highpri", WQ_HIGHPRI, 0);
	system_long_wq = alloc_workqueue("events_long", 0, 0);
	system_unbound_wq = alloc_workqueue("events_unbound", WQ_UNBOUND, WQ_MAX_ACTIVE);
	system_freezable_wq = alloc_workqueue("events_freezable", WQ_FREEZABLE, 0);
	system_power_efficient_wq =
		alloc_workqueue("events_power_efficient", WQ_POWER_EFFICIENT, 0);
}

/* ---- what a work's data says ---- */

static struct channel *channel_of(unsigned long data)
{
	return data & WORK_QUEUED ? (struct channel *)(data & ~WORK_BITS) : NULL;
}

static unsigned long off_queue(const struct pool *pool, unsigned long bits)
{
	return (unsigned long)(pool - pools + 1) << WORK_POOL_SHIFT | bits;
}

/* The pool that the work is in, or was last; NULL if it was never queued. */
static struct pool *pool_of(const struct work_struct *work)
{
	unsigned long data = atomic_long_read(&work->data);
	struct channel *channel = channel_of(data);

	if (channel)
		return channel->pool;
	return data >> WORK_POOL_SHIFT ? &pools[(data >> WORK_POOL_SHIFT) - 1] : NULL;
}

/* ---- workers ---- */

static void worker_main_loop(struct worker *worker);

static int worker_main(void *data)
{
	struct worker *worker = data;

	current->worker = worker;
	current->flags |= PF_WQ_WORKER;
	worker_main_loop(worker);
	return 0;
}

static struct worker *worker_new(struct pool *pool)
{
	struct worker *worker = r3hc_kmalloc(sizeof(*worker), R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);

	if (!worker)
		return NULL;
	worker->pool = pool;
	INIT_LIST_HEAD(&worker->idle);
	INIT_LIST_HEAD(&worker->scheduled);
	if (pool->cpu >= 0)
		worker->task = kthread_create(worker_main, worker, "kworker/%d:%u", pool->cpu,
					      pool->nr_workers);
	else
		worker->task = kthread_create(worker_main, worker, "kworker/u%u:%u", nr_cpu_ids,
					      pool->nr_workers);
	if (IS_ERR(worker->task)) {
		kfree(worker);
		return NULL;
	}
	if (pool->cpu >= 0)
		kthread_bind(worker->task, pool->cpu);
	pool->nr_workers++;
	list_add(&worker->all, &pool->workers);
	return worker;
}

/*
 * If there is work that nobody who is awake will see to, wake somebody; who
 * finds more than one work wakes the next.
 */
static void pool_wake(struct pool *pool)
{
	struct worker *worker;

	if (list_empty(&pool->works) || pool->nr_free || pool->nr_running >= pool->limit)
		return;
	worker = list_first_entry_or_null(&pool->idle, struct worker, idle);
	if (worker) {
		list_del_init(&worker->idle);
	} else {
		worker = worker_new(pool);
		if (!worker) {
			pr_err_ratelimited("workqueue: failed to create a worker thread\n");
			return;
		}
	}
	pool->nr_running++;
	pool->nr_free++;
	wake_up_process(worker->task);
}

void workqueue_worker_sleeping(struct task_struct *task)
{
	struct worker *worker = task->worker;
	struct pool *pool;
	unsigned long flags;

	if (!worker || !worker->work || worker->asleep)
		return;
	pool = worker->pool;
	raw_spin_lock_irqsave(&pool->lock, flags);
	worker->asleep = true;
	pool->nr_running--;
	pool_wake(pool);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
}

void workqueue_worker_running(struct task_struct *task)
{
	struct worker *worker = task->worker;
	unsigned long flags;

	if (!worker || !worker->asleep || worker->apart)
		return;
	raw_spin_lock_irqsave(&worker->pool->lock, flags);
	worker->asleep = false;
	worker->pool->nr_running++;
	raw_spin_unlock_irqrestore(&worker->pool->lock, flags);
}

static struct worker *find_worker_running(struct pool *pool, const struct work_struct *work)
{
	struct worker *worker;

	/* The work may have been freed and its memory used for another: compare the function. */
	list_for_each_entry (worker, &pool->workers, all)
		if (worker->work == work && worker->function == work->func)
			return worker;
	return NULL;
}

/* ---- tickets ---- */

static unsigned long ticket_take(struct workqueue_struct *wq)
{
	unsigned long ticket;

	raw_spin_lock(&wq->lock);
	ticket = ++wq->last_ticket;
	wq->unfinished++;
	raw_spin_unlock(&wq->lock);
	return ticket;
}

static void ticket_done(struct workqueue_struct *wq, unsigned long ticket)
{
	struct flusher *flusher, *next;

	raw_spin_lock(&wq->lock);
	wq->unfinished--;
	list_for_each_entry_safe (flusher, next, &wq->flushers, list) {
		if (ticket < flusher->first || ticket > flusher->last || --flusher->remaining)
			continue;
		list_del(&flusher->list);
		complete(&flusher->done);
	}
	raw_spin_unlock(&wq->lock);
}

/* Interrupts are off. */
static void flusher_add(struct workqueue_struct *wq, struct flusher *flusher, unsigned long first,
			unsigned long last, unsigned int remaining)
{
	flusher->first = first;
	flusher->last = last;
	flusher->remaining = remaining;
	init_completion(&flusher->done);
	list_add_tail(&flusher->list, &wq->flushers);
}

/* ---- queueing: under the pool's lock ---- */

static void insert(struct channel *channel, struct work_struct *work)
{
	unsigned long bits = WORK_PENDING | WORK_QUEUED;

	work->ticket = ticket_take(channel->wq);
	if (channel->active < channel->wq->max_active && list_empty(&channel->inactive)) {
		channel->active++;
		list_add_tail(&work->entry, &channel->pool->works);
	} else {
		bits |= WORK_INACTIVE;
		list_add_tail(&work->entry, &channel->inactive);
	}
	atomic_long_set(&work->data, (unsigned long)channel | bits);
	pool_wake(channel->pool);
}

static void activate(struct channel *channel)
{
	while (channel->active < channel->wq->max_active && !list_empty(&channel->inactive)) {
		struct work_struct *work =
			list_first_entry(&channel->inactive, struct work_struct, entry);

		channel->active++;
		list_move_tail(&work->entry, &channel->pool->works);
		atomic_long_and(~(long)WORK_INACTIVE, &work->data);
	}
	pool_wake(channel->pool);
}

/* A work of the channel has run or was taken out. */
static void leave(struct channel *channel, unsigned long ticket, bool was_active)
{
	if (was_active) {
		channel->active--;
		activate(channel);
	}
	ticket_done(channel->wq, ticket);
}

static bool may_queue(struct workqueue_struct *wq)
{
	/* While it is drained only its own works may queue more. */
	if (likely(!(READ_ONCE(wq->flags) & __WQ_DRAINING)))
		return true;
	return !WARN_ON_ONCE(!(current->flags & PF_WQ_WORKER) || !current->worker ||
			     current->worker->wq != wq);
}

/* The caller owns WORK_PENDING; interrupts are off. */
static void queue(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	struct pool *last = pool_of(work);
	struct channel *channel;
	struct worker *worker;

	if (!may_queue(wq)) {
		atomic_long_and(~(long)WORK_PENDING, &work->data);
		return;
	}
	if (cpu == WORK_CPU_UNBOUND)
		cpu = raw_smp_processor_id();
	channel = &wq->channels[wq->nr_channels > 1 ? cpu : 0];
	/* Where it is running now it must also run next, so that it never runs twice at once. */
	if (last && last != channel->pool) {
		raw_spin_lock(&last->lock);
		worker = find_worker_running(last, work);
		if (worker && worker->wq == wq) {
			insert(worker->channel, work);
			raw_spin_unlock(&last->lock);
			return;
		}
		raw_spin_unlock(&last->lock);
	}
	raw_spin_lock(&channel->pool->lock);
	insert(channel, work);
	raw_spin_unlock(&channel->pool->lock);
}

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;
	bool queued = false;

	local_irq_save(flags);
	if (!(atomic_long_fetch_or(WORK_PENDING, &work->data) & WORK_PENDING)) {
		queue(cpu, wq, work);
		queued = true;
	}
	local_irq_restore(flags);
	return queued;
}
EXPORT_SYMBOL(queue_work_on);

/* ---- delayed work ---- */

void delayed_work_timer_fn(struct timer_list *t)
{
	struct delayed_work *dwork = from_timer(dwork, t, timer);
	unsigned long flags;

	local_irq_save(flags);
	queue(dwork->cpu, dwork->wq, &dwork->work);
	local_irq_restore(flags);
}
EXPORT_SYMBOL(delayed_work_timer_fn);

static void queue_delayed(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			  unsigned long delay)
{
	WARN_ON_ONCE(dwork->timer.function != delayed_work_timer_fn);
	if (!delay) {
		queue(cpu, wq, &dwork->work);
		return;
	}
	dwork->wq = wq;
	dwork->cpu = cpu;
	dwork->timer.expires = jiffies + delay;
	if (cpu != WORK_CPU_UNBOUND)
		add_timer_on(&dwork->timer, cpu);
	else
		add_timer(&dwork->timer);
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			   unsigned long delay)
{
	unsigned long flags;
	bool queued = false;

	local_irq_save(flags);
	if (!(atomic_long_fetch_or(WORK_PENDING, &dwork->work.data) & WORK_PENDING)) {
		queue_delayed(cpu, wq, dwork, delay);
		queued = true;
	}
	local_irq_restore(flags);
	return queued;
}
EXPORT_SYMBOL(queue_delayed_work_on);

static void rcu_work_ready(struct rcu_head *head)
{
	struct rcu_work *rwork = container_of(head, struct rcu_work, rcu);
	unsigned long flags;

	local_irq_save(flags);
	queue(WORK_CPU_UNBOUND, rwork->wq, &rwork->work);
	local_irq_restore(flags);
}

bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork)
{
	if (atomic_long_fetch_or(WORK_PENDING, &rwork->work.data) & WORK_PENDING)
		return false;
	rwork->wq = wq;
	call_rcu(&rwork->rcu, rcu_work_ready);
	return true;
}
EXPORT_SYMBOL(queue_rcu_work);

/* ---- running works ---- */

static void check_leaks(struct worker *worker, int before)
{
	if (likely(preempt_count() == before))
		return;
	pr_err("BUG: workqueue leaked lock or atomic: %s/0x%08x/%d\n"
	       "     last function: %ps\n",
	       current->comm, preempt_count(), current->pid, worker->function);
	dump_stack();
	preempt_count_set(before);
}

/* Under the pool's lock, which is given up meanwhile. */
static void run_work(struct worker *worker, struct work_struct *work)
{
	struct pool *pool = worker->pool;
	struct channel *channel = channel_of(atomic_long_read(&work->data));
	unsigned long ticket = work->ticket;
	int before;

	list_del_init(&work->entry);
	pool->nr_free--;
	worker->work = work;
	worker->function = work->func;
	worker->wq = channel->wq;
	worker->channel = channel;
	worker->ticket = ticket;
	worker->apart = channel->wq->flags & WQ_CPU_INTENSIVE;
	if (worker->apart) {
		worker->asleep = true;
		pool->nr_running--;
	}
	pool_wake(pool);
	/* From here on it may be queued again; its memory may go as soon as it runs. */
	atomic_long_xchg(&work->data, off_queue(pool, 0));
	raw_spin_unlock_irq(&pool->lock);

	before = preempt_count();
	worker->function(work);
	check_leaks(worker, before);
	cond_resched();

	raw_spin_lock_irq(&pool->lock);
	if (worker->apart) {
		worker->apart = false;
		worker->asleep = false;
		pool->nr_running++;
	}
	worker->work = NULL;
	worker->wq = NULL;
	pool->nr_free++;
	leave(channel, ticket, true);
}

/* An oops ended the thread in the middle of a work: the pool goes on without it. */
void workqueue_worker_died(struct task_struct *task)
{
	struct worker *worker = task->worker;
	struct pool *pool;
	unsigned long flags;

	if (!worker || !worker->work)
		return;
	pool = worker->pool;
	raw_spin_lock_irqsave(&pool->lock, flags);
	list_del(&worker->all);
	list_splice(&worker->scheduled, &pool->works);
	if (!worker->asleep)
		pool->nr_running--;
	leave(worker->channel, worker->ticket, true);
	pool_wake(pool);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	task->worker = NULL;
	kfree(worker);
}

/* The next work for this worker; those that run elsewhere now are left to that worker. */
static struct work_struct *next_work(struct worker *worker)
{
	struct pool *pool = worker->pool;

	if (!list_empty(&worker->scheduled))
		return list_first_entry(&worker->scheduled, struct work_struct, entry);
	while (!list_empty(&pool->works) && pool->nr_running <= pool->limit) {
		struct work_struct *work =
			list_first_entry(&pool->works, struct work_struct, entry);
		struct worker *other = find_worker_running(pool, work);

		if (!other)
			return work;
		list_move_tail(&work->entry, &other->scheduled);
	}
	return NULL;
}

static void worker_main_loop(struct worker *worker)
{
	struct pool *pool = worker->pool;
	struct work_struct *work;

	raw_spin_lock_irq(&pool->lock);
	for (;;) {
		while ((work = next_work(worker)))
			run_work(worker, work);
		pool->nr_running--;
		pool->nr_free--;
		list_add(&worker->idle, &pool->idle);
		/* Whoever wakes it takes it off the list, and has counted it as running. */
		while (!list_empty(&worker->idle)) {
			__set_current_state(TASK_IDLE);
			raw_spin_unlock_irq(&pool->lock);
			schedule();
			raw_spin_lock_irq(&pool->lock);
		}
	}
}

/* ---- flushing ---- */

/* False if the work is neither queued nor running. */
static bool wait_for_work(struct work_struct *work)
{
	struct pool *pool = pool_of(work);
	struct workqueue_struct *wq = NULL;
	struct flusher flusher;
	struct channel *channel;
	struct worker *worker;
	unsigned long ticket;

	if (!pool)
		return false;
	raw_spin_lock_irq(&pool->lock);
	channel = channel_of(atomic_long_read(&work->data));
	if (channel && channel->pool == pool) {
		wq = channel->wq;
		ticket = work->ticket;
	} else {
		worker = find_worker_running(pool, work);
		if (worker) {
			wq = worker->wq;
			ticket = worker->ticket;
		}
	}
	if (wq) {
		raw_spin_lock(&wq->lock);
		flusher_add(wq, &flusher, ticket, ticket, 1);
		raw_spin_unlock(&wq->lock);
	}
	raw_spin_unlock_irq(&pool->lock);
	if (!wq)
		return false;
	wait_for_completion(&flusher.done);
	return true;
}

bool flush_work(struct work_struct *work)
{
	might_sleep();
	if (WARN_ON(!work->func))
		return false;
	return wait_for_work(work);
}
EXPORT_SYMBOL_GPL(flush_work);

bool flush_delayed_work(struct delayed_work *dwork)
{
	local_irq_disable();
	if (del_timer_sync(&dwork->timer))
		queue(dwork->cpu, dwork->wq, &dwork->work);
	local_irq_enable();
	return flush_work(&dwork->work);
}
EXPORT_SYMBOL(flush_delayed_work);

bool flush_rcu_work(struct rcu_work *rwork)
{
	if (!work_pending(&rwork->work))
		return flush_work(&rwork->work);
	rcu_barrier();
	flush_work(&rwork->work);
	return true;
}
EXPORT_SYMBOL(flush_rcu_work);

void __flush_workqueue(struct workqueue_struct *wq)
{
	struct flusher flusher;
	bool busy;

	might_sleep();
	raw_spin_lock_irq(&wq->lock);
	busy = wq->unfinished != 0;
	if (busy)
		flusher_add(wq, &flusher, 0, wq->last_ticket, wq->unfinished);
	raw_spin_unlock_irq(&wq->lock);
	if (busy)
		wait_for_completion(&flusher.done);
}
EXPORT_SYMBOL(__flush_workqueue);

/* ---- cancelling ---- */

/* Take a queued work out. True if it was still there. */
static bool take_out(struct work_struct *work, unsigned long bits)
{
	struct pool *pool = pool_of(work);
	struct channel *channel;
	unsigned long data;

	if (!pool)
		return false;
	raw_spin_lock(&pool->lock);
	data = atomic_long_read(&work->data);
	channel = channel_of(data);
	if (!channel || channel->pool != pool) {
		raw_spin_unlock(&pool->lock);
		return false;
	}
	list_del_init(&work->entry);
	atomic_long_set(&work->data, off_queue(pool, bits));
	leave(channel, work->ticket, !(data & WORK_INACTIVE));
	raw_spin_unlock(&pool->lock);
	return true;
}

/*
 * Become the owner of WORK_PENDING: 1 if the work was pending, 0 if not,
 * -ENOENT if somebody else is cancelling it. Interrupts are off at return
 * unless -ENOENT.
 */
static int grab(struct work_struct *work, struct delayed_work *dwork, unsigned long bits,
		unsigned long *flags)
{
	unsigned int spins = 0;

	for (;;) {
		unsigned long data;

		local_irq_save(*flags);
		if (dwork && del_timer(&dwork->timer)) {
			atomic_long_or(bits, &work->data);
			return 1;
		}
		data = atomic_long_fetch_or(WORK_PENDING, &work->data);
		if (!(data & WORK_PENDING)) {
			atomic_long_or(bits, &work->data);
			return 0;
		}
		if (take_out(work, bits))
			return 1;
		local_irq_restore(*flags);
		if (!(data & WORK_QUEUED) && (data & WORK_CANCELING))
			return -ENOENT;
		/* On its way onto the queue or off it. */
		spin_relax(&spins);
	}
}

static bool cancel(struct work_struct *work, struct delayed_work *dwork)
{
	unsigned long flags;
	int ret = grab(work, dwork, WORK_PENDING, &flags);

	if (ret < 0)
		return false;
	atomic_long_and(~(long)WORK_PENDING, &work->data);
	local_irq_restore(flags);
	return ret;
}

static bool cancel_sync(struct work_struct *work, struct delayed_work *dwork)
{
	unsigned long flags;
	int ret;

	might_sleep();
	while ((ret = grab(work, dwork, WORK_PENDING | WORK_CANCELING, &flags)) < 0)
		schedule_timeout_uninterruptible(1);
	local_irq_restore(flags);
	/* It cannot be queued meanwhile, not even by itself. */
	wait_for_work(work);
	atomic_long_and(~(long)(WORK_PENDING | WORK_CANCELING), &work->data);
	return ret;
}

bool cancel_work(struct work_struct *work)
{
	return cancel(work, NULL);
}
EXPORT_SYMBOL(cancel_work);

bool cancel_work_sync(struct work_struct *work)
{
	return cancel_sync(work, NULL);
}
EXPORT_SYMBOL_GPL(cancel_work_sync);

bool cancel_delayed_work(struct delayed_work *dwork)
{
	return cancel(&dwork->work, dwork);
}
EXPORT_SYMBOL(cancel_delayed_work);

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return cancel_sync(&dwork->work, dwork);
}
EXPORT_SYMBOL(cancel_delayed_work_sync);

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			 unsigned long delay)
{
	unsigned long flags;
	int ret = grab(&dwork->work, dwork, WORK_PENDING, &flags);

	if (ret < 0)
		return true;
	queue_delayed(cpu, wq, dwork, delay);
	local_irq_restore(flags);
	return ret;
}
EXPORT_SYMBOL_GPL(mod_delayed_work_on);

struct work_struct *current_work(void)
{
	struct worker *worker = current->flags & PF_WQ_WORKER ? current->worker : NULL;

	return worker ? worker->work : NULL;
}
EXPORT_SYMBOL(current_work);

unsigned int work_busy(struct work_struct *work)
{
	struct pool *pool = pool_of(work);
	unsigned int busy = work_pending(work) ? WORK_BUSY_PENDING : 0;
	unsigned long flags;

	if (pool) {
		raw_spin_lock_irqsave(&pool->lock, flags);
		if (find_worker_running(pool, work))
			busy |= WORK_BUSY_RUNNING;
		raw_spin_unlock_irqrestore(&pool->lock, flags);
	}
	return busy;
}
EXPORT_SYMBOL_GPL(work_busy);

/* ---- for workqueue_life.c ---- */

struct pool *workqueue_pool(int cpu)
{
	return &pools[cpu < 0 ? nr_cpu_ids : cpu];
}

void workqueue_activate(struct workqueue_struct *wq)
{
	unsigned int i;

	for (i = 0; i < wq->nr_channels; i++) {
		raw_spin_lock_irq(&wq->channels[i].pool->lock);
		activate(&wq->channels[i]);
		raw_spin_unlock_irq(&wq->channels[i].pool->lock);
	}
}
