// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel thread that faults ends; the module lives on. */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int *volatile nowhere;

static int thread_function(void *data)
{
	pr_info("the thread runs\n");
	*nowhere = 1;
	pr_info("the thread is still there\n");
	return 0;
}

static int __init fault_thread_init(void)
{
	struct task_struct *task = kthread_run(thread_function, NULL, "fault-thread");

	if (IS_ERR(task))
		return PTR_ERR(task);
	msleep(100);
	pr_info("init goes on\n");
	return 0;
}

static void __exit fault_thread_exit(void)
{
}

module_init(fault_thread_init);
module_exit(fault_thread_exit);
MODULE_LICENSE("GPL");
