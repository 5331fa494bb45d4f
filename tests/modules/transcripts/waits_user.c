// SPDX-License-Identifier: GPL-2.0-or-later
/* Needs a symbol of waits. */
#include <linux/module.h>

int waits_value(void);

static int __init waits_user_init(void)
{
	pr_info("waits_user: %d\n", waits_value());
	return 0;
}
module_init(waits_user_init);

static void __exit waits_user_exit(void)
{
}
module_exit(waits_user_exit);

MODULE_LICENSE("GPL");
