/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_ALIGN_H
#define _LINUX_ALIGN_H

#include <linux/const.h>

#define __ALIGN_KERNEL_MASK(x, mask) (((x) + (mask)) & ~(mask))
#define __ALIGN_KERNEL(x, a)         __ALIGN_KERNEL_MASK(x, (typeof(x))(a)-1)
#define ALIGN(x, a)                  __ALIGN_KERNEL((x), (a))
#define ALIGN_DOWN(x, a)             __ALIGN_KERNEL((x) - ((a)-1), (a))
#define PTR_ALIGN(p, a)              ((typeof(p))ALIGN((unsigned long)(p), (a)))
#define PTR_ALIGN_DOWN(p, a)         ((typeof(p))ALIGN_DOWN((unsigned long)(p), (a)))
#define IS_ALIGNED(x, a)             (((x) & ((typeof(x))(a)-1)) == 0)

#endif
