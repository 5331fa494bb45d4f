// SPDX-License-Identifier: GPL-2.0-or-later
/* What middle depends on. */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

static int base;
module_param(base, int, 0444);

int low_add(int number);
int low_add(int number)
{
	return base + number;
}
EXPORT_SYMBOL_GPL(low_add);

static int __init low_init(void)
{
	printk(KERN_INFO "low: init\n");
	return 0;
}

static void __exit low_exit(void)
{
	printk(KERN_INFO "low: exit\n");
}

module_init(low_init);
module_exit(low_exit);
MODULE_LICENSE("GPL");
