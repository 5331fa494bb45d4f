// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include "machine.h"

struct object {
	struct rcu_head rcu;
	bool alive;
};

DEFINE_STATIC_SRCU(srcu);
static struct object *pointer;
static DECLARE_COMPLETION(reading);
static DECLARE_COMPLETION(called);
static bool was_alive, reader_left, in_softirq_then;

enum how { READER, PREEMPT_OFF, IRQ_OFF, SLEEPS, SRCU };

static int reader(void *data)
{
	enum how how = (long)data;
	struct object *object;
	int idx = 0;

	if (how == PREEMPT_OFF)
		preempt_disable();
	else if (how == IRQ_OFF)
		local_irq_disable();
	else if (how == SRCU)
		idx = srcu_read_lock(&srcu);
	else
		rcu_read_lock();
	object = READ_ONCE(pointer);
	complete(&reading);
	if (how == SRCU)
		msleep(20);
	else if (how == SLEEPS)
		schedule_timeout_uninterruptible(5);
	else
		mdelay(20);
	was_alive = READ_ONCE(object->alive);
	WRITE_ONCE(reader_left, true);
	if (how == PREEMPT_OFF)
		preempt_enable();
	else if (how == IRQ_OFF)
		local_irq_enable();
	else if (how == SRCU)
		srcu_read_unlock(&srcu, idx);
	else
		rcu_read_unlock();
	return 0;
}

static int check_waits(enum how how)
{
	struct object *old = kzalloc(sizeof(*old), GFP_KERNEL);
	struct task_struct *task;

	CHECK(old);
	old->alive = true;
	WRITE_ONCE(pointer, old);
	reader_left = was_alive = false;
	reinit_completion(&reading);
	task = kthread_run(reader, (void *)how, "reader");
	CHECK(!IS_ERR(task));
	wait_for_completion(&reading);
	WRITE_ONCE(pointer, NULL);
	if (how == SRCU)
		synchronize_srcu(&srcu);
	else
		synchronize_rcu();
	CHECK(READ_ONCE(reader_left));
	old->alive = false;
	CHECK(was_alive);
	kfree(old);
	return 0;
}

static void on_rcu(struct rcu_head *head)
{
	in_softirq_then = in_serving_softirq();
	complete(&called);
}

static int run(void)
{
	struct object *object = kzalloc(sizeof(*object), GFP_KERNEL);
	int error;

	CHECK(object);
	error = check_waits(READER) ?: check_waits(PREEMPT_OFF) ?: check_waits(IRQ_OFF) ?:
		check_waits(SLEEPS) ?: check_waits(SRCU);
	if (error)
		return error;
	rcu_read_lock();
	call_rcu(&object->rcu, on_rcu);
	mdelay(10);
	CHECK(!completion_done(&called));
	rcu_read_unlock();
	rcu_barrier();
	CHECK(completion_done(&called));
	CHECK(IS_ENABLED(CONFIG_PREEMPT_RT) || in_softirq_then);
	kfree_rcu(object, rcu);
	rcu_barrier();
	return 0;
}
CHECK_MODULE("A grace period waits for readers of every kind, and for callbacks");
