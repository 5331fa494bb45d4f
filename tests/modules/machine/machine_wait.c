// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/wait.h>
#include "machine.h"

#define THREADS 4
#define ROUNDS  2000

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(all_done);
static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spinlock);
static DECLARE_RWSEM(rwsem);
static struct semaphore semaphore = __SEMAPHORE_INITIALIZER(semaphore, 1);
static unsigned long counters[4];
static atomic_t left = ATOMIC_INIT(THREADS);
static bool flag;

static int contend(void *unused)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		mutex_lock(&mutex);
		counters[0]++;
		mutex_unlock(&mutex);
		spin_lock(&spinlock);
		counters[1]++;
		spin_unlock(&spinlock);
		down_write(&rwsem);
		counters[2]++;
		up_write(&rwsem);
		down(&semaphore);
		counters[3]++;
		up(&semaphore);
	}
	if (atomic_dec_and_test(&left))
		complete(&all_done);
	return 0;
}

static int wake_later(void *unused)
{
	msleep(10);
	flag = true;
	wake_up(&queue);
	return 0;
}

static int run(void)
{
	unsigned long start = jiffies;
	struct task_struct *task;
	long rest;
	int i;

	rest = wait_event_timeout(queue, flag, 5);
	CHECK(rest == 0);
	CHECK(jiffies - start >= 5);
	task = kthread_run(wake_later, NULL, "waker");
	CHECK(!IS_ERR(task));
	rest = wait_event_interruptible_timeout(queue, flag, 10 * HZ);
	CHECK(rest > 0 && rest < 10 * HZ);
	CHECK(!wait_for_completion_timeout(&all_done, 2));
	for (i = 0; i < THREADS; i++) {
		task = kthread_run(contend, NULL, "contend/%d", i);
		CHECK(!IS_ERR(task));
	}
	CHECK(wait_for_completion_timeout(&all_done, 20 * HZ));
	for (i = 0; i < 4; i++)
		CHECK(counters[i] == THREADS * ROUNDS);
	CHECK(mutex_trylock(&mutex));
	CHECK(!mutex_trylock(&mutex));
	mutex_unlock(&mutex);
	return 0;
}
CHECK_MODULE("Wait queues and completions with timeouts; locks exclude under contention");
