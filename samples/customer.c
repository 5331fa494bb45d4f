// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Imports of every kind from shop.c: by the linker, by name at run time, weak
 * ones that nobody exports, and with a reference taken on the owner.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include "shop.h"

MODULE_IMPORT_NS(SHOP);

/* Nobody exports it: its address is 0. */
extern int shop_bargain(int item) __attribute__((weak));

static void by_name(void)
{
	int (*sell)(int item) = symbol_get(shop_sell_gpl);

	if (!sell) {
		pr_err("symbol_get found nothing\n");
		return;
	}
	pr_info("by name: %d, the same function: %d\n", sell(4), sell == shop_sell_gpl);
	symbol_put(shop_sell_gpl);
	pr_info("no such symbol: %d\n", __symbol_get("shop_sell_nothing") == NULL);
}

static int __init customer_init(void)
{
	pr_info("plain %d, GPL %d, members %d\n", shop_sell(1), shop_sell_gpl(2),
		shop_sell_members(3));
	pr_info("bargain: %d\n", shop_bargain ? shop_bargain(1) : 0);
	by_name();
	pr_info("sold %d\n", shop_sold);
	return 0;
}

static void __exit customer_exit(void)
{
}

module_init(customer_init);
module_exit(customer_exit);
MODULE_DESCRIPTION("Imports of every kind");
MODULE_LICENSE("GPL");
