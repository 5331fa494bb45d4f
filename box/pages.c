// SPDX-License-Identifier: GPL-2.0-or-later
/* The page allocator: a binary buddy system over the direct map. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "box/pages.h"

#define MAX_ORDER 10
#define NONE      UINT32_MAX

enum page_state { PAGE_BODY, PAGE_FREE, PAGE_USED };

struct pages {
	pthread_mutex_t lock;
	uint64_t base; /* of the direct map */
	uint32_t count;
	uint64_t nr_free;
	uint32_t heads[MAX_ORDER + 1];
	/* one element a page; order and state count for the first page of a block */
	uint8_t *order, *state;
	uint32_t *next, *previous;
};

static void list_add(struct pages *pages, uint32_t page, unsigned int order)
{
	uint32_t head = pages->heads[order];

	pages->order[page] = order;
	pages->state[page] = PAGE_FREE;
	pages->next[page] = head;
	pages->previous[page] = NONE;
	if (head != NONE)
		pages->previous[head] = page;
	pages->heads[order] = page;
}

static void list_remove(struct pages *pages, uint32_t page)
{
	uint32_t next = pages->next[page], previous = pages->previous[page];

	if (previous == NONE)
		pages->heads[pages->order[page]] = next;
	else
		pages->next[previous] = next;
	if (next != NONE)
		pages->previous[next] = previous;
	pages->state[page] = PAGE_BODY;
}

struct pages *pages_new(uint64_t base, uint64_t size)
{
	struct pages *pages = calloc(1, sizeof(*pages));
	uint32_t page = 1; /* physical address 0 means failure nowhere */

	if (!pages)
		return NULL;
	pthread_mutex_init(&pages->lock, NULL);
	pages->base = base;
	pages->count = size / PAGE_SIZE;
	pages->order = calloc(pages->count, 1);
	pages->state = calloc(pages->count, 1);
	pages->next = calloc(pages->count, sizeof(uint32_t));
	pages->previous = calloc(pages->count, sizeof(uint32_t));
	if (!pages->order || !pages->state || !pages->next || !pages->previous) {
		pages_free_all(pages);
		return NULL;
	}
	for (unsigned int order = 0; order <= MAX_ORDER; order++)
		pages->heads[order] = NONE;
	while (page < pages->count) {
		unsigned int order = __builtin_ctz(page);

		if (order > MAX_ORDER)
			order = MAX_ORDER;
		while (page + (1u << order) > pages->count)
			order--;
		list_add(pages, page, order);
		pages->nr_free += 1u << order;
		page += 1u << order;
	}
	return pages;
}

void pages_free_all(struct pages *pages)
{
	if (!pages)
		return;
	free(pages->order);
	free(pages->state);
	free(pages->next);
	free(pages->previous);
	pthread_mutex_destroy(&pages->lock);
	free(pages);
}

uint64_t page_alloc(struct pages *pages, unsigned int order, bool zero)
{
	unsigned int have = order;
	uint32_t page;

	if (order > MAX_ORDER)
		return ~0UL;
	pthread_mutex_lock(&pages->lock);
	while (have <= MAX_ORDER && pages->heads[have] == NONE)
		have++;
	if (have > MAX_ORDER) {
		pthread_mutex_unlock(&pages->lock);
		return ~0UL;
	}
	page = pages->heads[have];
	list_remove(pages, page);
	while (have > order) {
		have--;
		list_add(pages, page + (1u << have), have);
	}
	pages->order[page] = order;
	pages->state[page] = PAGE_USED;
	pages->nr_free -= 1u << order;
	pthread_mutex_unlock(&pages->lock);
	if (zero)
		memset((void *)(pages->base + page * PAGE_SIZE), 0, PAGE_SIZE << order);
	return page * PAGE_SIZE;
}

int page_free(struct pages *pages, uint64_t physical, unsigned int order)
{
	uint32_t page = physical / PAGE_SIZE;

	if (physical % PAGE_SIZE || physical / PAGE_SIZE >= pages->count)
		return -EINVAL;
	pthread_mutex_lock(&pages->lock);
	if (pages->state[page] != PAGE_USED || pages->order[page] != order) {
		pthread_mutex_unlock(&pages->lock);
		return -EINVAL;
	}
	pages->nr_free += 1u << order;
	pages->state[page] = PAGE_BODY;
	for (; order < MAX_ORDER; order++) {
		uint32_t buddy = page ^ (1u << order);

		if (!buddy || buddy + (1u << order) > pages->count ||
		    pages->state[buddy] != PAGE_FREE || pages->order[buddy] != order)
			break;
		list_remove(pages, buddy);
		if (buddy < page)
			page = buddy;
	}
	list_add(pages, page, order);
	pthread_mutex_unlock(&pages->lock);
	return 0;
}

/* Turn a block into single pages, each freed on its own (split_page). */
int page_split(struct pages *pages, uint64_t physical, unsigned int order)
{
	uint32_t page = physical / PAGE_SIZE;
	int error = 0;

	if (physical % PAGE_SIZE || page >= pages->count)
		return -EINVAL;
	pthread_mutex_lock(&pages->lock);
	if (pages->state[page] != PAGE_USED || pages->order[page] != order)
		error = -EINVAL;
	for (uint32_t i = 0; !error && i < 1u << order; i++) {
		pages->order[page + i] = 0;
		pages->state[page + i] = PAGE_USED;
	}
	pthread_mutex_unlock(&pages->lock);
	return error;
}

uint64_t page_count_free(struct pages *pages)
{
	return __atomic_load_n(&pages->nr_free, __ATOMIC_RELAXED);
}
