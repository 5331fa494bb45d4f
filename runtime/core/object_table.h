/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept for each object, found by the object: there may be thousands of modules. */
#ifndef RING3_OBJECT_TABLE_H
#define RING3_OBJECT_TABLE_H

#include <ring3/hypercall.h>

#define OBJECT_BUCKETS 256

/* The first member of what is kept; at most one an object. */
struct object_entry {
	struct object_entry *next;
	const struct r3_object *object;
};

struct object_table {
	struct object_entry *buckets[OBJECT_BUCKETS];
};

static inline struct object_entry **object_table_find(struct object_table *table,
						      const struct r3_object *object)
{
	unsigned long hash = (unsigned long)object * 0x9e3779b97f4a7c15UL;
	struct object_entry **link = &table->buckets[hash >> 56];

	while (*link && (*link)->object != object)
		link = &(*link)->next;
	return link;
}

static inline void object_table_add(struct object_table *table, struct object_entry *entry)
{
	struct object_entry **link = object_table_find(table, entry->object);

	entry->next = *link;
	*link = entry;
}

/* What was kept for it; NULL: nothing. */
static inline void *object_table_take(struct object_table *table, const struct r3_object *object)
{
	struct object_entry **link = object_table_find(table, object), *entry = *link;

	if (entry)
		*link = entry->next;
	return entry;
}

#endif
