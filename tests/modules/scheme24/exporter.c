// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports of every kind of Linux 2.4, one of them of a static function. */
#include <linux/config.h>
#include <linux/modversions.h>
#include <linux/module.h>
#include "exporter.h"

int exporter_plain = 1;
EXPORT_SYMBOL_NOVERS(exporter_plain);

int exporter_versioned(int a)
{
	return a + EXPORTER_STEP;
}
EXPORT_SYMBOL(exporter_versioned);

int exporter_gpl(int a)
{
	return a - EXPORTER_STEP;
}
EXPORT_SYMBOL_GPL(exporter_gpl);

static int exporter_hidden(int a)
{
	return -a;
}
EXPORT_SYMBOL(exporter_hidden);

/* Global, but not exported: there is a table. */
int exporter_private(void)
{
	return 0;
}

int init_module(void)
{
	return 0;
}

void cleanup_module(void)
{
}

MODULE_LICENSE("GPL");
