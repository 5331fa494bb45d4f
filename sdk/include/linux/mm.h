/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <asm/page.h>
#include <linux/align.h>
#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/mm_types.h>
#include <linux/mmdebug.h>
#include <linux/slab.h>

#define vmemmap               ((struct page *)vmemmap_base)
#define pfn_to_page(pfn)      (vmemmap + (pfn))
#define page_to_pfn(page)     ((unsigned long)((page)-vmemmap))
#define virt_to_page(address) pfn_to_page(__pa(address) >> PAGE_SHIFT)
#define page_address(page)    __va(page_to_pfn(page) << PAGE_SHIFT)
#define page_to_virt(page)    page_address(page)
#define page_to_phys(page)    ((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)
#define virt_to_phys(address) ((phys_addr_t)__pa(address))
#define phys_to_virt(address) __va(address)
#define PAGE_ALIGN(addr)      ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr)    IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define offset_in_page(p)     ((unsigned long)(p) & ~PAGE_MASK)
#define PFN_UP(x)             (((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x)           ((x) >> PAGE_SHIFT)
#define PFN_PHYS(x)           ((phys_addr_t)(x) << PAGE_SHIFT)

static inline int page_count(const struct page *page)
{
	return atomic_read(&page->_refcount);
}
static inline void get_page(struct page *page)
{
	atomic_inc(&page->_refcount);
}
void put_page(struct page *page);
struct page *vmalloc_to_page(const void *addr);
bool is_vmalloc_addr(const void *x);
unsigned long totalram_pages(void);

#endif
