// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include "box/address_table.h"

#define FIRST_SIZE 64

static struct address_entry **bucket_of(const struct address_table *table, uint64_t address)
{
	return &table->buckets[(address * 0x9e3779b97f4a7c15UL >> 32) & (table->size - 1)];
}

static const struct address_entry *of_address(const struct address_entry *entry, uint64_t address)
{
	while (entry && entry->address != address)
		entry = entry->next;
	return entry;
}

void *address_table_find(const struct address_table *table, uint64_t address)
{
	return table->size ? (void *)of_address(*bucket_of(table, address), address) : NULL;
}

void *address_table_next(const void *entry)
{
	const struct address_entry *from = entry;

	return (void *)of_address(from->next, from->address);
}

static int grow(struct address_table *table)
{
	struct address_table larger = {.size = table->size ? 2 * table->size : FIRST_SIZE};

	larger.buckets = calloc(larger.size, sizeof(*larger.buckets));
	if (!larger.buckets)
		return -ENOMEM;
	for (size_t i = 0; i < table->size; i++)
		while (table->buckets[i]) {
			struct address_entry *entry = table->buckets[i];
			struct address_entry **bucket = bucket_of(&larger, entry->address);

			table->buckets[i] = entry->next;
			entry->next = *bucket;
			*bucket = entry;
		}
	free(table->buckets);
	table->buckets = larger.buckets;
	table->size = larger.size;
	return 0;
}

int address_table_add(struct address_table *table, void *entry)
{
	struct address_entry *new = entry, **bucket;

	if (table->count >= table->size && grow(table) && !table->size)
		return -ENOMEM;
	bucket = bucket_of(table, new->address);
	new->next = *bucket;
	*bucket = new;
	table->count++;
	return 0;
}

void address_table_remove(struct address_table *table, void *entry)
{
	struct address_entry *old = entry, **link;

	for (link = bucket_of(table, old->address); *link != old; link = &(*link)->next)
		;
	*link = old->next;
	table->count--;
}

void address_table_free(struct address_table *table)
{
	for (size_t i = 0; i < table->size; i++)
		while (table->buckets[i]) {
			struct address_entry *entry = table->buckets[i];

			table->buckets[i] = entry->next;
			free(entry);
		}
	free(table->buckets);
}
