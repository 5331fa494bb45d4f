/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What shop.ko sells. */
#ifndef SHOP_H
#define SHOP_H

int shop_sell(int item);         /* to anybody */
int shop_sell_gpl(int item);     /* to modules under the GPL */
int shop_sell_members(int item); /* to those who import the namespace SHOP */
extern int shop_sold;

#endif
