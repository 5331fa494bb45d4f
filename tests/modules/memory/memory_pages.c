// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/version.h>
#include "memory.h"

/* What page_frag_alloc_align() takes. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define ALIGN_TO(n) (-(n))
#else
#define ALIGN_TO(n) (n)
#endif

static int check_orders(void)
{
	unsigned int order;

	for (order = 0; order <= 5; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);
		unsigned long address;

		CHECK(page);
		address = (unsigned long)page_address(page);
		CHECK(IS_ALIGNED(address, PAGE_SIZE << order));
		CHECK(page_count(page) == 1 && !PageCompound(page));
		CHECK(virt_to_page((void *)address) == page);
		CHECK(pfn_valid(page_to_pfn(page)) && pfn_to_page(page_to_pfn(page)) == page);
		CHECK(__va(__pa(address)) == (void *)address);
		CHECK(page_zone(page) && page_to_nid(page) == 0);
		CHECK(atomic_read(&page->_mapcount) == -1); /* nobody maps it */
		CHECK(!memchr_inv((void *)address, 0, PAGE_SIZE << order));
		memset((void *)address, 0xff, PAGE_SIZE << order);
		__free_pages(page, order);
	}
	return 0;
}

static int check_compound(void)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);

	CHECK(page && PageHead(page) && compound_order(page) == 3);
	CHECK(PageTail(page + 7) && compound_head(page + 7) == page);
	get_page(page + 2);
	CHECK(page_count(page) == 2);
	__free_pages(page, 3);
	CHECK(page_count(page) == 1); /* the other reference keeps it whole */
	put_page(page + 5);
	return 0;
}

static int check_references(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	CHECK(page);
	get_page(page);
	__free_page(page);
	CHECK(page_count(page) == 1);
	put_page(page);

	/* Of a block that is no compound, a held first page is all that stays. */
	page = alloc_pages(GFP_KERNEL, 2);
	CHECK(page);
	get_page(page);
	__free_pages(page, 2);
	CHECK(page_count(page) == 1);
	put_page(page);
	return 0;
}

static int check_exact(void)
{
	unsigned long address = __get_free_page(GFP_KERNEL);
	char *exact;

	CHECK(address);
	free_page(address);
	address = get_zeroed_page(GFP_KERNEL);
	CHECK(address && !*(char *)address);
	free_page(address);
	exact = alloc_pages_exact(5 * PAGE_SIZE, GFP_KERNEL);
	CHECK(exact);
	CHECK(page_count(virt_to_page(exact + 4 * PAGE_SIZE)) == 1);
	memset(exact, 1, 5 * PAGE_SIZE);
	free_pages_exact(exact, 5 * PAGE_SIZE);
	free_pages(0, 0);
	return 0;
}

static int check_node(void)
{
	CHECK(first_online_node == 0 && num_online_nodes() == 1);
	CHECK(totalram_pages() > 1000);
	CHECK(!virt_addr_valid(&check_node)); /* a module is not in the direct map */
	CHECK(!virt_addr_valid(NULL));
	CHECK(!pfn_valid(totalram_pages() + 2 * PAGES_PER_SECTION));
	return 0;
}

/* Pieces of a page hold it together; the last to go frees it. */
static int check_fragments(void)
{
	struct page_frag_cache cache = {};
	char *first = page_frag_alloc(&cache, 100, GFP_KERNEL);
	char *second = page_frag_alloc_align(&cache, 60, GFP_KERNEL, ALIGN_TO(64));

	CHECK(first && second && first != second);
	CHECK(IS_ALIGNED((unsigned long)second, 64));
	CHECK(virt_to_head_page(first) == virt_to_head_page(second));
	memset(first, 1, 100);
	memset(second, 2, 60);
	CHECK(!memchr_inv(first, 1, 100));
	__page_frag_cache_drain(virt_to_head_page(first), cache.pagecnt_bias);
	CHECK(page_count(virt_to_head_page(first)) == 2);
	page_frag_free(first);
	CHECK(page_count(virt_to_head_page(second)) == 1);
	page_frag_free(second);
	return 0;
}

static int run(void)
{
	return check_orders() ?: check_compound() ?: check_references() ?: check_exact() ?:
	       check_node() ?: check_fragments();
}
CHECK_MODULE("Pages: addresses, struct page, reference counts, compound heads");
