// SPDX-License-Identifier: GPL-2.0-or-later
/* Depends on middle and on low. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

int low_add(int number);
int middle_twice(int number);
unsigned long high_length(const char *text);

/* For --call: reads memory that it is given. */
unsigned long high_length(const char *text)
{
	unsigned long length = 0;

	while (text[length])
		length++;
	return length;
}

static int __init high_init(void)
{
	printk(KERN_INFO "high: init %d %d\n", low_add(1), middle_twice(1));
	return 0;
}

static void __exit high_exit(void)
{
	printk(KERN_INFO "high: exit\n");
}

module_init(high_init);
module_exit(high_exit);
MODULE_LICENSE("GPL");
