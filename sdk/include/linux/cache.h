/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_CACHE_H
#define _LINUX_CACHE_H

#include <linux/compiler.h>

#define L1_CACHE_SHIFT                        6
#define L1_CACHE_BYTES                        (1 << L1_CACHE_SHIFT)
#define SMP_CACHE_BYTES                       L1_CACHE_BYTES
#define L1_CACHE_ALIGN(x)                     (((x) + L1_CACHE_BYTES - 1) & ~(typeof(x))(L1_CACHE_BYTES - 1))
#define ____cacheline_aligned                 __aligned(L1_CACHE_BYTES)
#define ____cacheline_aligned_in_smp          ____cacheline_aligned
#define __cacheline_aligned                   __aligned(L1_CACHE_BYTES) __section(".data..cacheline_aligned")
#define __cacheline_aligned_in_smp            __cacheline_aligned
#define ____cacheline_internodealigned_in_smp ____cacheline_aligned
#define __read_mostly                         __section(".data..read_mostly")
#define __ro_after_init                       __section(".data..ro_after_init")
#define cache_line_size()                     L1_CACHE_BYTES

#endif
