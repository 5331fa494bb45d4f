// SPDX-License-Identifier: GPL-2.0-or-later
/* Logs bytes that would steer a terminal, break JSON, or are no UTF-8. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

static int __init bytes_init(void)
{
	printk(KERN_INFO "bytes: escape \033[2J quote \" backslash \\ tab \t end\n");
	printk(KERN_INFO "bytes: latin-1 \xe9 utf-8 \xc3\xa9 cut \xc3\n");
	return 0;
}

static void __exit bytes_exit(void)
{
}

module_init(bytes_init);
module_exit(bytes_exit);
MODULE_LICENSE("GPL");
