// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses that fault, and end in the exception table of the module. */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <asm/uaccess.h>

#define TRY(type)                                                                                  \
	do {                                                                                       \
		type *here = memory, value = 1;                                                    \
		int put = __put_user((type)-2, here), get = __get_user(value, here);               \
		int bad = __get_user(value, (type *)8), worse = __put_user(value, (type *)8);      \
                                                                                                   \
		printk(KERN_INFO "user_memory: %zu bytes: %d %d, %lld, %d %d, %lld\n",             \
		       sizeof(type), put, get, (long long)*here, bad, worse, (long long)value);    \
	} while (0)

static int __init user_memory_init(void)
{
	void *memory = kmalloc(8, GFP_KERNEL);
	int value = 1;

	if (!memory)
		return -ENOMEM;
	TRY(signed char);
	TRY(short);
	TRY(int);
	TRY(long);
	/* The kernel's memory is no user's. */
	printk(KERN_INFO "user_memory: %d %d, %d\n", get_user(value, (int *)memory),
	       put_user(value, (int *)memory), value);
	kfree(memory);
	return 0;
}

static void __exit user_memory_exit(void)
{
}

module_init(user_memory_init);
module_exit(user_memory_exit);
MODULE_LICENSE("GPL");
