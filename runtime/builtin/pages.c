// SPDX-License-Identifier: GPL-2.0-or-later
/* Pages of the direct map, and vmalloc. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "builtin.h"

#define MAX_ORDER 11
#define NO_PAGE   (~0UL)

static struct page *pages_take(gfp_t gfp, unsigned int order)
{
	unsigned long physical;
	struct page *page;

	if (order >= MAX_ORDER)
		return NULL;
	physical = r3hc_page_alloc(order, gfp & __GFP_ZERO ? R3_ALLOC_ZERO : 0);
	if (physical == NO_PAGE)
		return NULL;
	page = pfn_to_page(physical >> PAGE_SHIFT);
	page->order = order;
	atomic_set(&page->_refcount, 1);
	return page;
}

static void pages_give(struct page *page, unsigned int order)
{
	WARN(r3hc_page_free(page_to_pfn(page) << PAGE_SHIFT, order),
	     "bad page: %px of order %u was not allocated\n", page, order);
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = pages_take(gfp, order);

	if (page)
		r3hc_account(page_address(page), PAGE_SIZE << order, "pages");
	return page;
}
EXPORT_SYMBOL(alloc_pages);

void __free_pages(struct page *page, unsigned int order)
{
	if (!atomic_dec_and_test(&page->_refcount))
		return;
	r3hc_unaccount(page_address(page));
	pages_give(page, order);
}
EXPORT_SYMBOL(__free_pages);

void put_page(struct page *page)
{
	__free_pages(page, page->order);
}
EXPORT_SYMBOL(put_page);

unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order)
{
	struct page *page = alloc_pages(gfp_mask, order);

	return page ? (unsigned long)page_address(page) : 0;
}
EXPORT_SYMBOL(__get_free_pages);

unsigned long get_zeroed_page(gfp_t gfp_mask)
{
	return __get_free_pages(gfp_mask | __GFP_ZERO, 0);
}
EXPORT_SYMBOL(get_zeroed_page);

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page(addr), order);
}
EXPORT_SYMBOL(free_pages);

void *alloc_pages_exact(size_t size, gfp_t gfp_mask)
{
	return (void *)__get_free_pages(gfp_mask, get_order(size));
}
EXPORT_SYMBOL(alloc_pages_exact);

void free_pages_exact(void *virt, size_t size)
{
	free_pages((unsigned long)virt, get_order(size));
}
EXPORT_SYMBOL(free_pages_exact);

unsigned long totalram_pages(void)
{
	return boot_info->memory_size >> PAGE_SHIFT;
}
EXPORT_SYMBOL(totalram_pages);

/* ---- vmalloc ---- */

bool is_vmalloc_addr(const void *x)
{
	return (unsigned long)x - boot_info->vmalloc_base < boot_info->vmalloc_size;
}
EXPORT_SYMBOL(is_vmalloc_addr);

static void give_all(const unsigned long *physical, unsigned long n)
{
	while (n--)
		pages_give(pfn_to_page(physical[n] >> PAGE_SHIFT), 0);
}

static void *map_fresh_pages(unsigned long *physical, unsigned long n, gfp_t gfp)
{
	unsigned long i, address;

	for (i = 0; i < n; i++) {
		struct page *page = pages_take(gfp, 0);

		if (!page)
			break;
		physical[i] = page_to_pfn(page) << PAGE_SHIFT;
	}
	address = i == n ? r3hc_vmap(physical, n, R3_PROT_READ | R3_PROT_WRITE) : 0;
	if (!address)
		give_all(physical, i);
	return (void *)address;
}

void *__vmalloc(unsigned long size, gfp_t gfp_mask)
{
	unsigned long n = DIV_ROUND_UP(size, PAGE_SIZE);
	unsigned long *physical;
	void *address;

	if (!size || n > totalram_pages())
		return NULL;
	physical = r3hc_kmalloc(n * sizeof(*physical), R3_ALLOC_INTERNAL);
	if (!physical)
		return NULL;
	address = map_fresh_pages(physical, n, gfp_mask);
	kfree(physical);
	if (address)
		r3hc_account(address, n << PAGE_SHIFT, "vmalloc");
	else if (!(gfp_mask & __GFP_NOWARN))
		pr_warn("%s: vmalloc error: size %lu, failed to allocate pages\n",
			current ? current->comm : "kernel", size);
	return address;
}
EXPORT_SYMBOL(__vmalloc);

void *vmalloc(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL);
}
EXPORT_SYMBOL(vmalloc);

void *vzalloc(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL | __GFP_ZERO);
}
EXPORT_SYMBOL(vzalloc);

void *vmalloc_user(unsigned long size)
{
	return vzalloc(size);
}
EXPORT_SYMBOL(vmalloc_user);

/* Pages are given back one by one behind the mapping: all are looked up before it goes. */
void vfree(const void *addr)
{
	unsigned long address = (unsigned long)addr, physical, n = 0, i;
	unsigned long *pages;

	if (!addr)
		return;
	while (r3hc_vmalloc_physical(address + (n << PAGE_SHIFT)) != NO_PAGE)
		n++;
	pages = r3hc_kmalloc(max(n, 1UL) * sizeof(*pages), R3_ALLOC_INTERNAL);
	for (i = 0; pages && i < n; i++) {
		physical = r3hc_vmalloc_physical(address + (i << PAGE_SHIFT));
		pages[i] = physical;
	}
	i = r3hc_vunmap(address);
	if (WARN(!i, "Trying to vfree() nonexistent vm area (%px)\n", addr)) {
		kfree(pages);
		return;
	}
	r3hc_unaccount(addr);
	if (pages)
		give_all(pages, i);
	kfree(pages);
}
EXPORT_SYMBOL(vfree);

struct page *vmalloc_to_page(const void *addr)
{
	unsigned long physical = r3hc_vmalloc_physical((unsigned long)addr);

	return physical == NO_PAGE ? NULL : pfn_to_page(physical >> PAGE_SHIFT);
}
EXPORT_SYMBOL(vmalloc_to_page);

void *vmap(struct page **pages, unsigned int count, unsigned long flags, unsigned long prot)
{
	unsigned long *physical = kmalloc_array(count, sizeof(*physical), GFP_KERNEL);
	unsigned long address;
	unsigned int i;

	if (!physical)
		return NULL;
	for (i = 0; i < count; i++)
		physical[i] = page_to_pfn(pages[i]) << PAGE_SHIFT;
	address = r3hc_vmap(physical, count, prot);
	kfree(physical);
	return (void *)address;
}
EXPORT_SYMBOL(vmap);

void vunmap(const void *addr)
{
	if (addr)
		WARN(!r3hc_vunmap((unsigned long)addr),
		     "Trying to vunmap() nonexistent vm area (%px)\n", addr);
}
EXPORT_SYMBOL(vunmap);
