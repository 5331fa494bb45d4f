// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes a reference on itself and never drops it. */
#include <linux/init.h>
#include <linux/module.h>

static int __init clings_init(void)
{
	__module_get(THIS_MODULE);
	return 0;
}

static void __exit clings_exit(void)
{
}

module_init(clings_init);
module_exit(clings_exit);
MODULE_LICENSE("GPL");
