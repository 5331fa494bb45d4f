// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses what refused.c exports, for the rules on licences and namespaces. */
#include <linux/init.h>
#include <linux/module.h>

int refused_export(int number);
int refused_gpl(int number);
int refused_ns(int number);

static int __init refuser_init(void)
{
	return refused_export(0) + refused_gpl(0) + refused_ns(0) == 6 ? 0 : -22;
}

static void __exit refuser_exit(void)
{
}

module_init(refuser_init);
module_exit(refuser_exit);
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(REFUSED);
