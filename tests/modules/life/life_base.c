// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports one symbol of each kind. */
#include <linux/module.h>

int life_plain(void);
int life_plain(void)
{
	return 1;
}
EXPORT_SYMBOL(life_plain);

int life_gpl(void);
int life_gpl(void)
{
	return 2;
}
EXPORT_SYMBOL_GPL(life_gpl);

static int __init life_init(void)
{
	return 0;
}

static void __exit life_exit(void)
{
	pr_info("life_base: exit\n");
}

module_init(life_init);
module_exit(life_exit);
MODULE_LICENSE("GPL");
