// SPDX-License-Identifier: GPL-2.0-or-later
/* Gives all of its memory back, some of it after it is gone itself. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

struct late {
	struct rcu_head rcu;
	long number;
};

static struct late *late[100];

static int __init late_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(late); i++) {
		late[i] = kmalloc(sizeof(*late[i]), GFP_KERNEL);
		if (!late[i])
			return -ENOMEM;
	}
	return 0;
}

static void __exit late_exit(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(late); i++)
		kfree_rcu(late[i], rcu);
}

module_init(late_init);
module_exit(late_exit);
MODULE_LICENSE("GPL");
