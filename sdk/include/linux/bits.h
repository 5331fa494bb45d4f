/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_BITS_H
#define _LINUX_BITS_H

#include <linux/const.h>

#define BITS_PER_BYTE          8
#define BITS_PER_LONG          64
#define BITS_PER_LONG_LONG     64
#define BIT(nr)                (UL(1) << (nr))
#define BIT_ULL(nr)            (ULL(1) << (nr))
#define BIT_MASK(nr)           (UL(1) << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr)           ((nr) / BITS_PER_LONG)
#define BIT_ULL_MASK(nr)       (ULL(1) << ((nr) % BITS_PER_LONG_LONG))
#define BIT_ULL_WORD(nr)       ((nr) / BITS_PER_LONG_LONG)
#define GENMASK(high, low)     ((~UL(0) << (low)) & (~UL(0) >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) ((~ULL(0) << (low)) & (~ULL(0) >> (BITS_PER_LONG_LONG - 1 - (high))))

#endif
