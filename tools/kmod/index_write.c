// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/index.h"
#include "tools/kmod/index_write.h"

#define FIRST_CAPACITY 64

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

/* Of one key: by priority; kmod puts the later one first where priorities are equal. */
static int compare_entries(const void *left, const void *right)
{
	const struct index_entry *a = left, *b = right;
	int order = strcmp(a->key, b->key);

	if (order)
		return order;
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return a->turn > b->turn ? -1 : 1;
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
	if (entries->count && !entries->is_sorted)
		qsort(entries->entries, entries->count, sizeof(*entries->entries), compare_entries);
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
