// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The page allocator's interface. The host keeps the free blocks; here every
 * block that is handed out gets the struct page that Linux would give it:
 * reference count, zone, compound heads. Rules of mm/page_alloc.c, mm/swap.c.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/pagemap.h>
#include <linux/pagevec.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <ring3/hypercall.h>
#include "compat.h"
#include "memory.h"

/* ---- struct page ---- */

static void page_reset(struct page *page)
{
	memset(page, 0, sizeof(*page));
	set_page_zone(page, ZONE_NORMAL);
	set_page_node(page, 0);
	atomic_set(&page->_mapcount, -1);
	INIT_LIST_HEAD(&page->lru);
}

static void compound_prepare(struct page *page, unsigned int order)
{
	unsigned int i;

	__SetPageHead(page);
	for (i = 1; i < 1U << order; i++) {
		page[i].mapping = TAIL_MAPPING;
		set_compound_head(page + i, page);
	}
	compound_set_order(page, order);
}

void page_prepare(struct page *page, unsigned int order, gfp_t flags)
{
	unsigned int i;

	for (i = 0; i < 1U << order; i++)
		page_reset(page + i);
	set_page_count(page, 1);
	if (order && (flags & __GFP_COMP))
		compound_prepare(page, order);
}

void page_retire(struct page *page)
{
	unsigned int i, count = 1U << compound_order(page);

	for (i = 0; i < count; i++)
		page_reset(page + i);
}

void page_mark_slab(const void *object)
{
	struct page *page = virt_to_page(object);

	if (likely(page_is_slab(page)))
		return;
	page_prepare(page, 0, 0);
	page_set_slab(page);
}

/* ---- running out, and misuse ---- */

void report_no_memory(gfp_t flags, unsigned int order)
{
	static DEFINE_RATELIMIT_STATE(limit, 10 * HZ, 1);

	if ((flags & __GFP_NOWARN) || !__ratelimit(&limit))
		return;
	pr_warn("%s: page allocation failure: order:%u, mode:%#x(%pGg), nodemask=(null)\n",
		current->comm, order, flags, &flags);
	dump_stack();
}

static void bad_page(struct page *page, const char *reason)
{
	pr_alert("BUG: Bad page state in process %s  pfn:%05lx\n", current->comm,
		 page_to_pfn(page));
	pr_warn("page dumped because: %s\n", reason);
	dump_stack();
	r3hc_taint(BIT(TAINT_BAD_PAGE));
}

/* ---- blocks ---- */

static struct page *block_alloc(gfp_t gfp, unsigned int order)
{
	unsigned long physical;
	struct page *page;

	if (WARN_ON_ONCE(order > PAGE_ORDER_MAX))
		return NULL;
	physical = r3hc_page_alloc(order, R3_ALLOC_ZERO);
	if (unlikely(physical == ~0UL)) {
		report_no_memory(gfp, order);
		return NULL;
	}
	page = pfn_to_page(physical >> PAGE_SHIFT);
	page_prepare(page, order, gfp);
	r3hc_account(page_address(page), PAGE_SIZE << order, "pages");
	return page;
}

/* Nobody refers to the block any more. */
static void block_free(struct page *page, unsigned int order)
{
	unsigned int i;

	if (unlikely(PageTail(page))) {
		bad_page(page, "freeing a tail page");
		return;
	}
	if (unlikely(page_count(page))) {
		bad_page(page, "nonzero _refcount");
		return;
	}
	r3hc_unaccount(page_address(page));
	for (i = 0; i < 1U << order; i++)
		page_reset(page + i);
	if (unlikely(r3hc_page_free(page_to_pfn(page) << PAGE_SHIFT, order)))
		bad_page(page, "not an allocated block of this order");
}

void split_page(struct page *page, unsigned int order)
{
	unsigned int i;

	r3hc_unaccount(page_address(page));
	WARN_ON(r3hc_page_split(page_to_pfn(page) << PAGE_SHIFT, order));
	for (i = 0; i < 1U << order; i++) {
		if (i)
			set_page_count(page + i, 1);
		r3hc_account(page_address(page + i), PAGE_SIZE, "pages");
	}
}
EXPORT_SYMBOL_GPL(split_page);

/* Of a block whose first page is held by others, everything behind it goes. */
static void free_rest(struct page *page, unsigned int order)
{
	unsigned int i;

	split_page(page, order);
	for (i = 1; i < 1U << order; i++)
		if (put_page_testzero(page + i))
			block_free(page + i, 0);
}

void __free_pages(struct page *page, unsigned int order)
{
	bool head = PageHead(page);

	if (unlikely(!page_count(page)))
		bad_page(page, "freed already");
	else if (put_page_testzero(page))
		block_free(page, order);
	else if (!head && order)
		free_rest(page, order);
}
EXPORT_SYMBOL(__free_pages);

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page((void *)addr), order);
}
EXPORT_SYMBOL(free_pages);

void __folio_put(struct folio *folio)
{
	block_free(&folio->page, folio_order(folio));
}
EXPORT_SYMBOL(__folio_put);

#ifdef CONFIG_FS_DAX
/* Asked only if devmap_managed_key is on: no page is of a device. */
#if R3_LINUX(6, 10)
bool __put_devmap_managed_folio_refs(struct folio *folio, int refs)
{
	return false;
}
EXPORT_SYMBOL(__put_devmap_managed_folio_refs);
#else
bool __put_devmap_managed_page_refs(struct page *page, int refs)
{
	return false;
}
EXPORT_SYMBOL(__put_devmap_managed_page_refs);
#endif
#endif

/* ---- the allocating functions ---- */

