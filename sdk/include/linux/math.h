/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_MATH_H
#define _LINUX_MATH_H

#include <linux/types.h>

#define __round_mask(x, y)           ((__typeof__(x))((y)-1))
#define round_up(x, y)               ((((x)-1) | __round_mask(x, y)) + 1)
#define round_down(x, y)             ((x) & ~__round_mask(x, y))
#define __KERNEL_DIV_ROUND_UP(n, d)  (((n) + (d)-1) / (d))
#define DIV_ROUND_UP                 __KERNEL_DIV_ROUND_UP
#define DIV_ROUND_DOWN_ULL(ll, d)    ((unsigned long long)(ll) / (d))
#define DIV_ROUND_UP_ULL(ll, d)      (((unsigned long long)(ll) + (d)-1) / (d))
#define DIV_ROUND_UP_SECTOR_T(ll, d) DIV_ROUND_UP_ULL(ll, d)
#define roundup(x, y)                                                                              \
	({                                                                                         \
		typeof(y) __y = y;                                                                 \
		(((x) + (__y - 1)) / __y) * __y;                                                   \
	})
#define rounddown(x, y)                                                                            \
	({                                                                                         \
		typeof(x) __x = (x);                                                               \
		__x - (__x % (y));                                                                 \
	})
#define DIV_ROUND_CLOSEST(x, divisor)                                                              \
	({                                                                                         \
		typeof(x) __x = x;                                                                 \
		typeof(divisor) __d = divisor;                                                     \
		(((typeof(x))-1) > 0 || ((typeof(divisor))-1) > 0 || (((__x) > 0) == ((__d) > 0))) \
			? (((__x) + ((__d) / 2)) / (__d))                                          \
			: (((__x) - ((__d) / 2)) / (__d));                                         \
	})
#define DIV_ROUND_CLOSEST_ULL(x, divisor)                                                          \
	(((unsigned long long)(x) + (divisor) / 2) / (unsigned long long)(divisor))
#define mult_frac(x, n, d)                                                                         \
	({                                                                                         \
		typeof(x) __x = (x);                                                               \
		typeof(n) __n = (n);                                                               \
		typeof(d) __d = (d);                                                               \
		typeof(x) __q = __x / __d;                                                         \
		typeof(x) __r = __x % __d;                                                         \
		__q *__n + __r *__n / __d;                                                         \
	})
#define sector_div(n, b)                                                                           \
	({                                                                                         \
		typeof(b) __b = (b);                                                               \
		int __rem = (n) % __b;                                                             \
		(n) /= __b;                                                                        \
		__rem;                                                                             \
	})
#define __abs_choose_expr(x, type, other)                                                          \
	__builtin_choose_expr(__same_type(x, signed type) || __same_type(x, unsigned type), ({     \
				      signed type __x = (x);                                       \
				      __x < 0 ? -__x : __x;                                        \
			      }),                                                                  \
			      other)
#define abs(x)                                                                                     \
	__abs_choose_expr(                                                                         \
		x, long long,                                                                      \
		__abs_choose_expr(                                                                 \
			x, long,                                                                   \
			__abs_choose_expr(x, int, __abs_choose_expr(x, short, ((signed char)({     \
									    signed char __x = (x); \
									    __x < 0 ? -__x : __x;  \
								    }))))))
#define abs_diff(a, b)                                                                             \
	({                                                                                         \
		typeof(a) __a = (a);                                                               \
		typeof(b) __b = (b);                                                               \
		__a > __b ? (__a - __b) : (__b - __a);                                             \
	})
#define reciprocal_scale(val, ep_ro) ((u32)(((u64)(val) * (ep_ro)) >> 32))
unsigned long int_sqrt(unsigned long x);

#endif
