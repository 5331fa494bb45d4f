/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table of what has an address; several may have the same one. */
#ifndef RING3_ADDRESS_TABLE_H
#define RING3_ADDRESS_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* The first member of what is kept. */
struct address_entry {
	struct address_entry *next;
	uint64_t address;
};

struct address_table {
	struct address_entry **buckets;
	size_t size, count; /* size: a power of two, 0 as long as nothing came */
};

/* The first of that address, and the next one after it; NULL: no more. */
void *address_table_find(const struct address_table *table, uint64_t address);
void *address_table_next(const void *entry);
/* With its address filled in. Without memory for a larger table the old one gets fuller. */
int address_table_add(struct address_table *table, void *entry);
void address_table_remove(struct address_table *table, void *entry);
/* Frees the entries, too. */
void address_table_free(struct address_table *table);

#endif
