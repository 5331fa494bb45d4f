// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls a function of the kernel for samples/kprobes to see. */
#include <linux/module.h>
#include <linux/rcupdate.h>

static int __init probed_init(void)
{
	synchronize_rcu();
	return 0;
}

static void __exit probed_exit(void)
{
}

module_init(probed_init);
module_exit(probed_exit);
MODULE_LICENSE("GPL");
