/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table from names to whatever the caller keeps; names are the caller's. */
#ifndef RING3_SYMBOL_TABLE_H
#define RING3_SYMBOL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbol_table;

struct symbol_table *symbol_table_new(void);
void symbol_table_free(struct symbol_table *table);
/* false: no memory. The name must live as long as the entry; an equal name is replaced. */
bool symbol_table_add(struct symbol_table *table, const char *name, void *value);
void *symbol_table_find(const struct symbol_table *table, const char *name);
void symbol_table_remove(struct symbol_table *table, const char *name);
size_t symbol_table_count(const struct symbol_table *table);

#endif
