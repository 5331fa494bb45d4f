// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The taken ranges in a tree by address: a treap, whose priorities are a hash
 * of the address. Each knows the free room before it and the most of that in
 * its subtree, so that the lowest fit is found on one way down (as Linux's
 * trees of memory areas do it).
 */
#include <stdlib.h>
#include "box/vmalloc.h"

struct range {
	struct range *left, *right;
	uint64_t start, size;
	uint64_t gap;  /* free bytes before it */
	uint64_t most; /* the largest gap in this subtree */
	void *note;
};

struct ranges {
	pthread_mutex_t lock;
	uint64_t base, size, granule;
	struct range *root;
	struct range end; /* takes nothing: its gap is the room behind the last range */
};

struct ranges *ranges_new(uint64_t base, uint64_t size, uint64_t granule)
{
	struct ranges *ranges = calloc(1, sizeof(*ranges));

	if (!ranges)
		return NULL;
	pthread_mutex_init(&ranges->lock, NULL);
	ranges->base = base;
	ranges->size = size;
	ranges->granule = granule;
	ranges->end = (struct range){.start = base + size, .gap = size, .most = size};
	ranges->root = &ranges->end;
	return ranges;
}

static void free_tree(struct ranges *ranges, struct range *at)
{
	if (!at)
		return;
	free_tree(ranges, at->left);
	free_tree(ranges, at->right);
	if (at == &ranges->end)
		return;
	free(at->note);
	free(at);
}

void ranges_free(struct ranges *ranges)
{
	if (!ranges)
		return;
	free_tree(ranges, ranges->root);
	pthread_mutex_destroy(&ranges->lock);
	free(ranges);
}

/* splitmix64's last steps: neighbouring addresses get priorities that have nothing in common. */
static uint64_t priority(const struct range *range)
{
	uint64_t hash = range->start;

	hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9UL;
	hash = (hash ^ hash >> 27) * 0x94d049bb133111ebUL;
	return hash ^ hash >> 31;
}

static void update(struct range *at)
{
	at->most = at->gap;
	if (at->left && at->left->most > at->most)
		at->most = at->left->most;
	if (at->right && at->right->most > at->most)
		at->most = at->right->most;
}

/* Two trees into one, all of left below all of right. */
static struct range *join(struct range *left, struct range *right)
{
	if (!left || !right)
		return left ? left : right;
	if (priority(left) > priority(right)) {
		left->right = join(left->right, right);
		update(left);
		return left;
	}
	right->left = join(left, right->left);
	update(right);
	return right;
}

/* What starts below address, and the rest. */
static void split(struct range *at, uint64_t address, struct range **below, struct range **rest)
{
	if (!at) {
		*below = *rest = NULL;
		return;
	}
	if (at->start < address) {
		split(at->right, address, &at->right, rest);
		*below = at;
	} else {
		split(at->left, address, below, &at->left);
		*rest = at;
	}
	update(at);
}

/* The lowest range with room before it; *from: where in that room. */
static struct range *first_fit(struct range *at, uint64_t size, uint64_t align, uint64_t *from)
{
	struct range *found;

	if (!at || at->most < size)
		return NULL;
	found = first_fit(at->left, size, align, from);
	if (found)
		return found;
	*from = (at->start - at->gap + align - 1) & ~(align - 1);
	if (*from <= at->start && at->start - *from >= size)
		return at;
	return first_fit(at->right, size, align, from);
}

/* The lowest range of a tree gets another gap. */
static void set_first_gap(struct range *at, uint64_t gap)
{
	if (at->left)
		set_first_gap(at->left, gap);
	else
		at->gap = gap;
	update(at);
}

uint64_t range_take(struct ranges *ranges, uint64_t size, uint64_t align)
{
	struct range *next, *range, *below, *rest;
	uint64_t from;

	if (align < ranges->granule)
		align = ranges->granule;
	size = (size + ranges->granule - 1) / ranges->granule * ranges->granule;
	if (!size || size > ranges->size)
		return 0;
	range = malloc(sizeof(*range));
	if (!range)
		return 0;
	pthread_mutex_lock(&ranges->lock);
	next = first_fit(ranges->root, size, align, &from);
	if (next) {
		*range = (struct range){.start = from, .size = size};
		range->gap = from - (next->start - next->gap);
		range->most = range->gap;
		split(ranges->root, from, &below, &rest);
		set_first_gap(rest, next->start - (from + size));
		ranges->root = join(join(below, range), rest);
	}
	pthread_mutex_unlock(&ranges->lock);
	if (next)
		return from;
	free(range);
	return 0;
}

/* The range that starts there or is the last before it. */
static struct range *last_until(struct ranges *ranges, uint64_t address)
{
	struct range *at = ranges->root, *found = NULL;

	while (at) {
		if (at->start <= address) {
			found = at;
			at = at->right;
		} else {
			at = at->left;
		}
	}
	return found;
}

static struct range *find(struct ranges *ranges, uint64_t address)
{
	struct range *range = last_until(ranges, address);

	return range && range->start == address && range->size ? range : NULL;
}

uint64_t range_size(struct ranges *ranges, uint64_t address)
{
	const struct range *range;
	uint64_t size;

	pthread_mutex_lock(&ranges->lock);
	range = find(ranges, address);
	size = range ? range->size : 0;
	pthread_mutex_unlock(&ranges->lock);
	return size;
}

void range_attach(struct ranges *ranges, uint64_t address, void *note)
{
	struct range *range;

	pthread_mutex_lock(&ranges->lock);
	range = find(ranges, address);
	if (range)
		range->note = note;
	pthread_mutex_unlock(&ranges->lock);
}

void *range_note(struct ranges *ranges, uint64_t address)
{
	const struct range *range;
	void *note;

	pthread_mutex_lock(&ranges->lock);
	range = last_until(ranges, address);
	note = range && address - range->start < range->size ? range->note : NULL;
	pthread_mutex_unlock(&ranges->lock);
	return note;
}

uint64_t range_give(struct ranges *ranges, uint64_t address)
{
	struct range *range, *below, *rest, *next;
	uint64_t size = 0;

	pthread_mutex_lock(&ranges->lock);
	range = find(ranges, address);
	if (range) {
		size = range->size;
		split(ranges->root, address, &below, &rest);
		split(rest, address + 1, &range, &rest);
		/* Never empty: the end is behind everything. */
		for (next = rest; next->left;)
			next = next->left;
		set_first_gap(rest, next->gap + range->gap + size);
		ranges->root = join(below, rest);
	}
	pthread_mutex_unlock(&ranges->lock);
	if (range) {
		free(range->note);
		free(range);
	}
	return size;
}
