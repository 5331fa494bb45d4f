/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_PAGE_H
#define _ASM_PAGE_H

#include <linux/const.h>
#include <linux/types.h>

#define PAGE_SHIFT        CONFIG_PAGE_SHIFT
#define PAGE_SIZE         (_AC(1, UL) << PAGE_SHIFT)
#define PAGE_MASK         (~(PAGE_SIZE - 1))
#define THREAD_SIZE_ORDER 2
#define THREAD_SIZE       (PAGE_SIZE << THREAD_SIZE_ORDER)

extern unsigned long page_offset_base;
extern unsigned long vmemmap_base;
#define PAGE_OFFSET page_offset_base
#define __va(x)     ((void *)((unsigned long)(x) + PAGE_OFFSET))
#define __pa(x)     ((unsigned long)(x)-PAGE_OFFSET)

#endif
