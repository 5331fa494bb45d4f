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

static atomic_t asleep, left;
static int slept_on = -1, woke_on = -1, left_to = -1;

static int sleep_pinned(void *data)
{
	migrate_disable();
	slept_on = raw_smp_processor_id();
	set_current_state(TASK_INTERRUPTIBLE);
	atomic_set(&asleep, 1);
	schedule();
	woke_on = raw_smp_processor_id();
	migrate_enable();
	left_to = raw_smp_processor_id();
	atomic_set(&left, 1);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* It stays until it enables migration, and goes then: nothing of the new affinity is lost. */
static int send_who_is_pinned(void)
{
	struct task_struct *task = kthread_run(sleep_pinned, NULL, "pinned");
	int other;

	CHECK(!IS_ERR(task));
	CHECK_SOON(atomic_read(&asleep) && !READ_ONCE(task->on_cpu));
	other = slept_on ? 0 : num_online_cpus() - 1;
	CHECK(set_cpus_allowed_ptr(task, cpumask_of(other)) == 0);
	wake_up_process(task);
	CHECK_SOON(atomic_read(&left));
	CHECK(woke_on == slept_on);
	CHECK(left_to == other);
	CHECK(kthread_stop(task) == 0);
	return 0;
}

static int run(void)
{
	struct task_struct *task = kthread_run(roam, NULL, "roam");
	int error;

	CHECK(!IS_ERR(task));
	error = send_around(task);
	CHECK(kthread_stop(task) == 0);
	return error ? error : send_who_is_pinned();
}
CHECK_MODULE("A thread that is given another affinity goes there, even if it just got a CPU");
