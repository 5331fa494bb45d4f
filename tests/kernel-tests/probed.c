// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls a function of the kernel for samples/kprobes to see. */
#include <linux/module.h>
#include <linux/slab.h>

static int __init probed_init(void)
{
	void *memory = kmalloc(100, GFP_KERNEL);
	size_t size = ksize(memory);

	kfree(memory);
	return size >= 100 ? 0 : -ENOMEM;
}

static void __exit probed_exit(void)
{
}

module_init(probed_init);
module_exit(probed_exit);
MODULE_LICENSE("GPL");
