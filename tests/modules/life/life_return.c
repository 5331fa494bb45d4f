// SPDX-License-Identifier: GPL-2.0-or-later
/* init returns what it is told. */
#include <linux/module.h>

static int ret;
module_param(ret, int, 0444);

static int __init life_init(void)
{
	pr_info("life_return: returning %d\n", ret);
	return ret;
}

static void __exit life_exit(void)
{
	pr_info("life_return: exit\n");
}

module_init(life_init);
module_exit(life_exit);
MODULE_LICENSE("GPL");
