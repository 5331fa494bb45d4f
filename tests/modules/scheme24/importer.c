// SPDX-License-Identifier: GPL-2.0-or-later
/* Imports what exporter.c exports; has no table of exports. */
#include <linux/init.h>
#include <linux/module.h>
#include "exporter.h"

int importer_global;

static int __init importer_init(void)
{
	printk(KERN_INFO "importer: %d %d %d\n", exporter_versioned(1), exporter_gpl(1),
	       exporter_plain);
	return 0;
}

static void __exit importer_exit(void)
{
}

module_init(importer_init);
module_exit(importer_exit);
MODULE_LICENSE("GPL");
