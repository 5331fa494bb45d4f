// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel threads that talk through completions and a wait queue. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/wait.h>

static unsigned int messages = 3;
module_param(messages, uint, 0444);
MODULE_PARM_DESC(messages, "how many go from producer to consumer");

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(taken);
static DECLARE_COMPLETION(sent);
static int mailbox; /* 0: empty */

static int produce(void *data)
{
	unsigned int i;

	for (i = 1; i <= messages; i++) {
		WRITE_ONCE(mailbox, i);
		wake_up_interruptible(&queue);
		wait_for_completion(&taken);
	}
	pr_info("%s has sent %u messages\n", current->comm, messages);
	complete(&sent);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 11;
}

static int consume(void *data)
{
	struct completion *ready = data;

	complete(ready);
	for (;;) {
		wait_event_interruptible(queue, READ_ONCE(mailbox) || kthread_should_stop());
		if (!READ_ONCE(mailbox))
			break;
		pr_info("%s got message %d\n", current->comm, mailbox);
		WRITE_ONCE(mailbox, 0);
		complete(&taken);
	}
	return -7;
}

static int never(void *data)
{
	pr_err("a thread that was stopped before it began has begun\n");
	return 0;
}

static void timeouts(void)
{
	DECLARE_COMPLETION_ONSTACK(nothing);
	unsigned long before = jiffies;
	unsigned long left = wait_for_completion_timeout(&nothing, msecs_to_jiffies(20));
	long result;

	pr_info("timeout: left %lu, waited %d\n", left,
		time_after_eq(jiffies, before + msecs_to_jiffies(20)));
	result = wait_event_timeout(queue, false, msecs_to_jiffies(10));
	pr_info("no event: %ld, event: %d\n", result, wait_event_timeout(queue, true, 10) > 0);
	complete_all(&nothing);
	left = wait_for_completion_timeout(&nothing, 5);
	pr_info("completed: %d, again %d\n", left > 0, try_wait_for_completion(&nothing));
	before = jiffies;
	msleep(12);
	pr_info("msleep: %d\n", jiffies - before >= msecs_to_jiffies(12));
}

static int __init threads_init(void)
{
	DECLARE_COMPLETION_ONSTACK(ready);
	struct task_struct *producer, *consumer, *stillborn;
	int produced, consumed;

	consumer = kthread_run(consume, &ready, "consumer/%d", 1);
	if (IS_ERR(consumer))
		return PTR_ERR(consumer);
	wait_for_completion(&ready);
	producer = kthread_run(produce, NULL, "producer");
	if (IS_ERR(producer)) {
		kthread_stop(consumer);
		return PTR_ERR(producer);
	}
	wait_for_completion(&sent);
	produced = kthread_stop(producer);
	consumed = kthread_stop(consumer);
	pr_info("producer returned %d, consumer %d\n", produced, consumed);

	stillborn = kthread_create(never, NULL, "stillborn");
	if (!IS_ERR(stillborn))
		pr_info("stillborn returned %d\n", kthread_stop(stillborn));
	timeouts();
	return 0;
}

static void __exit threads_exit(void)
{
}

module_init(threads_init);
module_exit(threads_exit);
MODULE_DESCRIPTION("Threads that wait for each other");
MODULE_LICENSE("GPL");
