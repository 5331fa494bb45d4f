// SPDX-License-Identifier: GPL-2.0-or-later
/* An init without an exit: permanent. */
#include <linux/module.h>

static int __init life_init(void)
{
	return 0;
}

module_init(life_init);
MODULE_LICENSE("GPL");
