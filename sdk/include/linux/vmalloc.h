/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/gfp.h>
#include <linux/types.h>

void *vmalloc(unsigned long size) __alloc_size(1);
void *vzalloc(unsigned long size) __alloc_size(1);
void *__vmalloc(unsigned long size, gfp_t gfp_mask);
void *vmalloc_user(unsigned long size);
void vfree(const void *addr);
#define VM_MAP 0x00000004
void *vmap(struct page **pages, unsigned int count, unsigned long flags, unsigned long prot);
void vunmap(const void *addr);
#define PAGE_KERNEL 3UL

#endif
