// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include "machine.h"

#define ROUNDS 2000

static atomic_t round;
static int where = -1;

/* Sleeps until woken, then runs, without sleeping again, until the next round. */
static int roam(void *data)
{
	while (!kthread_should_stop()) {
		int now = atomic_read(&round);

		while (atomic_read(&round) == now && !kthread_should_stop()) {
			WRITE_ONCE(where, raw_smp_processor_id());
			cond_resched();
			cpu_relax();
		}
		set_current_state(TASK_INTERRUPTIBLE);
		if (atomic_read(&round) & 1 && !kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

static int send_around(struct task_struct *task)
{
	unsigned long end;
	int i, cpu;

	for (i = 0; i < ROUNDS; i++) {
		atomic_inc(&round); /* odd: it goes to sleep */
		cpu = i % num_online_cpus();
		udelay(i % 7 * 5);
		atomic_inc(&round);
		wake_up_process(task);
		/* It may be on its way to a CPU, not there yet. */
		udelay(i % 53);
		CHECK(set_cpus_allowed_ptr(task, cpumask_of(cpu)) == 0);
		WRITE_ONCE(where, -1);
		end = jiffies + HZ / 10; /* mostly sooner than a sleep ends */
		while (READ_ONCE(where) != cpu && time_before(jiffies, end))
			cond_resched();
		CHECK_SOON(READ_ONCE(where) == cpu);
	}
	return 0;
}

static int run(void)
{
	struct task_struct *task = kthread_run(roam, NULL, "roam");
	int error;

	CHECK(!IS_ERR(task));
	error = send_around(task);
	CHECK(kthread_stop(task) == 0);
	return error;
}
CHECK_MODULE("A thread that is given another affinity goes there, even if it just got a CPU");
