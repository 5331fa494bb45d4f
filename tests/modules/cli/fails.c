// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>

static int __init fails_init(void)
{
	return -ENODEV;
}

static void __exit fails_exit(void)
{
}

module_init(fails_init);
module_exit(fails_exit);
MODULE_LICENSE("GPL");
