// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Caches of equal objects over the page allocator. What describes a slab lies
 * outside of it, so that a module that writes past an object harms its own
 * data and not the allocator's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "box/account.h"
#include "box/pages.h"
#include "box/slab.h"

#define NAME_SIZE 64

/* One run of pages cut into objects, or (nr_objects 1) one large kmalloc. */
struct slab_page {
	struct slab_page *next, *previous; /* in cache->partial or cache->full */
	struct cache *cache;
	uint64_t physical;
	unsigned int order;
	uint32_t nr_objects, nr_used, nr_fresh; /* objects below nr_fresh were handed out before */
	uint32_t free_head;                     /* index + 1, 0: none */
	uint32_t *free_next;
	struct site **site; /* one an object: who asked for it */
	uint8_t *used;
};

struct cache {
	struct cache *next;
	char name[NAME_SIZE];
	unsigned int size, stride, order;
	uint64_t nr_used;
	bool large; /* the pseudo-cache of large kmallocs */
	struct slab_page *partial, *full;
};

static const unsigned int kmalloc_sizes[] = {8,   16,  32,   64,   96,   128, 192,
					     256, 512, 1024, 2048, 4096, 8192};
#define NR_KMALLOC (sizeof(kmalloc_sizes) / sizeof(kmalloc_sizes[0]))

struct slab {
	struct r3_box *box;
	pthread_mutex_t lock;
	struct slab_page **by_page; /* of every page of the box's memory */
	struct cache *caches;
	struct cache *kmalloc[NR_KMALLOC];
	struct cache *large;
};

static void list_push(struct slab_page **head, struct slab_page *page)
{
	page->next = *head;
	page->previous = NULL;
	if (*head)
		(*head)->previous = page;
	*head = page;
}

static void list_drop(struct slab_page **head, struct slab_page *page)
{
	if (page->previous)
		page->previous->next = page->next;
	else
		*head = page->next;
	if (page->next)
		page->next->previous = page->previous;
}

static void *object_address(const struct slab *slab, const struct slab_page *page, uint32_t index)
{
	return (void *)(slab->box->space.memory_base + page->physical +
			(uint64_t)index * page->cache->stride);
}

static void slab_page_free(struct slab *slab, struct slab_page *page)
{
	for (uint64_t i = 0; i < 1u << page->order; i++)
		slab->by_page[page->physical / PAGE_SIZE + i] = NULL;
	page_free(slab->box->pages, page->physical, page->order);
	free(page->free_next);
	free(page->site);
	free(page->used);
	free(page);
}

static struct slab_page *slab_page_new(struct slab *slab, struct cache *cache, unsigned int order,
				       uint32_t nr_objects)
{
	struct slab_page *page = calloc(1, sizeof(*page));

	if (!page)
		return NULL;
	page->cache = cache;
	page->order = order;
	page->nr_objects = nr_objects;
	page->free_next = calloc(nr_objects, sizeof(uint32_t));
	page->site = calloc(nr_objects, sizeof(*page->site));
	page->used = calloc(nr_objects, 1);
	page->physical = page_alloc(slab->box->pages, order, false);
	if (!page->free_next || !page->site || !page->used || page->physical == ~0UL) {
		if (page->physical != ~0UL)
			page_free(slab->box->pages, page->physical, order);
		free(page->free_next);
		free(page->site);
		free(page->used);
		free(page);
		return NULL;
	}
	for (uint64_t i = 0; i < 1u << order; i++)
		slab->by_page[page->physical / PAGE_SIZE + i] = page;
	list_push(&cache->partial, page);
	return page;
}

static struct cache *cache_make(struct slab *slab, const char *name, unsigned int size,
				unsigned int align)
{
	struct cache *cache;
	uint64_t stride;

	if (align < 8)
		align = 8;
	if (!size || size > (PAGE_SIZE << 8) || align > PAGE_SIZE || (align & (align - 1)))
		return NULL;
	cache = calloc(1, sizeof(*cache));
	if (!cache)
		return NULL;
	stride = ((uint64_t)size + align - 1) & ~(uint64_t)(align - 1);
	snprintf(cache->name, sizeof(cache->name), "%s", name);
	cache->size = size;
	cache->stride = stride;
	while ((PAGE_SIZE << cache->order) / stride < 8 && cache->order < 3)
		cache->order++;
	while ((PAGE_SIZE << cache->order) < stride)
		cache->order++;
	cache->next = slab->caches;
	slab->caches = cache;
	return cache;
}

