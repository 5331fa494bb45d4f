// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports of every kind: plain, GPL-only, in a namespace, data. customer.c buys. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include "shop.h"

int shop_sold;
EXPORT_SYMBOL(shop_sold);

int shop_sell(int item)
{
	shop_sold++;
	return item * 10;
}
EXPORT_SYMBOL(shop_sell);

int shop_sell_gpl(int item)
{
	shop_sold++;
	return item * 9;
}
EXPORT_SYMBOL_GPL(shop_sell_gpl);

int shop_sell_members(int item)
{
	shop_sold++;
	return item * 8;
}
EXPORT_SYMBOL_NS_GPL(shop_sell_members, SHOP);

static int __init shop_init(void)
{
	pr_info("open\n");
	return 0;
}

static void __exit shop_exit(void)
{
	pr_info("closed, %d sold\n", shop_sold);
}

module_init(shop_init);
module_exit(shop_exit);
MODULE_DESCRIPTION("Exports of every kind");
MODULE_LICENSE("GPL");
