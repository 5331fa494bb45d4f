// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses life_base. */
#include <linux/module.h>

int life_plain(void);
int life_gpl(void);

static int __init life_init(void)
{
	pr_info("life_user: %d\n", life_plain() + life_gpl());
	return 0;
}

static void __exit life_exit(void)
{
}

module_init(life_init);
module_exit(life_exit);
MODULE_LICENSE("GPL");
