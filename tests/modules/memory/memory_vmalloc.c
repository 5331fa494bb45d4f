// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "memory.h"

static int check_vmalloc(void)
{
	const unsigned long size = 37 * PAGE_SIZE + 11;
	unsigned long i;
	char *p = vmalloc(size);

	CHECK(p && PAGE_ALIGNED(p));
	CHECK(is_vmalloc_addr(p) && is_vmalloc_addr(p + size - 1) && !is_vmalloc_addr(&size));
	CHECK(!memchr_inv(p, 0, size));
	for (i = 0; i < size; i++)
		p[i] = i * 7;
	/* The same bytes are seen through the direct map. */
	for (i = 0; i < size; i += PAGE_SIZE) {
		struct page *page = vmalloc_to_page(p + i);

		CHECK(page && page_count(page) == 1);
		CHECK(!memcmp(page_address(page), p + i, min(PAGE_SIZE, size - i)));
		CHECK(vmalloc_to_pfn(p + i) == page_to_pfn(page));
	}
	vfree(p);
	vfree(NULL);
	CHECK(!__vmalloc(1UL << 46, GFP_KERNEL | __GFP_NOWARN));
	p = vzalloc(1);
	CHECK(p && !*p);
	vfree(p);
	return 0;
}

static int check_vmap(void)
{
	struct page *pages[3];
	char *p;
	int i;

	for (i = 0; i < 3; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		CHECK(pages[i]);
		memset(page_address(pages[i]), 'a' + i, PAGE_SIZE);
	}
	swap(pages[0], pages[2]);
	p = vmap(pages, 3, VM_MAP, PAGE_KERNEL);
	CHECK(p && p[0] == 'c' && p[PAGE_SIZE] == 'b' && p[2 * PAGE_SIZE] == 'a');
	p[PAGE_SIZE] = 'x';
	CHECK(*(char *)page_address(pages[1]) == 'x');
	vunmap(p);
	for (i = 0; i < 3; i++) {
		CHECK(page_count(pages[i]) == 1);
		__free_page(pages[i]);
	}
	return 0;
}

static int check_kvmalloc(void)
{
	void *small = kvmalloc(100, GFP_KERNEL), *large = kvmalloc(8 << 20, GFP_KERNEL);
	int *array = kvcalloc(1000, sizeof(int), GFP_KERNEL);

	CHECK(small && !is_vmalloc_addr(small));
	CHECK(large && is_vmalloc_addr(large));
	CHECK(array && !array[999]);
	kvfree(small);
	kvfree(large);
	kvfree(array);
	kvfree(NULL);
	return 0;
}

static int run(void)
{
	return check_vmalloc() ?: check_vmap() ?: check_kvmalloc();
}
CHECK_MODULE("vmalloc, vmap and kvmalloc: contents, pages behind, freeing");
