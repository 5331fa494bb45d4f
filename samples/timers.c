// SPDX-License-Identifier: GPL-2.0-or-later
/* Timers, tasklets and delayed work: what runs later, and in which context. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/timer.h>

static unsigned int ticks = 3;
module_param(ticks, uint, 0444);
MODULE_PARM_DESC(ticks, "how often the clock strikes");

struct clock {
	struct timer_list timer;
	struct completion done;
	unsigned int count;
	bool early, in_softirq;
};

static struct clock clock;

static void strike(struct timer_list *timer)
{
	struct clock *c = from_timer(c, timer, timer);

	c->count++;
	c->in_softirq = in_serving_softirq() && !in_hardirq();
	if (time_before(jiffies, timer->expires))
		c->early = true;
	pr_info("tick %u\n", c->count);
	if (c->count < ticks)
		mod_timer(timer, jiffies + 2);
	else
		complete(&c->done);
}

static void clockwork(void)
{
	init_completion(&clock.done);
	timer_setup(&clock.timer, strike, 0);
	pr_info("pending %d\n", timer_pending(&clock.timer));
	mod_timer(&clock.timer, jiffies + 2);
	wait_for_completion(&clock.done);
	pr_info("softirq %d, early %d, pending %d, deleted %d\n", clock.in_softirq, clock.early,
		timer_pending(&clock.timer), del_timer_sync(&clock.timer));
}

static int order[3], nr_order;
static DECLARE_COMPLETION(all_done);

struct late {
	struct timer_list timer;
	int number;
};

static void note(struct timer_list *timer)
{
	struct late *late = from_timer(late, timer, timer);

	order[nr_order++] = late->number;
	if (nr_order == 3)
		complete(&all_done);
}

static void in_order(void)
{
	static const int delays[] = {6, 2, 4, 1000};
	struct late late[4];
	int i, deleted;

	for (i = 0; i < 4; i++) {
		late[i].number = i;
		timer_setup_on_stack(&late[i].timer, note, 0);
		mod_timer(&late[i].timer, jiffies + delays[i]);
	}
	wait_for_completion(&all_done);
	deleted = del_timer(&late[3].timer);
	pr_info("order %d %d %d, deleted %d\n", order[0], order[1], order[2], deleted);
	for (i = 0; i < 4; i++) {
		del_timer_sync(&late[i].timer);
		destroy_timer_on_stack(&late[i].timer);
	}
}

static DECLARE_COMPLETION(tasklet_ran);
static int tasklet_runs;

static void run_tasklet(struct tasklet_struct *tasklet)
{
	tasklet_runs++;
	pr_info("tasklet: softirq %d\n", !!in_serving_softirq());
	complete(&tasklet_ran);
}

static DECLARE_TASKLET(tasklet, run_tasklet);

static void tasklets(void)
{
	tasklet_disable(&tasklet);
	tasklet_schedule(&tasklet);
	tasklet_schedule(&tasklet);
	pr_info("tasklet: disabled, runs %d\n", tasklet_runs);
	tasklet_enable(&tasklet);
	wait_for_completion(&tasklet_ran);
	tasklet_kill(&tasklet);
	pr_info("tasklet: runs %d\n", tasklet_runs);
}

static int __init timers_init(void)
{
	clockwork();
	in_order();
	tasklets();
	return 0;
}

static void __exit timers_exit(void)
{
	del_timer_sync(&clock.timer);
}

module_init(timers_init);
module_exit(timers_exit);
MODULE_DESCRIPTION("What runs later");
MODULE_LICENSE("GPL");
