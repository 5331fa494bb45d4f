// SPDX-License-Identifier: GPL-2.0-or-later
/* Records of the log: of several lines, continued, alone, of a device, too many. */
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#if __has_include(<linux/device.h>)
#include <linux/device.h>

/* Never registered: its name and bus are all that a message takes. */
static const struct bus_type bus = {.name = "files"};
static struct device device = {.init_name = "log0", .bus = (struct bus_type *)&bus};

static void log_of_device(void)
{
	dev_info(&device, "is here\n");
}
#else
static void log_of_device(void)
{
}
#endif

static int __init files_log_init(void)
{
	pr_info("files_log: two\nlines\n");
	pr_info("files_log: in ");
	pr_cont("pieces\n");
	pr_cont("files_log: alone\n");
	log_of_device();
	pr_info("files_log: loaded by %s\n", current->comm);
	for (int i = 0; i < 15; i++)
		pr_info_ratelimited("files_log: too often\n");
	return 0;
}
module_init(files_log_init);

static void __exit files_log_exit(void)
{
	pr_info("files_log: unloaded by %s\n", current->comm);
}
module_exit(files_log_exit);

MODULE_LICENSE("GPL");
