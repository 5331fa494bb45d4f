// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pieces of a compound page, handed out from its end downwards; each holds one
 * of its references. Rules of page_frag_alloc() in mm/page_alloc.c.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include "compat.h"

/* More references than a page has bytes: they are given away without counting each. */
#define BIAS (PAGE_FRAG_CACHE_MAX_SIZE + 1)

static bool refill(struct page_frag_cache *nc, gfp_t gfp)
{
	gfp_t large = (gfp & ~__GFP_DIRECT_RECLAIM) | __GFP_COMP | __GFP_NOWARN | __GFP_NORETRY |
		      __GFP_NOMEMALLOC;
	unsigned int size = PAGE_FRAG_CACHE_MAX_SIZE;
	struct page *page = alloc_pages(large, PAGE_FRAG_CACHE_MAX_ORDER);

	if (!page) {
		size = PAGE_SIZE;
		page = alloc_pages(gfp, 0);
	}
	nc->va = page ? page_address(page) : NULL;
	if (!page)
		return false;
	page_ref_add(page, BIAS - 1);
	nc->pagecnt_bias = BIAS;
	nc->pfmemalloc = page_is_pfmemalloc(page);
	nc->offset = size;
#if PAGE_SIZE < PAGE_FRAG_CACHE_MAX_SIZE
	nc->size = size;
#endif
	return true;
}

static unsigned int size_of(const struct page_frag_cache *nc)
{
#if PAGE_SIZE < PAGE_FRAG_CACHE_MAX_SIZE
	return nc->size;
#else
	return PAGE_SIZE;
#endif
}

static void *frag_alloc(struct page_frag_cache *nc, unsigned int size, gfp_t gfp, unsigned int mask)
{
	struct page *page;

	if (unlikely(!nc->va) && !refill(nc, gfp))
		return NULL;
	if (unlikely(nc->offset < size)) {
		page = virt_to_page(nc->va);
		if (!page_ref_sub_and_test(page, nc->pagecnt_bias)) {
			/* Pieces of it are still out: the last of them frees it. */
			if (!refill(nc, gfp))
				return NULL;
		} else {
			set_page_count(page, BIAS);
			nc->pagecnt_bias = BIAS;
			nc->offset = size_of(nc);
		}
		if (unlikely(nc->offset < size))
			return NULL;
	}
	nc->pagecnt_bias--;
	nc->offset = (nc->offset - size) & mask;
	return nc->va + nc->offset;
}

#if R3_LINUX(6, 10)
void *__page_frag_alloc_align(struct page_frag_cache *nc, unsigned int fragsz, gfp_t gfp_mask,
			      unsigned int align_mask)
{
	return frag_alloc(nc, fragsz, gfp_mask, align_mask);
}
EXPORT_SYMBOL(__page_frag_alloc_align);
#else
void *page_frag_alloc_align(struct page_frag_cache *nc, unsigned int fragsz, gfp_t gfp_mask,
			    unsigned int align_mask)
{
	return frag_alloc(nc, fragsz, gfp_mask, align_mask);
}
EXPORT_SYMBOL(page_frag_alloc_align);
#endif

void __page_frag_cache_drain(struct page *page, unsigned int count)
{
	/* All but one go uncounted; the last decides. */
	if (count > 1)
		page_ref_sub(page, count - 1);
	put_page(page);
}
EXPORT_SYMBOL(__page_frag_cache_drain);

#if R3_LINUX(6, 10)
void page_frag_cache_drain(struct page_frag_cache *nc)
{
	if (!nc->va)
		return;
	__page_frag_cache_drain(virt_to_head_page(nc->va), nc->pagecnt_bias);
	nc->va = NULL;
}
EXPORT_SYMBOL(page_frag_cache_drain);
#endif

void page_frag_free(void *addr)
{
	put_page(virt_to_head_page(addr));
}
EXPORT_SYMBOL(page_frag_free);
