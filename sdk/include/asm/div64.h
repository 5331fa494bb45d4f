/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_DIV64_H
#define _ASM_DIV64_H

#include <linux/types.h>

/* n becomes the quotient; the value is the remainder. */
#define do_div(n, base)                                                                            \
	({                                                                                         \
		u32 __base = (base);                                                               \
		u32 __rem = (u64)(n) % __base;                                                     \
		(n) = (u64)(n) / __base;                                                           \
		__rem;                                                                             \
	})

#endif
