// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps three of four allocations for ever. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>

static void *last;

static noinline void leaks_allocate(void)
{
	last = kmalloc(100, GFP_KERNEL);
}

static int __init leaks_init(void)
{
	int i;

	for (i = 0; i < 4; i++)
		leaks_allocate();
	return 0;
}

static void __exit leaks_exit(void)
{
	kfree(last);
}

module_init(leaks_init);
module_exit(leaks_exit);
MODULE_LICENSE("GPL");
