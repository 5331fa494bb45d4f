// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/index.h"
#include "tools/kmod/index_write.h"

#define FIRST_CAPACITY 64
#define FEW            8    /* are sorted by inserting */
#define MAX_LEVELS     1000 /* of sorting, which recurses */

static bool is_key(const char *key)
{
	size_t length = 0;

	while (key[length]) {
		if ((uint8_t)key[length] >= INDEX_NR_BYTES || ++length == INDEX_KEY_MAX)
			return false;
	}
	return true;
}

int index_add(struct index_entries *entries, const char *key, const char *value, uint32_t priority)
{
	size_t capacity = entries->capacity ? 2 * entries->capacity : FIRST_CAPACITY;
	struct index_entry *grown;

	if (!is_key(key))
		return -EINVAL;
	if (entries->count == entries->capacity) {
		grown = reallocarray(entries->entries, capacity, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		entries->entries = grown;
		entries->capacity = capacity;
	}
	entries->entries[entries->count] =
		(struct index_entry){key, value, priority, (uint32_t)entries->count};
	entries->count++;
	entries->is_sorted = false;
	return 0;
}

/* Of keys that are alike before start. */
static int compare_keys(const struct index_entry *a, const struct index_entry *b, size_t start)
{
	int order = strcmp(a->key + start, b->key + start);

	if (order)
		return order;
	/* Of one key: by priority; kmod puts the later one first where priorities are equal. */
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return a->turn > b->turn ? -1 : 1;
}

static int compare_entries(const void *left, const void *right)
{
	return compare_keys(left, right, 0);
}

static void insert_each(struct index_entry *from, size_t count, size_t start)
{
	struct index_entry entry;
	size_t at;

	for (size_t i = 1; i < count; i++) {
		entry = from[i];
		for (at = i; at && compare_keys(&entry, &from[at - 1], start) < 0; at--)
			from[at] = from[at - 1];
		from[at] = entry;
	}
}

static uint8_t byte_at(const struct index_entry *entry, size_t start)
{
	return entry->key[start];
}

static void swap(struct index_entry *a, struct index_entry *b)
{
	struct index_entry entry = *a;

	*a = *b;
	*b = entry;
}

/* Those with a lower byte at start go before low, those with a higher one from high on. */
static void split(struct index_entry *from, size_t count, size_t start, size_t *low, size_t *high)
{
	uint8_t middle = byte_at(&from[count / 2], start);
	size_t at = 0;

	*low = 0;
	*high = count;
	while (at < *high) {
		if (byte_at(&from[at], start) < middle)
			swap(&from[at++], &from[(*low)++]);
		else if (byte_at(&from[at], start) > middle)
			swap(&from[at], &from[--*high]);
		else
			at++;
	}
}

/*
 * Keys are long and begin alike: quicksort of bytes, from the first where they
 * may differ (Bentley and Sedgewick, "Fast algorithms for sorting strings").
 */
static void sort_from(struct index_entry *from, size_t count, size_t start, unsigned int levels)
{
	size_t low, high;
	bool at_end;

	while (count > FEW && levels--) {
		split(from, count, start, &low, &high);
		at_end = !byte_at(&from[low], start);
		sort_from(from, low, start, levels);
		sort_from(from + high, count - high, start, levels);
		from += low;
		count = high - low;
		if (at_end)
			break; /* they are all of one key */
		start++;
	}
	if (count > FEW)
		qsort(from, count, sizeof(*from), compare_entries);
	else
		insert_each(from, count, start);
}

static size_t common_length(const char *left, const char *right, size_t from)
{
	while (left[from] && left[from] == right[from])
		from++;
	return from;
}

static void add_values(struct buffer *out, const struct index_entry *from, size_t count)
{
	buffer_add_be32(out, count);
	for (size_t i = 0; i < count; i++) {
		buffer_add_be32(out, from[i].priority);
		buffer_add(out, from[i].value, strlen(from[i].value) + 1);
	}
}

/*
 * The node of the count entries at from, whose keys are alike up to start, and
 * before it the nodes below it; returns its place. The root never has a prefix.
 */
static uint32_t add_node(struct buffer *out, const struct index_entry *from, size_t count,
			 size_t start, bool is_root)
{
	uint32_t children[INDEX_NR_BYTES] = {0}, place;
	size_t end = start, values = 0, i, next;
	unsigned int first = INDEX_NR_BYTES, last = 0, byte;

	if (count && !is_root)
		end = common_length(from[0].key, from[count - 1].key, start);
	while (values < count && !from[values].key[end])
		values++;
	for (i = values; i < count; i = next) {
		byte = (uint8_t)from[i].key[end];
		for (next = i; next < count && (uint8_t)from[next].key[end] == byte;)
			next++;
		children[byte] = add_node(out, from + i, next - i, end + 1, false);
		first = byte < first ? byte : first;
		last = byte;
	}
	place = (uint32_t)out->size;
	if (end > start) {
		buffer_add(out, from[0].key + start, end - start);
		buffer_add_byte(out, 0);
		place |= INDEX_PREFIX;
	}
	if (first < INDEX_NR_BYTES) {
		buffer_add_byte(out, first);
		buffer_add_byte(out, last);
		for (byte = first; byte <= last; byte++)
			buffer_add_be32(out, children[byte]);
		place |= INDEX_CHILDREN;
	}
	if (values) {
		add_values(out, from, values);
		place |= INDEX_VALUES;
	}
	return place;
}

void index_sort(struct index_entries *entries)
{
	if (!entries->is_sorted)
		sort_from(entries->entries, entries->count, 0, MAX_LEVELS);
	entries->is_sorted = true;
}

int index_make(struct index_entries *entries, struct buffer *out)
{
	struct buffer index = {0};
	uint32_t root;
	int error = 0;

	index_sort(entries);
	buffer_add_be32(&index, INDEX_MAGIC);
	buffer_add_be32(&index, INDEX_VERSION);
	buffer_add_be32(&index, 0);
	root = htonl(add_node(&index, entries->entries, entries->count, 0, true));
	if (index.failed) {
		error = -ENOMEM;
	} else if (index.size > INDEX_PLACE) {
		error = -EFBIG;
	} else {
		memcpy(index.data + 2 * sizeof(root), &root, sizeof(root));
		buffer_add(out, index.data, index.size);
		error = out->failed ? -ENOMEM : 0;
	}
	buffer_release(&index);
	return error;
}

void index_entries_release(struct index_entries *entries)
{
	free(entries->entries);
	*entries = (struct index_entries){0};
}
