// SPDX-License-Identifier: GPL-2.0-or-later
/* Static keys: branches that are rewritten in the code; and data that is read-only after init. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/cache.h>
#include <linux/jump_label.h>
#include <linux/module.h>

static DEFINE_STATIC_KEY_FALSE(off_key);
static DEFINE_STATIC_KEY_TRUE(on_key);

static int set_once __ro_after_init;

static noinline int which(void)
{
	int result = 0;

	if (static_branch_unlikely(&off_key))
		result |= 1;
	if (static_branch_likely(&off_key))
		result |= 2;
	if (static_branch_unlikely(&on_key))
		result |= 4;
	if (static_branch_likely(&on_key))
		result |= 8;
	return result;
}

static void __init count(void)
{
	static_branch_inc(&off_key);
	static_branch_inc(&off_key);
	pr_info("counted: %d, %#x\n", static_key_count(&off_key.key), which());
	static_branch_dec(&off_key);
	pr_info("once less: %#x\n", which());
	static_branch_dec(&off_key);
	pr_info("none left: %#x\n", which());
}

static int __init keys_init(void)
{
	pr_info("at first: %#x\n", which());
	static_branch_enable(&off_key);
	pr_info("both on: %#x\n", which());
	static_branch_disable(&on_key);
	static_branch_disable(&off_key);
	pr_info("both off: %#x\n", which());
	count();
	set_once = 42;
	return 0;
}

static void __exit keys_exit(void)
{
	static_branch_enable(&on_key);
	pr_info("at last: %#x, set once: %d\n", which(), set_once);
}

module_init(keys_init);
module_exit(keys_exit);
MODULE_DESCRIPTION("Branches in the code itself");
MODULE_LICENSE("GPL");
