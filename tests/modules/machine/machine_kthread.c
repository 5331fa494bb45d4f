// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include "machine.h"

static atomic_t inside;
static bool met[2];
static unsigned int cpus[2];

/* Both threads spin until they see the other: only two that run at once can, on two CPUs. */
static int meet(void *data)
{
	int me = (long)data;
	unsigned long end = jiffies + (num_online_cpus() > 1 ? 5 * HZ : 1);

	cpus[me] = smp_processor_id();
	atomic_inc(&inside);
	while (atomic_read(&inside) < 2 && time_before(jiffies, end))
		cpu_relax();
	met[me] = atomic_read(&inside) == 2;
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 40 + me;
}

static int run(void)
{
	unsigned int last = num_online_cpus() - 1;
	struct task_struct *a, *b;

	a = kthread_create(meet, (void *)0, "meet/%d", 0);
	CHECK(!IS_ERR(a));
	b = kthread_create(meet, (void *)1, "meet/%d", 1);
	CHECK(!IS_ERR(b));
	CHECK(!strcmp(a->comm, "meet/0"));
	CHECK(a->pid != b->pid && a->pid > 1);
	kthread_bind(a, 0);
	kthread_bind(b, min(last, 1u));
	wake_up_process(a);
	wake_up_process(b);
	CHECK_SOON(atomic_read(&inside) == 2);
	CHECK(kthread_stop(b) == 41);
	CHECK(kthread_stop(a) == 40);
	CHECK(!last || (met[0] && met[1]));
	CHECK(cpus[0] == 0 && cpus[1] == min(last, 1u));
	/* One that is stopped before it ran never runs. */
	a = kthread_create(meet, (void *)0, "never");
	CHECK(!IS_ERR(a));
	CHECK(kthread_stop(a) == -EINTR);
	CHECK(atomic_read(&inside) == 2);
	return 0;
}
CHECK_MODULE("Two kthreads run at once on two vCPUs; kthread_stop returns their result");
