// SPDX-License-Identifier: GPL-2.0-or-later
/* Imports two functions that nobody has, and one weakly. */
#include <linux/init.h>
#include <linux/module.h>

void nobody_has_this(void);
void nor_that(void);
void maybe_this(void) __attribute__((weak));

static int __init lacks_init(void)
{
	nobody_has_this();
	nor_that();
	if (maybe_this)
		maybe_this();
	return 0;
}

static void __exit lacks_exit(void)
{
}

module_init(lacks_init);
module_exit(lacks_exit);
MODULE_LICENSE("GPL");
