// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Locks that two threads on two CPUs fight for: what they protect must come
 * out right. Each kind is tried a few thousand times by every thread.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>

#define THREADS 3

static unsigned int rounds = 2000;
module_param(rounds, uint, 0444);

static DEFINE_SPINLOCK(spinlock);
static DEFINE_RWLOCK(rwlock);
static DEFINE_MUTEX(mutex);
static DECLARE_RWSEM(rwsem);
static struct semaphore semaphore;
static DEFINE_SEQLOCK(seqlock);

/* One for each kind of lock; a torn increment is a lost one. */
static unsigned long sums[6];
static unsigned long pair[2]; /* under seqlock: both the same, but while written */
static atomic_t torn;

static void increment(unsigned long *sum)
{
	unsigned long old = READ_ONCE(*sum);

	cpu_relax();
	WRITE_ONCE(*sum, old + 1);
}

static void spinning_locks(void)
{
	unsigned long flags;

	spin_lock(&spinlock);
	increment(&sums[0]);
	spin_unlock(&spinlock);
	spin_lock_irqsave(&spinlock, flags);
	increment(&sums[0]);
	spin_unlock_irqrestore(&spinlock, flags);
	spin_lock_bh(&spinlock);
	increment(&sums[0]);
	spin_unlock_bh(&spinlock);
	write_lock(&rwlock);
	increment(&sums[1]);
	write_unlock(&rwlock);
	read_lock(&rwlock);
	(void)READ_ONCE(sums[1]);
	read_unlock(&rwlock);
}

static void sequences(void)
{
	unsigned long first, second;
	unsigned int start;

	write_seqlock(&seqlock);
	increment(&pair[0]);
	increment(&pair[1]);
	write_sequnlock(&seqlock);
	do {
		start = read_seqbegin(&seqlock);
		first = READ_ONCE(pair[0]);
		second = READ_ONCE(pair[1]);
	} while (read_seqretry(&seqlock, start));
	if (first != second)
		atomic_inc(&torn);
}

static void sleeping_locks(void)
{
	mutex_lock(&mutex);
	increment(&sums[2]);
	cond_resched();
	increment(&sums[2]);
	mutex_unlock(&mutex);
	down_write(&rwsem);
	increment(&sums[3]);
	up_write(&rwsem);
	down_read(&rwsem);
	(void)READ_ONCE(sums[3]);
	up_read(&rwsem);
	down(&semaphore);
	increment(&sums[4]);
	up(&semaphore);
}

static int fight(void *data)
{
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		spinning_locks();
		sequences();
		sleeping_locks();
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void trylocks(void)
{
	int first, second;

	first = mutex_trylock(&mutex);
	second = mutex_trylock(&mutex);
	mutex_unlock(&mutex);
	pr_info("mutex: try %d %d, locked %d\n", first, second, mutex_is_locked(&mutex));
	first = down_trylock(&semaphore);
	second = down_trylock(&semaphore);
	up(&semaphore);
	pr_info("semaphore: try %d %d\n", first, second);
	first = spin_trylock(&spinlock);
	second = spin_is_locked(&spinlock);
	spin_unlock(&spinlock);
	pr_info("spinlock: try %d, locked %d\n", first, second);
	first = down_read_trylock(&rwsem);
	second = down_write_trylock(&rwsem);
	up_read(&rwsem);
	pr_info("rwsem: try %d %d\n", first, second);
}

static int __init locks_init(void)
{
	struct task_struct *threads[THREADS];
	int i;

	sema_init(&semaphore, 1);
	trylocks();
	for (i = 0; i < THREADS; i++)
		threads[i] = kthread_run(fight, NULL, "fighter/%d", i);
	for (i = 0; i < THREADS; i++)
		if (!IS_ERR(threads[i]))
			kthread_stop(threads[i]);
	/* A thread that was stopped before it began has not run at all. */
	pr_info("spin %d rw %d mutex %d rwsem %d semaphore %d seq %d torn %d\n",
		sums[0] == 3 * sums[1], sums[1] == pair[0], sums[2] == 2 * sums[1],
		sums[3] == sums[1], sums[4] == sums[1], pair[0] == pair[1], atomic_read(&torn));
	pr_info("whole rounds %d\n", sums[1] % rounds == 0);
	return 0;
}

static void __exit locks_exit(void)
{
}

module_init(locks_init);
module_exit(locks_exit);
MODULE_DESCRIPTION("Locks under contention");
MODULE_LICENSE("GPL");
