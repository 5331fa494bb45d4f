// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports of each kind, parameters, a version with characters that C escapes. */
#include <linux/module.h>
#include <linux/init.h>
#include "exporter.h"

MODULE_LICENSE("GPL");
MODULE_VERSION("1.2\"x");
MODULE_DESCRIPTION("exports of each kind");
MODULE_ALIAS("exporter-alias");

static char *who = "world \" // no comment"; /* a comment " with a quote */
module_param(who, charp, 0644);

int exporter_gpl(int a)
{
	return a + EXPORTER_STEP;
}
EXPORT_SYMBOL_GPL(exporter_gpl);

int exporter_namespaced(int a)
{
	return a - EXPORTER_STEP;
}
EXPORT_SYMBOL_NS(exporter_namespaced, EXPORTER);

int exporter_data = 1;
EXPORT_SYMBOL(exporter_data);

static int __init exporter_init(void)
{
	pr_info("hello, %s\n", who);
	return 0;
}

static void __exit exporter_exit(void)
{
}

module_init(exporter_init);
module_exit(exporter_exit);
