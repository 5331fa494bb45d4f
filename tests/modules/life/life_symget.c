// SPDX-License-Identifier: GPL-2.0-or-later
/* __symbol_get() of a GPL-only symbol, of another one, and of none. */
#include <linux/module.h>

static int __init life_init(void)
{
	void *gpl = __symbol_get("life_gpl"), *plain = __symbol_get("life_plain");
	void *none = __symbol_get("life_no_such_symbol");

	pr_info("life_symget: gpl %d, plain %d, none %d\n", !!gpl, !!plain, !!none);
	return 0;
}

static void __exit life_exit(void)
{
	__symbol_put("life_gpl");
}

module_init(life_init);
module_exit(life_exit);
MODULE_LICENSE("GPL");
