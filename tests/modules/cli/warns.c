// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/init.h>
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/module.h>

static int __init warns_init(void)
{
	WARN_ON(1);
	printk(KERN_INFO "warns: went on\n");
	return 0;
}

static void __exit warns_exit(void)
{
}

module_init(warns_init);
module_exit(warns_exit);
MODULE_LICENSE("GPL");
