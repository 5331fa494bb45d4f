/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_LOG2_H
#define _LINUX_LOG2_H

#include <linux/bitops.h>
#include <linux/types.h>

#define is_power_of_2(n) ((n) != 0 && (((n) & ((n)-1)) == 0))
#define ilog2(n)                                                                                   \
	(__builtin_constant_p(n) ? ((n) < 2 ? 0 : 63 - __builtin_clzll(n))                         \
				 : (sizeof(n) <= 4 ? fls((u32)(n)) - 1 : fls64(n) - 1))
#define __roundup_pow_of_two(n)   (1UL << fls64((n)-1))
#define __rounddown_pow_of_two(n) (1UL << (fls64(n) - 1))
#define roundup_pow_of_two(n)                                                                      \
	(__builtin_constant_p(n) ? (((n) == 1) ? 1UL : (1UL << (ilog2((n)-1) + 1)))                \
				 : __roundup_pow_of_two(n))
#define rounddown_pow_of_two(n)                                                                    \
	(__builtin_constant_p(n) ? (1UL << ilog2(n)) : __rounddown_pow_of_two(n))
#define order_base_2(n) ((n) > 1 ? ilog2((n)-1) + 1 : 0)
static inline int get_order(unsigned long size)
{
	return size <= 4096 ? 0 : fls64((size - 1) >> 12);
}

#endif