struct cache *cache_new(struct slab *slab, const char *name, unsigned int size, unsigned int align)
{
	struct cache *cache;

	pthread_mutex_lock(&slab->lock);
	cache = cache_make(slab, name, size, align);
	pthread_mutex_unlock(&slab->lock);
	return cache;
}

const char *cache_name(const struct cache *cache)
{
	return cache->name;
}

struct slab *slab_new(struct r3_box *box)
{
	struct slab *slab = calloc(1, sizeof(*slab));
	char name[32];

	if (!slab)
		return NULL;
	slab->box = box;
	pthread_mutex_init(&slab->lock, NULL);
	slab->by_page = calloc(box->space.memory_size / PAGE_SIZE, sizeof(*slab->by_page));
	if (!slab->by_page)
		goto fail;
	for (unsigned int i = 0; i < NR_KMALLOC; i++) {
		unsigned int size = kmalloc_sizes[i];

		snprintf(name, sizeof(name), "kmalloc-%u%s", size >= 1024 ? size / 1024 : size,
			 size >= 1024 ? "k" : "");
		/* Powers of two are naturally aligned
		 * (Documentation/core-api/memory-allocation.rst). */
		slab->kmalloc[i] = cache_make(slab, name, size,
					      size & (size - 1)       ? 8
					      : size > (int)PAGE_SIZE ? PAGE_SIZE
								      : size);
		if (!slab->kmalloc[i])
			goto fail;
	}
	slab->large = cache_make(slab, "kmalloc", PAGE_SIZE, PAGE_SIZE);
	if (!slab->large)
		goto fail;
	slab->large->large = true;
	return slab;
fail:
	slab_free_all(slab);
	return NULL;
}

static void free_pages_of(struct slab *slab, struct slab_page *page)
{
	while (page) {
		struct slab_page *next = page->next;

		slab_page_free(slab, page);
		page = next;
	}
}

void slab_free_all(struct slab *slab)
{
	if (!slab)
		return;
	while (slab->caches) {
		struct cache *cache = slab->caches;

		free_pages_of(slab, cache->partial);
		free_pages_of(slab, cache->full);
		slab->caches = cache->next;
		free(cache);
	}
	free(slab->by_page);
	pthread_mutex_destroy(&slab->lock);
	free(slab);
}

uint64_t cache_destroy(struct slab *slab, struct cache *cache)
{
	struct cache **link;
	uint64_t left;

	pthread_mutex_lock(&slab->lock);
	left = cache->nr_used;
	if (!left) {
		free_pages_of(slab, cache->partial);
		for (link = &slab->caches; *link != cache; link = &(*link)->next)
			;
		*link = cache->next;
		free(cache);
	}
	pthread_mutex_unlock(&slab->lock);
	return left;
}

static const char *kind_of(const struct slab *slab, const struct cache *cache)
{
	for (unsigned int i = 0; i < NR_KMALLOC; i++)
		if (slab->kmalloc[i] == cache)
			return "kmalloc";
	return cache->name;
}

static uint64_t size_of(const struct slab_page *page)
{
	return page->cache->large ? PAGE_SIZE << page->order : page->cache->size;
}

static void *take_object(struct slab *slab, struct slab_page *page, uint64_t owner, bool *fresh)
{
	struct cache *cache = page->cache;
	uint32_t index;

	*fresh = !page->free_head;
	if (page->free_head) {
		index = page->free_head - 1;
		page->free_head = page->free_next[index];
	} else {
		index = page->nr_fresh++;
	}
	page->used[index] = 1;
	page->site[index] = account_charge(slab->box, owner, kind_of(slab, cache), size_of(page));
	cache->nr_used++;
	if (++page->nr_used == page->nr_objects) {
		list_drop(&cache->partial, page);
		list_push(&cache->full, page);
	}
	return object_address(slab, page, index);
}

void *object_alloc(struct slab *slab, struct cache *cache, bool zero, uint64_t owner, bool *fresh)
{
	struct slab_page *page;
	void *object = NULL;
	bool is_fresh;

	pthread_mutex_lock(&slab->lock);
	page = cache->partial;
	if (!page)
		page = slab_page_new(slab, cache, cache->order,
				     (PAGE_SIZE << cache->order) / cache->stride);
	if (page)
		object = take_object(slab, page, owner, &is_fresh);
	pthread_mutex_unlock(&slab->lock);
	if (object && zero)
		memset(object, 0, cache->size);
	if (object && fresh)
		*fresh = is_fresh;
	return object;
}

