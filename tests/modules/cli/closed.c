// SPDX-License-Identifier: GPL-2.0-or-later
/* Wants a GPL-only symbol without a licence for it; its description is overwritten by the test. */
#include <linux/init.h>
#include <linux/module.h>

int low_add(int number);

static int __init closed_init(void)
{
	return low_add(1) - 1;
}

static void __exit closed_exit(void)
{
}

module_init(closed_init);
module_exit(closed_exit);
MODULE_DESCRIPTION("needs low");
MODULE_LICENSE("Proprietary");
