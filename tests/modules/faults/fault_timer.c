// SPDX-License-Identifier: GPL-2.0-or-later
/* A timer that faults; a second one that must fire all the same. */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/timer.h>

static int *volatile nowhere;
static int fired;

static void bad_function(struct timer_list *timer)
{
	*nowhere = 1;
}

static void good_function(struct timer_list *timer)
{
	fired = 1;
}

static DEFINE_TIMER(bad_timer, bad_function);
static DEFINE_TIMER(good_timer, good_function);

static int __init fault_timer_init(void)
{
	mod_timer(&bad_timer, jiffies + 1);
	mod_timer(&good_timer, jiffies + 10);
	msleep(200);
	pr_info("the other timer has %sfired\n", fired ? "" : "not ");
	return 0;
}

static void __exit fault_timer_exit(void)
{
	del_timer_sync(&good_timer);
}

module_init(fault_timer_init);
module_exit(fault_timer_exit);
MODULE_LICENSE("GPL");