static void *large_alloc(struct slab *slab, uint64_t size, uint64_t owner)
{
	unsigned int order = 0;
	struct slab_page *page;
	void *object = NULL;
	bool fresh;

	while ((PAGE_SIZE << order) < size)
		order++;
	pthread_mutex_lock(&slab->lock);
	page = slab_page_new(slab, slab->large, order, 1);
	if (page)
		object = take_object(slab, page, owner, &fresh);
	pthread_mutex_unlock(&slab->lock);
	return object;
}

void *slab_kmalloc(struct slab *slab, uint64_t size, bool zero, uint64_t owner)
{
	void *object;

	if (size > KMALLOC_MAX_CACHE) {
		if (size > (PAGE_SIZE << 10))
			return NULL;
		object = large_alloc(slab, size, owner);
		if (object && zero)
			memset(object, 0, PAGE_ALIGN(size));
		return object;
	}
	for (unsigned int i = 0; i < NR_KMALLOC; i++)
		if (size <= kmalloc_sizes[i])
			return object_alloc(slab, slab->kmalloc[i], zero, owner, NULL);
	return NULL;
}

/* The slab page and object index of an address; NULL when it is no allocated object's start. */
static struct slab_page *find_object(struct slab *slab, const void *object, uint32_t *index)
{
	uint64_t offset = (uint64_t)object - slab->box->space.memory_base;
	struct slab_page *page;
	uint64_t inside;

	if (offset >= slab->box->space.memory_size)
		return NULL;
	page = slab->by_page[offset / PAGE_SIZE];
	if (!page)
		return NULL;
	inside = offset - page->physical;
	*index = inside / page->cache->stride;
	if (page->cache->large)
		*index = 0;
	if (*index >= page->nr_objects || inside != (uint64_t)*index * page->cache->stride ||
	    !page->used[*index])
		return NULL;
	return page;
}

static void put_object(struct slab *slab, struct slab_page *page, uint32_t index)
{
	struct cache *cache = page->cache;

	page->used[index] = 0;
	page->free_next[index] = page->free_head;
	page->free_head = index + 1;
	cache->nr_used--;
	if (page->nr_used-- == page->nr_objects) {
		list_drop(&cache->full, page);
		list_push(&cache->partial, page);
	}
	/* One empty slab a cache is kept for the next allocation. */
	if (!page->nr_used && (cache->large || page->next || page->previous)) {
		list_drop(&cache->partial, page);
		slab_page_free(slab, page);
	}
}

int object_free_checked(struct slab *slab, struct cache *cache, void *object)
{
	struct slab_page *page;
	uint32_t index;
	int error = -EINVAL;

	pthread_mutex_lock(&slab->lock);
	page = find_object(slab, object, &index);
	if (page && (!cache || page->cache == cache)) {
		account_release(slab->box, page->site[index], size_of(page));
		put_object(slab, page, index);
		error = 0;
	}
	pthread_mutex_unlock(&slab->lock);
	return error;
}

uint64_t slab_size_of(struct slab *slab, const void *object)
{
	struct slab_page *page;
	uint64_t size = 0;
	uint32_t index;

	pthread_mutex_lock(&slab->lock);
	page = find_object(slab, object, &index);
	if (page)
		size = size_of(page);
	pthread_mutex_unlock(&slab->lock);
	return size;
}

struct cache *slab_cache_of(struct slab *slab, const void *object)
{
	struct slab_page *page;
	uint32_t index;

	pthread_mutex_lock(&slab->lock);
	page = find_object(slab, object, &index);
	pthread_mutex_unlock(&slab->lock);
	return page ? page->cache : NULL;
}

void *slab_object_at(struct slab *slab, const void *address, uint64_t *size, struct cache **cache)
{
	uint64_t offset = (uint64_t)address - slab->box->space.memory_base, inside;
	struct slab_page *page;
	void *object = NULL;
	uint32_t index;

	if (offset >= slab->box->space.memory_size)
		return NULL;
	pthread_mutex_lock(&slab->lock);
	page = slab->by_page[offset / PAGE_SIZE];
	if (page) {
		inside = offset - page->physical;
		index = page->cache->large ? 0 : inside / page->cache->stride;
		if (index < page->nr_objects && page->used[index]) {
			object = object_address(slab, page, index);
			*size = size_of(page);
			*cache = page->cache;
		}
	}
	pthread_mutex_unlock(&slab->lock);
	return object;
}
