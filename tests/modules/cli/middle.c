// SPDX-License-Identifier: GPL-2.0-or-later
/* Depends on low, exports to high. */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

int low_add(int number);
int middle_twice(int number);

int middle_twice(int number)
{
	return 2 * low_add(number);
}
EXPORT_SYMBOL_GPL(middle_twice);

static int __init middle_init(void)
{
	printk(KERN_INFO "middle: init\n");
	return 0;
}

static void __exit middle_exit(void)
{
	printk(KERN_INFO "middle: exit\n");
}

module_init(middle_init);
module_exit(middle_exit);
MODULE_LICENSE("GPL");