struct page *NOPROF(__alloc_pages)(gfp_t gfp, unsigned int order, int preferred_nid,
				   nodemask_t *nodemask)
{
	return block_alloc(gfp, order);
}
EXPORT_SYMBOL(NOPROF(__alloc_pages));

struct page *NOPROF(alloc_pages)(gfp_t gfp, unsigned int order)
{
	return block_alloc(gfp, order);
}
EXPORT_SYMBOL(NOPROF(alloc_pages));

struct folio *NOPROF(__folio_alloc)(gfp_t gfp, unsigned int order, int preferred_nid,
				    nodemask_t *nodemask)
{
	return (struct folio *)block_alloc(gfp | __GFP_COMP, order);
}
EXPORT_SYMBOL(NOPROF(__folio_alloc));

struct folio *NOPROF(folio_alloc)(gfp_t gfp, unsigned int order)
{
	return (struct folio *)block_alloc(gfp | __GFP_COMP, order);
}
EXPORT_SYMBOL(NOPROF(folio_alloc));

static unsigned long address_alloc(gfp_t gfp, unsigned int order)
{
	struct page *page = block_alloc(gfp & ~__GFP_HIGHMEM, order);

	return page ? (unsigned long)page_address(page) : 0;
}

#if R3_LINUX(6, 10)
unsigned long get_free_pages_noprof(gfp_t gfp, unsigned int order)
{
	return address_alloc(gfp, order);
}
EXPORT_SYMBOL(get_free_pages_noprof);
#else
unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	return address_alloc(gfp, order);
}
EXPORT_SYMBOL(__get_free_pages);
#endif

unsigned long NOPROF(get_zeroed_page)(gfp_t gfp)
{
	return address_alloc(gfp | __GFP_ZERO, 0);
}
EXPORT_SYMBOL(NOPROF(get_zeroed_page));

void *NOPROF(alloc_pages_exact)(size_t size, gfp_t gfp)
{
	unsigned int i, order = get_order(size);
	struct page *page;

	if (WARN_ON_ONCE(gfp & (__GFP_COMP | __GFP_HIGHMEM)))
		gfp &= ~(__GFP_COMP | __GFP_HIGHMEM);
	page = block_alloc(gfp, order);
	if (!page)
		return NULL;
	split_page(page, order);
	for (i = PFN_UP(size); i < 1U << order; i++)
		__free_pages(page + i, 0);
	return page_address(page);
}
EXPORT_SYMBOL(NOPROF(alloc_pages_exact));

void free_pages_exact(void *virt, size_t size)
{
	unsigned long addr = (unsigned long)virt, end = addr + PAGE_ALIGN(size);

	for (; addr < end; addr += PAGE_SIZE)
		free_pages(addr, 0);
}
EXPORT_SYMBOL(free_pages_exact);

/* Fill the empty places of the array, or add to the list; how many there are then. */
#if R3_LINUX(6, 10)
unsigned long alloc_pages_bulk_noprof(gfp_t gfp, int preferred_nid, nodemask_t *nodemask,
				      int nr_pages, struct list_head *page_list,
				      struct page **page_array)
#else
unsigned long __alloc_pages_bulk(gfp_t gfp, int preferred_nid, nodemask_t *nodemask, int nr_pages,
				 struct list_head *page_list, struct page **page_array)
#endif
{
	unsigned long count = 0;

	for (; count < nr_pages; count++) {
		struct page *page;

		if (page_array && page_array[count])
			continue;
		page = block_alloc(gfp, 0);
		if (!page)
			break;
		if (page_list)
			list_add(&page->lru, page_list);
		else
			page_array[count] = page;
	}
	return count;
}
#if R3_LINUX(6, 10)
EXPORT_SYMBOL_GPL(alloc_pages_bulk_noprof);
#else
EXPORT_SYMBOL_GPL(__alloc_pages_bulk);
#endif

/* ---- giving back many ---- */

void put_pages_list(struct list_head *pages)
{
	struct folio *folio, *next;

	list_for_each_entry_safe (folio, next, pages, lru) {
		list_del(&folio->lru);
		folio_put(folio);
	}
	INIT_LIST_HEAD(pages);
}
EXPORT_SYMBOL(put_pages_list);

#if !R3_LINUX(6, 3)
void release_pages(struct page **pages, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		put_page(pages[i]);
}
EXPORT_SYMBOL(release_pages);

void __pagevec_release(struct pagevec *pvec)
{
	release_pages(pvec->pages, pagevec_count(pvec));
	pagevec_reinit(pvec);
}
EXPORT_SYMBOL(__pagevec_release);
#else
void folios_put_refs(struct folio_batch *folios, unsigned int *refs)
{
	unsigned int i;

	for (i = 0; i < folios->nr; i++)
		folio_put_refs(folios->folios[i], refs ? refs[i] : 1);
	folio_batch_reinit(folios);
}
EXPORT_SYMBOL(folios_put_refs);

void release_pages(release_pages_arg arg, int nr)
{
	struct encoded_page **pages = arg.encoded_pages;
	int i;

	for (i = 0; i < nr; i++)
		put_page(encoded_page_ptr(pages[i]));
}
EXPORT_SYMBOL(release_pages);

void __folio_batch_release(struct folio_batch *batch)
{
	folios_put(batch);
}
EXPORT_SYMBOL(__folio_batch_release);
#endif

#if R3_LINUX(6, 4)
bool is_free_buddy_page(const struct page *page)
#else
bool is_free_buddy_page(struct page *page)
#endif
{
	return !page_count((struct page *)page);
}
EXPORT_SYMBOL(is_free_buddy_page);
