// SPDX-License-Identifier: GPL-2.0-or-later
/* Workqueues: order, delays, flushing, cancelling, works that queue themselves. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#define JOBS 5

struct job {
	struct work_struct work;
	int number;
};

static struct job jobs[JOBS];
static int done[JOBS], nr_done;

static void do_job(struct work_struct *work)
{
	struct job *job = container_of(work, struct job, work);

	/* The queue is ordered: nothing else touches these now, asleep or not. */
	if (job->number == 0)
		msleep(5);
	done[nr_done++] = job->number;
}

static int ordered(void)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("ring3_%s", 0, "jobs");
	bool first, second;
	int i;

	if (!wq)
		return -ENOMEM;
	for (i = 0; i < JOBS; i++) {
		jobs[i].number = i;
		INIT_WORK(&jobs[i].work, do_job);
	}
	first = queue_work(wq, &jobs[0].work);
	second = queue_work(wq, &jobs[1].work);
	second &= !queue_work(wq, &jobs[1].work);
	pr_info("queued %d, only once %d\n", first, second);
	for (i = 2; i < JOBS; i++)
		queue_work(wq, &jobs[i].work);
	flush_workqueue(wq);
	pr_info("order %d %d %d %d %d of %d\n", done[0], done[1], done[2], done[3], done[4],
		nr_done);
	destroy_workqueue(wq);
	return 0;
}

static atomic_t runs = ATOMIC_INIT(0);
static bool as_worker, may_sleep;

static void count_run(struct work_struct *work)
{
	as_worker = current->flags & PF_WQ_WORKER;
	may_sleep = !in_interrupt() && !irqs_disabled();
	atomic_inc(&runs);
}

static DECLARE_WORK(plain, count_run);
static DECLARE_DELAYED_WORK(delayed, count_run);

static void system_queue(void)
{
	unsigned long start;
	bool pending, cancelled;

	schedule_work(&plain);
	flush_work(&plain);
	pr_info("runs %d, worker %d, may sleep %d\n", atomic_read(&runs), as_worker, may_sleep);

	start = jiffies;
	schedule_delayed_work(&delayed, 3);
	pending = delayed_work_pending(&delayed);
	while (atomic_read(&runs) < 2)
		msleep(1);
	pr_info("delayed: pending %d, in time %d\n", pending, jiffies - start >= 3);

	schedule_delayed_work(&delayed, 100 * HZ);
	flush_delayed_work(&delayed);
	pr_info("flushed, runs %d\n", atomic_read(&runs));

	schedule_delayed_work(&delayed, 100 * HZ);
	cancelled = cancel_delayed_work_sync(&delayed);
	pr_info("cancelled %d, again %d, runs %d\n", cancelled, cancel_delayed_work_sync(&delayed),
		atomic_read(&runs));

	schedule_delayed_work(&delayed, 100 * HZ);
	pending = mod_delayed_work(system_wq, &delayed, 1);
	flush_delayed_work(&delayed);
	pr_info("modified %d, runs %d\n", pending, atomic_read(&runs));
}

static struct delayed_work heart;
static atomic_t beats = ATOMIC_INIT(0);
static DECLARE_COMPLETION(alive);

static void beat(struct work_struct *work)
{
	if (atomic_inc_return(&beats) == 3)
		complete(&alive);
	schedule_delayed_work(to_delayed_work(work), 1);
}

static void self_queueing(void)
{
	int after;

	INIT_DELAYED_WORK(&heart, beat);
	schedule_delayed_work(&heart, 0);
	wait_for_completion(&alive);
	cancel_delayed_work_sync(&heart);
	after = atomic_read(&beats);
	msleep(20);
	pr_info("beats at least 3: %d, still: %d, pending %d\n", after >= 3,
		atomic_read(&beats) == after, delayed_work_pending(&heart));
}

static DECLARE_COMPLETION(go);

static void wait_for_go(struct work_struct *work)
{
	wait_for_completion(&go);
}

static void let_go(struct work_struct *work)
{
	complete(&go);
}

static DECLARE_WORK(waiter, wait_for_go);
static DECLARE_WORK(helper, let_go);

/* A work that sleeps does not keep the next one of its CPU from running. */
static void concurrent(void)
{
	schedule_work_on(0, &waiter);
	schedule_work_on(0, &helper);
	flush_work(&waiter);
	pr_info("the second work helped the first\n");
}

static int __init works_init(void)
{
	int error = ordered();

	if (error)
		return error;
	system_queue();
	self_queueing();
	concurrent();
	return 0;
}

static void __exit works_exit(void)
{
	flush_work(&helper);
	cancel_delayed_work_sync(&heart);
}

module_init(works_init);
module_exit(works_exit);
MODULE_DESCRIPTION("Work for later, in threads");
MODULE_LICENSE("GPL");
