// SPDX-License-Identifier: GPL-2.0-or-later
/* Says hello at every level, and shows its parameters. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static int count = 1;
module_param(count, int, 0444);
MODULE_PARM_DESC(count, "how often");

static char *whom = "world";
module_param(whom, charp, 0444);

static int __init greets_init(void)
{
	printk(KERN_EMERG "greets: level 0\n");
	printk(KERN_ALERT "greets: level 1\n");
	printk(KERN_CRIT "greets: level 2\n");
	printk(KERN_ERR "greets: level 3\n");
	printk(KERN_WARNING "greets: level 4\n");
	printk(KERN_NOTICE "greets: level 5\n");
	printk(KERN_INFO "greets: hello %s, %d times\n", whom, count);
	printk(KERN_DEBUG "greets: level 7\n");
	return 0;
}

static void __exit greets_exit(void)
{
	printk(KERN_INFO "greets: goodbye\n");
}

module_init(greets_init);
module_exit(greets_exit);
MODULE_LICENSE("GPL");
