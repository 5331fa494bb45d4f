// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include "memory.h"

struct thing {
	u64 id;
	char text[40];
	struct rcu_head rcu;
};

static unsigned int constructed;

static void construct(void *object)
{
	struct thing *thing = object;

	thing->id = 42;
	constructed++;
}

static bool is_zero(const void *memory, size_t size)
{
	return !memchr_inv(memory, 0, size);
}

static int check_sizes(void)
{
	size_t size;
	char *p;

	for (size = 1; size <= KMALLOC_MAX_SIZE; size = size * 3 + 1) {
		p = kmalloc(size, GFP_KERNEL);
		CHECK(p);
		CHECK(is_zero(p, size)); /* CONFIG_INIT_ON_ALLOC_DEFAULT_ON */
		CHECK(ksize(p) >= size);
		CHECK(IS_ALIGNED((unsigned long)p, 8));
		CHECK(virt_addr_valid(p));
		memset(p, 0x5a, size);
		kfree(p);
	}
	for (size = 8; size <= PAGE_SIZE; size *= 2) {
		p = kmalloc(size, GFP_ATOMIC);
		CHECK(p && IS_ALIGNED((unsigned long)p, size));
		kfree(p);
	}
	CHECK(kmalloc(0, GFP_KERNEL) == ZERO_SIZE_PTR);
	kfree(ZERO_SIZE_PTR);
	kfree(NULL);
	CHECK(ksize(NULL) == 0);
	CHECK(!kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
	CHECK(!kmalloc_array(SIZE_MAX / 2, 3, GFP_KERNEL));
	return 0;
}

static int check_pages_behind(void)
{
	char *small = kmalloc(100, GFP_KERNEL), *large = kmalloc(5 * PAGE_SIZE, GFP_KERNEL);
	struct page *page;

	CHECK(small && large);
	CHECK(PageSlab(virt_to_head_page(small)));
	page = virt_to_head_page(large + 3 * PAGE_SIZE);
	CHECK(page == virt_to_page(large));
	CHECK(compound_order(page) == 3 && page_count(page) == 1);
	CHECK(!PageSlab(page));
	kfree(small);
	kfree(large);
	return 0;
}

static int check_realloc(void)
{
	char *p = kmalloc(11, GFP_KERNEL), *q;

	strcpy(p, "ring three");
	q = krealloc(p, ksize(p), GFP_KERNEL);
	CHECK(q == p);
	q = krealloc(p, 3000, GFP_KERNEL);
	CHECK(q && !memcmp(q, "ring three", 10));
	CHECK(krealloc(q, 0, GFP_KERNEL) == ZERO_SIZE_PTR);
	p = krealloc(NULL, 20, GFP_KERNEL);
	CHECK(p);
	kfree_sensitive(p);
	p = kstrdup("copied", GFP_KERNEL);
	CHECK(p && !strcmp(p, "copied"));
	kfree(p);
	p = kmemdup("abc", 4, GFP_KERNEL);
	CHECK(p && !strcmp(p, "abc"));
	kfree(p);
	return 0;
}

static int check_cache(void)
{
	struct kmem_cache *cache;
	struct thing *things[200];
	void *bulk[20];
	int i;

	cache = kmem_cache_create("memory_thing", sizeof(struct thing), 64, 0, NULL);
	CHECK(cache);
	CHECK(kmem_cache_size(cache) == sizeof(struct thing));
	for (i = 0; i < ARRAY_SIZE(things); i++) {
		things[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		CHECK(things[i] && IS_ALIGNED((unsigned long)things[i], 64));
		CHECK(is_zero(things[i], sizeof(struct thing)));
		things[i]->id = i;
	}
	for (i = 0; i < ARRAY_SIZE(things); i++) {
		CHECK(things[i]->id == i);
		kmem_cache_free(cache, things[i]);
	}
	CHECK(kmem_cache_alloc_bulk(cache, GFP_KERNEL, ARRAY_SIZE(bulk), bulk) == ARRAY_SIZE(bulk));
	kmem_cache_free_bulk(cache, ARRAY_SIZE(bulk), bulk);
	things[0] = kmem_cache_zalloc(cache, GFP_KERNEL);
	kfree(things[0]); /* allowed for objects of any cache */
	kmem_cache_destroy(cache);
	return 0;
}

/* A constructor runs once an object, not once an allocation; it is not zeroed then. */
static int check_constructor(void)
{
	struct kmem_cache *cache;
	struct thing *thing, *again;

	cache = kmem_cache_create("memory_made", sizeof(struct thing), 0, SLAB_HWCACHE_ALIGN,
				  construct);
	CHECK(cache);
	thing = kmem_cache_alloc(cache, GFP_KERNEL);
	CHECK(thing && thing->id == 42);
	thing->id = 43;
	kmem_cache_free(cache, thing);
	again = kmem_cache_alloc(cache, GFP_KERNEL);
	CHECK(again != thing || again->id == 43);
	CHECK(constructed >= 1);
	kmem_cache_free(cache, again);
	kmem_cache_destroy(cache);
	return 0;
}

static int check_rcu(void)
{
	struct kmem_cache *cache;
	struct thing *thing = kmalloc(sizeof(*thing), GFP_KERNEL);

	kfree_rcu(thing, rcu);
	cache = kmem_cache_create("memory_rcu", sizeof(struct thing), 0, SLAB_TYPESAFE_BY_RCU,
				  NULL);
	CHECK(cache);
	rcu_read_lock();
	thing = kmem_cache_alloc(cache, GFP_ATOMIC);
	thing->id = 7;
	kmem_cache_free(cache, thing);
	CHECK(thing->id == 7); /* still of that type, until the readers are gone */
	rcu_read_unlock();
	kmem_cache_destroy(cache);
	rcu_barrier();
	return 0;
}

static int run(void)
{
	return check_sizes() ?: check_pages_behind() ?: check_realloc() ?: check_cache() ?:
	       check_constructor() ?: check_rcu();
}
CHECK_MODULE("kmalloc and kmem_cache: zeroed, aligned, freed, constructed, delayed by RCU");
