// SPDX-License-Identifier: GPL-2.0-or-later
/* Mutexes and semaphores: who cannot have one sleeps in a queue. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>

struct waiter {
	struct list_head list;
	struct task_struct *task;
	bool writer;
	bool up; /* the lock was handed over */
};

/* ---- mutexes ---- */

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	atomic_long_set(&lock->owner, 0);
	raw_spin_lock_init(&lock->wait_lock);
	INIT_LIST_HEAD(&lock->wait_list);
}
EXPORT_SYMBOL(__mutex_init);

bool mutex_is_locked(struct mutex *lock)
{
	return atomic_long_read(&lock->owner) != 0;
}
EXPORT_SYMBOL(mutex_is_locked);

/* A mutex is held by somebody even if taken before there are tasks. */
static long self(void)
{
	return current ? (long)current : 1;
}

int mutex_trylock(struct mutex *lock)
{
	return atomic_long_cmpxchg(&lock->owner, 0, self()) == 0;
}
EXPORT_SYMBOL(mutex_trylock);

/* 0, or -EINTR if a signal that state listens to came first. */
static int lock_slowly(struct mutex *lock, unsigned int state)
{
	struct waiter waiter = {.task = current};
	int error = 0;

	raw_spin_lock(&lock->wait_lock);
	list_add_tail(&waiter.list, &lock->wait_list);
	for (;;) {
		set_current_state(state);
		if (mutex_trylock(lock))
			break;
		if (signal_pending_state(state, current)) {
			error = -EINTR;
			break;
		}
		raw_spin_unlock(&lock->wait_lock);
		schedule();
		raw_spin_lock(&lock->wait_lock);
	}
	__set_current_state(TASK_RUNNING);
	list_del(&waiter.list);
	raw_spin_unlock(&lock->wait_lock);
	return error;
}

