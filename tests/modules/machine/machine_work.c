// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/workqueue.h>
#include "machine.h"

static DECLARE_COMPLETION(done);
static atomic_t runs;
static int ran_on;
static bool was_worker;

static void on_work(struct work_struct *work)
{
	ran_on = raw_smp_processor_id();
	was_worker = current->flags & PF_WQ_WORKER;
	atomic_inc(&runs);
	complete(&done);
}
static DECLARE_WORK(work, on_work);
static DECLARE_DELAYED_WORK(delayed, on_work);

static void slow_work(struct work_struct *work)
{
	msleep(20);
	atomic_inc(&runs);
}

static int check_own_queue(void)
{
	struct workqueue_struct *queue = alloc_workqueue("machine", WQ_UNBOUND, 0);
	struct work_struct slow[4];
	int i;

	CHECK(queue);
	atomic_set(&runs, 0);
	for (i = 0; i < 4; i++) {
		INIT_WORK_ONSTACK(&slow[i], slow_work);
		CHECK(queue_work(queue, &slow[i]));
		CHECK(!queue_work(queue, &slow[i]));
	}
	flush_workqueue(queue);
	CHECK(atomic_read(&runs) == 4);
	destroy_workqueue(queue);
	return 0;
}

static int run(void)
{
	int last = num_online_cpus() - 1;
	unsigned long start;

	CHECK(schedule_work(&work));
	wait_for_completion(&done);
	CHECK(atomic_read(&runs) == 1 && was_worker);
	flush_work(&work); /* while it runs, its CPU is the one that gets it again */
	reinit_completion(&done);
	CHECK(schedule_work_on(last, &work));
	wait_for_completion(&done);
	CHECK(ran_on == last);
	flush_work(&work);
	reinit_completion(&done);
	start = jiffies;
	CHECK(schedule_delayed_work(&delayed, 5));
	CHECK(wait_for_completion_timeout(&done, 5 * HZ));
	CHECK(jiffies - start >= 5);
	CHECK(schedule_delayed_work(&delayed, 100 * HZ));
	CHECK(cancel_delayed_work_sync(&delayed));
	CHECK(!cancel_work_sync(&work));
	return check_own_queue();
}
CHECK_MODULE("Work runs in workers, on the CPU asked for, after its delay, once");
