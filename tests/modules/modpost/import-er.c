// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses the exporter, and has a name with a '-'. */
#include <linux/module.h>
#include <linux/version.h>
#include "exporter.h"

MODULE_LICENSE("GPL");
MODULE_VERSION("2");
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS("EXPORTER");
#else
MODULE_IMPORT_NS(EXPORTER);
#endif

static int __init importer_init(void)
{
	return exporter_gpl(1) + exporter_namespaced(2) + exporter_data > 1000;
}

static void __exit importer_exit(void)
{
}

module_init(importer_init);
module_exit(importer_exit);
