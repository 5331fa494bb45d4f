// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

static int *volatile nowhere;

static noinline void oopses_here(void)
{
	*nowhere = 1;
}

static int __init oopses_init(void)
{
	oopses_here();
	return 0;
}

static void __exit oopses_exit(void)
{
}

module_init(oopses_init);
module_exit(oopses_exit);
MODULE_LICENSE("GPL");
