// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbols of an object by name: with versions, or in spite of them. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/modutils/object.h"

#define NR_DIGITS 8 /* of a checksum */

size_t version_base_length(const char *name, const char *prefix)
{
	size_t length = strlen(name), suffix = strlen("_R") + strlen(prefix) + NR_DIGITS;
	const char *end;

	if (length <= suffix)
		return length;
	end = name + length - suffix;
	if (strncmp(end, "_R", 2) || strncmp(end + 2, prefix, strlen(prefix)))
		return length;
	for (size_t i = 1; i <= NR_DIGITS; i++)
		if (!isxdigit((unsigned char)name[length - i]))
			return length;
	return length - suffix;
}

size_t object_base_length(const struct object *object, const char *name)
{
	return version_base_length(name, object->prefix);
}

/* Asked for each symbol of the kernel: names are gone through once. */
static unsigned int bucket_of(const struct object *object, const char *name)
{
	const char *end =
		object->ignores_checksums ? name + object_base_length(object, name) : NULL;
	unsigned int hash = 5381;

	for (; name != end && *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash % OBJECT_BUCKETS;
}

/* Two versions of a symbol never stand for each other, not even where versions are ignored. */
static bool is_same(const struct object *object, const char *left, const char *right)
{
	size_t length;

	if (!strcmp(left, right))
		return true;
	if (!object->ignores_checksums)
		return false;
	length = object_base_length(object, left);
	if (length != object_base_length(object, right) || strncmp(left, right, length))
		return false;
	return !left[length] != !right[length];
}

struct symbol *object_find_symbol(const struct object *object, const char *name)
{
	struct symbol *symbol = object->buckets[bucket_of(object, name)];

	while (symbol && !is_same(object, symbol->name, name))
		symbol = symbol->next;
	return symbol;
}

static void hash_in(struct object *object, struct symbol *symbol)
{
	struct symbol **bucket = &object->buckets[bucket_of(object, symbol->name)];

	symbol->next = *bucket;
	*bucket = symbol;
}

static void hash_out(struct object *object, struct symbol *symbol)
{
	struct symbol **place = &object->buckets[bucket_of(object, symbol->name)];

	while (*place != symbol)
		place = &(*place)->next;
	*place = symbol->next;
	symbol->is_shadowed = true;
}

void object_ignore_checksums(struct object *object)
{
	memset(object->buckets, 0, sizeof(object->buckets));
	object->ignores_checksums = true;
	for (size_t i = object->nr_symbols; i-- > 0;)
		if (object->symbols[i] && !object->symbols[i]->is_shadowed)
			hash_in(object, object->symbols[i]);
}

static struct symbol *new_symbol(struct object *object, const struct symbol *wanted)
{
	size_t capacity = object->symbols_capacity ? 2 * object->symbols_capacity : 64;
	struct symbol **grown = object->symbols, *symbol = malloc(sizeof(*symbol));

	if (object->nr_symbols == object->symbols_capacity) {
		grown = reallocarray(object->symbols, capacity, sizeof(*grown));
		if (grown) {
			object->symbols = grown;
			object->symbols_capacity = capacity;
		}
	}
	if (!symbol || !grown) {
		free(symbol);
		object->failed = true;
		return NULL;
	}
	*symbol = *wanted;
	object->symbols[object->nr_symbols++] = symbol;
	return symbol;
}

static void redefine(struct symbol *symbol, const struct symbol *wanted)
{
	struct symbol *next = symbol->next;

	*symbol = *wanted;
	symbol->next = next;
}

static bool is_data(const struct symbol *symbol)
{
	return symbol->type == STT_NOTYPE || symbol->type == STT_OBJECT;
}

/* Two global definitions of a name: does the second replace the first? */
static bool replaces(const struct object *object, const struct symbol *first,
		     const struct symbol *second)
{
	if (second->bind == STB_WEAK)
		return false;
	if (first->bind == STB_WEAK)
		return true;
	if (second->place == PLACE_COMMON && is_data(first))
		return false;
	if (first->place == PLACE_COMMON && is_data(second))
		return true;
	tell_error(object->messages, "%s multiply defined", second->name);
	return false;
}

struct symbol *object_add_symbol(struct object *object, const struct symbol *wanted)
{
	struct symbol *known = object_find_symbol(object, wanted->name), *symbol;

	if (!known) {
		symbol = new_symbol(object, wanted);
		if (symbol)
			hash_in(object, symbol);
		return symbol;
	}
	if (known->place == PLACE_UNDEFINED && wanted->place != PLACE_UNDEFINED) {
		redefine(known, wanted);
		return known;
	}
	if (wanted->bind == STB_LOCAL) { /* reached by relocations alone */
		symbol = new_symbol(object, wanted);
		if (symbol)
			symbol->is_shadowed = true;
		return symbol;
	}
	if (known->bind == STB_LOCAL) { /* as ld -r makes them */
		hash_out(object, known);
		symbol = new_symbol(object, wanted);
		if (symbol)
			hash_in(object, symbol);
		return symbol;
	}
	if (wanted->place == PLACE_UNDEFINED)
		return known;
	if (replaces(object, known, wanted))
		redefine(known, wanted);
	return known;
}

/* 0, or -ENOEXEC: st_shndx names nothing. */
static int place_of(const struct object *object, const Elf64_Sym *from, struct symbol *symbol)
{
	symbol->value = from->st_value;
	switch (from->st_shndx) {
	case SHN_UNDEF:
		symbol->place = PLACE_UNDEFINED;
		return 0;
	case SHN_ABS:
		symbol->place = PLACE_ABSOLUTE;
		return 0;
	case SHN_COMMON:
		symbol->place = PLACE_COMMON;
		return 0;
	default:
		symbol->place = PLACE_SECTION;
		symbol->index = from->st_shndx;
		return from->st_shndx < object->view.nr_sections ? 0 : -ENOEXEC;
	}
}

int object_read_symbols(struct object *object)
{
	const struct elf_view *view = &object->view;
	struct symbol **by_index;

	if (!view->nr_symbols) {
		tell_error(object->messages, "%s has no symbols", object->messages->from);
		tell_hint(object->messages, "it was stripped: strip it with --strip-debug at most");
		return -ENOEXEC;
	}
	by_index = calloc(view->nr_symbols, sizeof(*by_index));
	if (!by_index)
		return -ENOMEM;
	for (size_t i = 1; i < view->nr_symbols && !object->failed; i++) {
		const Elf64_Sym *from = &view->symbols[i];
		struct symbol symbol = {.name = elf_symbol_name(view, from),
					.size = from->st_size,
					.bind = ELF64_ST_BIND(from->st_info),
					.type = ELF64_ST_TYPE(from->st_info)};

		if (place_of(object, from, &symbol)) {
			tell_error(object->messages,
				   "symbol %zu (%s) lies in section %u, which is none", i,
				   symbol.name, from->st_shndx);
			free(by_index);
			return -ENOEXEC;
		}
		if (symbol.type == STT_SECTION && symbol.place == PLACE_SECTION)
			symbol.name = object->sections[symbol.index]->name;
		by_index[i] = object_add_symbol(object, &symbol);
	}
	object->by_index = by_index;
	return object->failed ? -ENOMEM : 0;
}

uint64_t object_symbol_address(const struct object *object, const struct symbol *symbol)
{
	if (!symbol)
		return 0;
	if (symbol->place == PLACE_SECTION)
		return symbol->value + object->sections[symbol->index]->address;
	return symbol->value;
}

bool object_symbol_is_loaded(const struct object *object, const struct symbol *symbol)
{
	return symbol->place == PLACE_ABSOLUTE ||
	       (symbol->place == PLACE_SECTION && object->sections[symbol->index]->is_loaded);
}
