// SPDX-License-Identifier: GPL-2.0-or-later
/* An init without an exit: Linux never unloads it. */
#include <linux/init.h>
#include <linux/module.h>

static int __init permanent_init(void)
{
	return 0;
}

module_init(permanent_init);
MODULE_LICENSE("GPL");
