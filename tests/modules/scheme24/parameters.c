// SPDX-License-Identifier: GPL-2.0-or-later
/* Parameters that nobody but insmod writes, documentation, a device table, no exports. */
#include <linux/init.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

static int number[3] = {42};
MODULE_PARM(number, "1-3i");
MODULE_PARM_DESC(number, "some numbers");
static char *text;
MODULE_PARM(text, "s");

static struct pci_device_id devices[] = {
	{PCI_DEVICE(0x1234, 0x5678)},
	{},
};
MODULE_DEVICE_TABLE(pci, devices);

static int __init parameters_init(void)
{
	printk(KERN_INFO "parameters: %d %d %s\n", number[0], number[2], text ? text : "none");
	return 0;
}

static void __exit parameters_exit(void)
{
}

module_init(parameters_init);
module_exit(parameters_exit);
EXPORT_NO_SYMBOLS;
MODULE_AUTHOR("nobody");
MODULE_DESCRIPTION("parameters that nobody writes");
MODULE_SUPPORTED_DEVICE("one");
MODULE_LICENSE("GPL");
