// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include "box/vmalloc.h"

struct range {
	uint64_t start, size;
};

/* Taken ranges, sorted by start. */
struct ranges {
	pthread_mutex_t lock;
	uint64_t base, size, granule;
	struct range *taken;
	size_t count, room;
	size_t hint; /* no gap before this one was left by a range that was given back */
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
	return ranges;
}

void ranges_free(struct ranges *ranges)
{
	if (!ranges)
		return;
	pthread_mutex_destroy(&ranges->lock);
	free(ranges->taken);
	free(ranges);
}

static bool insert(struct ranges *ranges, size_t at, struct range range)
{
	if (ranges->count == ranges->room) {
		size_t room = ranges->room ? 2 * ranges->room : 64;
		struct range *taken = reallocarray(ranges->taken, room, sizeof(*taken));

		if (!taken)
			return false;
		ranges->taken = taken;
		ranges->room = room;
	}
	for (size_t i = ranges->count++; i > at; i--)
		ranges->taken[i] = ranges->taken[i - 1];
	ranges->taken[at] = range;
	return true;
}

uint64_t range_take(struct ranges *ranges, uint64_t size, uint64_t align)
{
	uint64_t address = 0, end = ranges->base + ranges->size;
	size_t i;

	if (align < ranges->granule)
		align = ranges->granule;
	size = (size + ranges->granule - 1) / ranges->granule * ranges->granule;
	if (!size || size > ranges->size)
		return 0;
	pthread_mutex_lock(&ranges->lock);
	for (i = ranges->hint; i <= ranges->count; i++) {
		uint64_t from =
			i ? ranges->taken[i - 1].start + ranges->taken[i - 1].size : ranges->base;
		uint64_t to = i < ranges->count ? ranges->taken[i].start : end;

		from = (from + align - 1) & ~(align - 1);
		if (from >= to || to - from < size)
			continue;
		if (insert(ranges, i, (struct range){from, size}))
			address = from;
		break;
	}
	/* Only single granules are sure to have left no smaller gap behind. */
	if (address && size == ranges->granule && align == ranges->granule)
		ranges->hint = i;
	pthread_mutex_unlock(&ranges->lock);
	return address;
}

/* Index of the range that starts there; count if none does. */
static size_t find(const struct ranges *ranges, uint64_t address)
{
	size_t low = 0, high = ranges->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (ranges->taken[middle].start < address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < ranges->count && ranges->taken[low].start == address)
		return low;
	return ranges->count;
}

uint64_t range_size(struct ranges *ranges, uint64_t address)
{
	uint64_t size = 0;
	size_t at;

	pthread_mutex_lock(&ranges->lock);
	at = find(ranges, address);
	if (at < ranges->count)
		size = ranges->taken[at].size;
	pthread_mutex_unlock(&ranges->lock);
	return size;
}

uint64_t range_give(struct ranges *ranges, uint64_t address)
{
	uint64_t size = 0;
	size_t at;

	pthread_mutex_lock(&ranges->lock);
	at = find(ranges, address);
	if (at < ranges->count) {
		size = ranges->taken[at].size;
		ranges->count--;
		for (size_t i = at; i < ranges->count; i++)
			ranges->taken[i] = ranges->taken[i + 1];
		if (at < ranges->hint)
			ranges->hint = at;
	}
	pthread_mutex_unlock(&ranges->lock);
	return size;
}
