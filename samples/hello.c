// SPDX-License-Identifier: GPL-2.0-or-later
/* The smallest module that does something. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/init.h>
#include <linux/module.h>
#include <linux/sched.h>

static char *whom = "world";
module_param(whom, charp, 0444);
MODULE_PARM_DESC(whom, "whom to greet");

static int __init hello_init(void)
{
	pr_info("hello, %s\n", whom);
	pr_debug("loaded by %s[%d]\n", current->comm, current->pid);
	return 0;
}

static void __exit hello_exit(void)
{
	pr_info("goodbye, %s\n", whom);
}

module_init(hello_init);
module_exit(hello_exit);
MODULE_DESCRIPTION("Greets when it comes and when it goes");
MODULE_LICENSE("GPL");
