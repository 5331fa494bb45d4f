// SPDX-License-Identifier: GPL-2.0-or-later
/* pr_debug() lines that only the dyndbg parameter switches on. */
#include <linux/module.h>

static noinline void quiet_place(void)
{
	pr_debug("from the quiet place\n");
}

static int __init debug_init(void)
{
	pr_debug("from init\n");
	quiet_place();
	return 0;
}

static void __exit debug_exit(void)
{
}

module_init(debug_init);
module_exit(debug_exit);
MODULE_DESCRIPTION("Dynamic debug");
MODULE_LICENSE("GPL");
