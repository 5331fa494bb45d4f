// SPDX-License-Identifier: GPL-2.0-or-later
/* Open addressing with linear probing; deletion moves later entries up. */
#include <stdlib.h>
#include <string.h>
#include "loader/symbol_table.h"

struct entry {
	const char *name; /* NULL: free */
	void *value;
	uint32_t hash;
};

struct symbol_table {
	struct entry *entries;
	size_t count, size; /* size: a power of two */
};

/* FNV-1a */
static uint32_t hash_name(const char *name)
{
	uint32_t hash = 2166136261u;

	while (*name)
		hash = (hash ^ (uint8_t)*name++) * 16777619u;
	return hash;
}

struct symbol_table *symbol_table_new(void)
{
	struct symbol_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->size = 1024;
	table->entries = calloc(table->size, sizeof(*table->entries));
	if (!table->entries) {
		free(table);
		return NULL;
	}
	return table;
}

void symbol_table_free(struct symbol_table *table)
{
	if (!table)
		return;
	free(table->entries);
	free(table);
}

/* The entry of that name, or the free one where it belongs. */
static struct entry *slot_of(const struct symbol_table *table, const char *name, uint32_t hash)
{
	size_t mask = table->size - 1, at = hash & mask;

	while (table->entries[at].name &&
	       (table->entries[at].hash != hash || strcmp(table->entries[at].name, name)))
		at = (at + 1) & mask;
	return &table->entries[at];
}

static bool grow(struct symbol_table *table)
{
	struct symbol_table larger = {.size = 2 * table->size};

	larger.entries = calloc(larger.size, sizeof(*larger.entries));
	if (!larger.entries)
		return false;
	for (size_t i = 0; i < table->size; i++)
		if (table->entries[i].name)
			*slot_of(&larger, table->entries[i].name, table->entries[i].hash) =
				table->entries[i];
	free(table->entries);
	table->entries = larger.entries;
	table->size = larger.size;
	return true;
}

bool symbol_table_add(struct symbol_table *table, const char *name, void *value)
{
	uint32_t hash = hash_name(name);
	struct entry *entry;

	if (4 * table->count >= 3 * table->size && !grow(table))
		return false;
	entry = slot_of(table, name, hash);
	if (!entry->name)
		table->count++;
	*entry = (struct entry){name, value, hash};
	return true;
}

void *symbol_table_find(const struct symbol_table *table, const char *name)
{
	return slot_of(table, name, hash_name(name))->value;
}

void symbol_table_remove(struct symbol_table *table, const char *name)
{
	struct entry *entry = slot_of(table, name, hash_name(name));
	size_t mask = table->size - 1, hole = entry - table->entries, at = hole;

	if (!entry->name)
		return;
	table->count--;
	for (;;) {
		size_t home;

		at = (at + 1) & mask;
		if (!table->entries[at].name)
			break;
		home = table->entries[at].hash & mask;
		/* It may move into the hole if its home is not between hole and here. */
		if (((at - home) & mask) >= ((at - hole) & mask)) {
			table->entries[hole] = table->entries[at];
			hole = at;
		}
	}
	table->entries[hole] = (struct entry){NULL, NULL, 0};
}

size_t symbol_table_count(const struct symbol_table *table)
{
	return table->count;
}
