/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#include <linux/build_bug.h>
#include <linux/const.h>

/* Comparing pointers to the two types makes the compiler warn when they differ. */
#define __typecheck_pair(x, y) ((void)sizeof((typeof(x) *)1 == (typeof(y) *)1))
#define __careful_cmp(x, y, op)                                                                    \
	__builtin_choose_expr(__is_constexpr((x) - (y)), ((x)op(y) ? (x) : (y)), ({                \
				      typeof(x) __cmp_x = (x);                                     \
				      typeof(y) __cmp_y = (y);                                     \
				      __typecheck_pair(x, y);                                      \
				      __cmp_x op __cmp_y ? __cmp_x : __cmp_y;                      \
			      }))
#define min(x, y)         __careful_cmp(x, y, <)
#define max(x, y)         __careful_cmp(x, y, >)
#define min3(x, y, z)     min((typeof(x))min(x, y), z)
#define max3(x, y, z)     max((typeof(x))max(x, y), z)
#define min_t(type, x, y) __careful_cmp((type)(x), (type)(y), <)
#define max_t(type, x, y) __careful_cmp((type)(x), (type)(y), >)
#define min_not_zero(x, y)                                                                         \
	({                                                                                         \
		typeof(x) __mnz_x = (x);                                                           \
		typeof(y) __mnz_y = (y);                                                           \
		__mnz_x == 0 ? __mnz_y : ((__mnz_y == 0) ? __mnz_x : min(__mnz_x, __mnz_y));       \
	})
#define clamp(val, lo, hi)         min((typeof(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi)
#define clamp_val(val, lo, hi)     clamp_t(typeof(val), val, lo, hi)
#define swap(a, b)                                                                                 \
	do {                                                                                       \
		typeof(a) __swap = (a);                                                            \
		(a) = (b);                                                                         \
		(b) = __swap;                                                                      \
	} while (0)

#endif
