/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory: what the files about pages, slabs, vmalloc and user copies share. */
#ifndef RING3_LINUX_MEMORY_H
#define RING3_LINUX_MEMORY_H

#include <linux/mm.h>
#include <ring3/hypercall.h>
#include "compat.h"

/* page.c; memory_init: before anything is allocated or an address is taken apart. */
void memory_init(const struct r3_boot_info *info);
/* Pages that the host handed out get the struct page of an allocation, and lose it again. */
void page_prepare(struct page *page, unsigned int order, gfp_t flags);
void page_retire(struct page *page);
void report_no_memory(gfp_t flags, unsigned int order);

/* An object of a slab was handed out: its page is one of the slab allocator's. */
void page_mark_slab(const void *object);

/* The slab object that an address lies in, and how it may be copied to and from users. */
struct slab_object {
	void *start;
	unsigned long useroffset, usersize; /* the part that may be copied */
	const char *cache;
};
bool slab_object_of(const void *address, struct slab_object *object);

/* vmalloc.c; the address range that belongs to it */
extern unsigned long vmalloc_size;

/* usercopy.c */
extern unsigned long r3_user_base, r3_user_size;
unsigned long r3_copy_faulting(void *to, const void *from, unsigned long size);
unsigned long r3_clear_faulting(void *to, unsigned long size);

/*
 * 6.6 put a compound page's order and counts into struct folio, 6.11 made
 * "of the slab allocator" a page type instead of a flag.
 */
#if R3_LINUX(6, 6)
static inline void compound_set_order(struct page *page, unsigned int order)
{
	struct folio *folio = (struct folio *)page;

	folio->_flags_1 = (folio->_flags_1 & ~0xffUL) | order;
#ifdef CONFIG_64BIT
	folio->_folio_nr_pages = 1U << order;
#endif
	atomic_set(&folio->_large_mapcount, -1);
	atomic_set(&folio->_entire_mapcount, -1);
	atomic_set(&folio->_nr_pages_mapped, 0);
	atomic_set(&folio->_pincount, 0);
}
#else
static inline void compound_set_order(struct page *page, unsigned int order)
{
	page[1].compound_dtor = COMPOUND_PAGE_DTOR;
	set_compound_order(page, order);
	atomic_set(compound_mapcount_ptr(page), -1);
	atomic_set(compound_pincount_ptr(page), 0);
}
#endif

static inline bool page_is_slab(struct page *page)
{
	return PageSlab(page);
}

static inline void page_set_slab(struct page *page)
{
#if R3_LINUX(6, 9)
	__folio_set_slab((struct folio *)page);
#else
	__SetPageSlab(page);
#endif
}

#endif
