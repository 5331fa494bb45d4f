// SPDX-License-Identifier: GPL-2.0-or-later
/* A module that loads; load_refused_test breaks copies of it, one rule a test. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

extern int refused_nowhere __attribute__((weak));

int refused_export(int number)
{
	return number + 1;
}
EXPORT_SYMBOL(refused_export);

int refused_gpl(int number)
{
	return number + 2;
}
EXPORT_SYMBOL_GPL(refused_gpl);

int refused_ns(int number)
{
	return number + 3;
}
EXPORT_SYMBOL_NS(refused_ns, REFUSED);

static int __init refused_init(void)
{
	printk(KERN_INFO "refused: init, weak %s\n", &refused_nowhere ? "bound" : "unbound");
	return 0;
}

static void __exit refused_exit(void)
{
	printk(KERN_INFO "refused: exit\n");
}

module_init(refused_init);
module_exit(refused_exit);
MODULE_LICENSE("GPL");
MODULE_VERSION("1.2.3");