void mutex_lock(struct mutex *lock)
{
	might_sleep();
	if (!mutex_trylock(lock))
		lock_slowly(lock, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(mutex_lock);

int mutex_lock_interruptible(struct mutex *lock)
{
	might_sleep();
	return mutex_trylock(lock) ? 0 : lock_slowly(lock, TASK_INTERRUPTIBLE);
}
EXPORT_SYMBOL(mutex_lock_interruptible);

int mutex_lock_killable(struct mutex *lock)
{
	might_sleep();
	return mutex_trylock(lock) ? 0 : lock_slowly(lock, TASK_KILLABLE);
}
EXPORT_SYMBOL(mutex_lock_killable);

void mutex_unlock(struct mutex *lock)
{
	atomic_long_xchg(&lock->owner, 0);
	if (list_empty_careful(&lock->wait_list))
		return;
	raw_spin_lock(&lock->wait_lock);
	if (!list_empty(&lock->wait_list))
		wake_up_process(list_first_entry(&lock->wait_list, struct waiter, list)->task);
	raw_spin_unlock(&lock->wait_lock);
}
EXPORT_SYMBOL(mutex_unlock);

/* ---- semaphores: up() hands the count to the first waiter ---- */

static int down_slowly(struct semaphore *sem, unsigned int state, long timeout, unsigned long flags)
{
	struct waiter waiter = {.task = current};
	int error = 0;

	list_add_tail(&waiter.list, &sem->wait_list);
	while (!waiter.up) {
		if (signal_pending_state(state, current))
			error = -EINTR;
		else if (timeout <= 0)
			error = -ETIME;
		if (error) {
			list_del(&waiter.list);
			break;
		}
		__set_current_state(state);
		raw_spin_unlock_irqrestore(&sem->lock, flags);
		timeout = schedule_timeout(timeout);
		raw_spin_lock_irqsave(&sem->lock, flags);
	}
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return error;
}

static int down_common(struct semaphore *sem, unsigned int state, long timeout)
{
	unsigned long flags;

	might_sleep();
	raw_spin_lock_irqsave(&sem->lock, flags);
	if (!sem->count)
		return down_slowly(sem, state, timeout, flags);
	sem->count--;
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return 0;
}

void down(struct semaphore *sem)
{
	down_common(sem, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(down);

int down_interruptible(struct semaphore *sem)
{
	return down_common(sem, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(down_interruptible);

int down_killable(struct semaphore *sem)
{
	return down_common(sem, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(down_killable);

int down_timeout(struct semaphore *sem, long timeout)
{
	return down_common(sem, TASK_UNINTERRUPTIBLE, timeout);
}
EXPORT_SYMBOL(down_timeout);

/* 0: acquired, 1: not (unlike other trylocks). */
int down_trylock(struct semaphore *sem)
{
	unsigned long flags;
	int busy;

	raw_spin_lock_irqsave(&sem->lock, flags);
	busy = !sem->count;
	if (!busy)
		sem->count--;
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return busy;
}
EXPORT_SYMBOL(down_trylock);

void up(struct semaphore *sem)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&sem->lock, flags);
	if (list_empty(&sem->wait_list)) {
		sem->count++;
	} else {
		struct waiter *first = list_first_entry(&sem->wait_list, struct waiter, list);

		list_del(&first->list);
		first->up = true;
		wake_up_process(first->task);
	}
	raw_spin_unlock_irqrestore(&sem->lock, flags);
}
EXPORT_SYMBOL(up);

/* ---- read/write semaphores: first come, first served, readers in groups ---- */

static bool rwsem_take(struct rw_semaphore *sem, bool writer)
{
	if (writer ? sem->count != 0 : sem->count < 0)
		return false;
	sem->count = writer ? -1 : sem->count + 1;
	return true;
}

/* Hand the semaphore to whoever is next, and to the readers right behind a reader. */
static void rwsem_hand_over(struct rw_semaphore *sem)
{
	while (!list_empty(&sem->wait_list)) {
		struct waiter *first = list_first_entry(&sem->wait_list, struct waiter, list);
		struct task_struct *task = first->task;

		if (!rwsem_take(sem, first->writer))
			break;
		list_del(&first->list);
		/* The waiter's stack may be gone as soon as it sees this. */
		smp_store_release(&first->up, true);
		wake_up_process(task);
	}
}

static void rwsem_down(struct rw_semaphore *sem, bool writer)
{
	struct waiter waiter = {.task = current, .writer = writer};

	might_sleep();
	raw_spin_lock(&sem->wait_lock);
	if (list_empty(&sem->wait_list) && rwsem_take(sem, writer)) {
		raw_spin_unlock(&sem->wait_lock);
		return;
	}
	list_add_tail(&waiter.list, &sem->wait_list);
	raw_spin_unlock(&sem->wait_lock);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (smp_load_acquire(&waiter.up))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	/* Whoever handed over holds the lock until it has woken us. */
	raw_spin_lock(&sem->wait_lock);
	raw_spin_unlock(&sem->wait_lock);
}

static int rwsem_try(struct rw_semaphore *sem, bool writer)
{
	int taken;

	raw_spin_lock(&sem->wait_lock);
	taken = list_empty(&sem->wait_list) && rwsem_take(sem, writer);
	raw_spin_unlock(&sem->wait_lock);
	return taken;
}

static void rwsem_up(struct rw_semaphore *sem, long count)
{
	raw_spin_lock(&sem->wait_lock);
	sem->count = count < 0 ? sem->count - 1 : count;
	rwsem_hand_over(sem);
	raw_spin_unlock(&sem->wait_lock);
}

void down_read(struct rw_semaphore *sem)
{
	rwsem_down(sem, false);
}
EXPORT_SYMBOL(down_read);

int down_read_trylock(struct rw_semaphore *sem)
{
	return rwsem_try(sem, false);
}
EXPORT_SYMBOL(down_read_trylock);

void up_read(struct rw_semaphore *sem)
{
	rwsem_up(sem, -1);
}
EXPORT_SYMBOL(up_read);

void down_write(struct rw_semaphore *sem)
{
	rwsem_down(sem, true);
}
EXPORT_SYMBOL(down_write);

int down_write_trylock(struct rw_semaphore *sem)
{
	return rwsem_try(sem, true);
}
EXPORT_SYMBOL(down_write_trylock);

void up_write(struct rw_semaphore *sem)
{
	rwsem_up(sem, 0);
}
EXPORT_SYMBOL(up_write);

void downgrade_write(struct rw_semaphore *sem)
{
	rwsem_up(sem, 1);
}
EXPORT_SYMBOL(downgrade_write);
