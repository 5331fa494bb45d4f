// SPDX-License-Identifier: GPL-2.0-or-later
/* Every tag that modinfo knows, and one to write another over it (retag in helpers.sh). */
#include <linux/module.h>

static int size;
module_param(size, int, 0444);
MODULE_PARM_DESC(size, "with a description");
static bool bare;
module_param(bare, bool, 0);

static int __init tagged_init(void)
{
	pr_info("tagged: init\n");
	return 0;
}
module_init(tagged_init);

static void __exit tagged_exit(void)
{
	pr_info("tagged: exit\n");
}
module_exit(tagged_exit);

MODULE_INFO(spare, "0123456789");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("One Author <one@example.org>");
MODULE_AUTHOR("Another");
MODULE_DESCRIPTION("A module with every tag: and a colon");
MODULE_VERSION("1.2.3-rc4");
MODULE_ALIAS("another-name");
MODULE_ALIAS("wild-*-name");
MODULE_FIRMWARE("some/firmware.bin");
MODULE_SOFTDEP("pre: crc7 post: crc8");
