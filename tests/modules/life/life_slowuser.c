// SPDX-License-Identifier: GPL-2.0-or-later
/* Needs a symbol of life_slow. */
#include <linux/module.h>

int life_slow_value(void);

static int __init life_init(void)
{
	pr_info("life_slowuser: %d\n", life_slow_value());
	return 0;
}

static void __exit life_exit(void)
{
}

module_init(life_init);
module_exit(life_exit);
MODULE_LICENSE("GPL");
