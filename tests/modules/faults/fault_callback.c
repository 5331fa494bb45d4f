// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function that faults where kind= says, as a reader, with preemption off and
 * more: what called it goes on, and whoever was interrupted is what he was.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *kind = "timer";
module_param(kind, charp, 0444);
/* Interrupts hit init itself, not an idle CPU. */
static bool busy;
module_param(busy, bool, 0444);

static int *volatile nowhere;
static volatile int good, bad;

static noinline void fault(void)
{
	bad++;
	rcu_read_lock();
	local_bh_disable();
	preempt_disable();
	*nowhere = 1;
}

static void bad_timer_function(struct timer_list *timer)
{
	fault();
}
static DEFINE_TIMER(bad_timer, bad_timer_function);

static void good_timer_function(struct timer_list *timer)
{
	good++;
}
static DEFINE_TIMER(good_timer, good_timer_function);

static struct hrtimer hrtimer;
static enum hrtimer_restart bad_hrtimer_function(struct hrtimer *timer)
{
	rcu_read_lock();
	preempt_disable();
	bad++;
	*nowhere = 1;
	return HRTIMER_RESTART;
}

static void bad_tasklet_function(struct tasklet_struct *tasklet)
{
	fault();
}
static DECLARE_TASKLET(bad_tasklet, bad_tasklet_function);

static void good_tasklet_function(struct tasklet_struct *tasklet)
{
	good++;
}
static DECLARE_TASKLET(good_tasklet, good_tasklet_function);

static struct rcu_head bad_head, good_head;
static void bad_rcu_function(struct rcu_head *head)
{
	fault();
}

static void good_rcu_function(struct rcu_head *head)
{
	good++;
}

static void bad_call(void *info)
{
	bad++;
	rcu_read_lock();
	*nowhere = 1;
}

static void good_call(void *info)
{
	good++;
}

/* Each leaves one that faults and one that must be called all the same. */
static void start(void)
{
	int other = num_online_cpus() - 1 - raw_smp_processor_id();

	if (!strcmp(kind, "timer")) {
		bad_timer.expires = good_timer.expires = jiffies + 2;
		add_timer(&bad_timer);
		add_timer(&good_timer);
	} else if (!strcmp(kind, "hrtimer")) {
		hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
		hrtimer.function = bad_hrtimer_function;
		hrtimer_start(&hrtimer, ms_to_ktime(2), HRTIMER_MODE_REL_HARD);
		mod_timer(&good_timer, jiffies + 3);
	} else if (!strcmp(kind, "tasklet")) {
		local_bh_disable();
		tasklet_schedule(&bad_tasklet);
		tasklet_schedule(&good_tasklet);
		local_bh_enable();
	} else if (!strcmp(kind, "rcu")) {
		call_rcu(&bad_head, bad_rcu_function);
		call_rcu(&good_head, good_rcu_function);
	} else {
		smp_call_function_single(other, bad_call, NULL, 1);
		smp_call_function_single(other, good_call, NULL, 1);
	}
}

static void wait(void)
{
	unsigned long end = jiffies + 5 * HZ;

	while ((!good || !bad) && time_before(jiffies, end)) {
		if (busy)
			mdelay(1);
		else
			msleep(5);
	}
}

static int __init fault_callback_init(void)
{
	start();
	wait();
	pr_info("%d bad and %d good\n", bad, good);
	pr_info("%s, interrupts %s\n", in_atomic() ? "atomic" : "preemptible",
		irqs_disabled() ? "off" : "on");
	synchronize_rcu();
	rcu_barrier();
	del_timer_sync(&bad_timer);
	del_timer_sync(&good_timer);
	if (hrtimer.function)
		hrtimer_cancel(&hrtimer);
	tasklet_kill(&bad_tasklet);
	tasklet_kill(&good_tasklet);
	good = 0;
	mod_timer(&good_timer, jiffies + 1);
	msleep(50);
	del_timer_sync(&good_timer);
	pr_info("and %d after it\n", good);
	return 0;
}

static void __exit fault_callback_exit(void)
{
	pr_info("gone\n");
}

module_init(fault_callback_init);
module_exit(fault_callback_exit);
MODULE_LICENSE("GPL");
