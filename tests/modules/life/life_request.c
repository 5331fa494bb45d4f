// SPDX-License-Identifier: GPL-2.0-or-later
/* request_module() of a module that is there, and of one that is not. */
#include <linux/kmod.h>
#include <linux/module.h>

static int __init life_init(void)
{
	int found = request_module("life_noinit"), missing = request_module("life_no_such_module");

	pr_info("life_request: found %d, missing %d\n", found, missing);
	return 0;
}

static void __exit life_exit(void)
{
}

module_init(life_init);
module_exit(life_exit);
MODULE_LICENSE("GPL");
