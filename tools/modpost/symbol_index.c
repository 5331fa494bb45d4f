// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which symbol an address of an object belongs to. Of symbols at one address
 * Linux 6.1 takes the last of the symbol table before an address, and Linux
 * 6.12 the first.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

/* Names that tools make up: of local labels, and ARM's marks, by which Linux goes everywhere. */
static bool is_tools_name(const char *name, bool since_6_6)
{
	if (since_6_6 && (!strncmp(name, ".L", 2) || !strncmp(name, "L0", 2)))
		return true;
	return *name == '$' && name[1] && strchr("adtx", name[1]) && (!name[2] || name[2] == '.');
}

static int compare_places(const void *a, const void *b)
{
	const struct symbol_place *first = a, *second = b;

	if (first->section != second->section)
		return first->section < second->section ? -1 : 1;
	if (first->address != second->address)
		return first->address < second->address ? -1 : 1;
	return first->symbol < second->symbol ? -1 : first->symbol > second->symbol;
}

int symbol_index_open(struct symbol_index *index, const struct elf_view *view, bool since_6_6)
{
	size_t i;

	memset(index, 0, sizeof(*index));
	index->view = view;
	index->places = calloc(view->nr_symbols + 1, sizeof(*index->places));
	if (!index->places)
		return -ENOMEM;
	for (i = 1; i < view->nr_symbols; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];
		const char *name = elf_symbol_name(view, symbol);

		if (!symbol->st_shndx || symbol->st_shndx >= view->nr_sections || !*name ||
		    is_tools_name(name, since_6_6))
			continue;
		index->places[index->count++] =
			(struct symbol_place){symbol->st_shndx, i, symbol->st_value};
	}
	qsort(index->places, index->count, sizeof(*index->places), compare_places);
	return 0;
}

void symbol_index_close(struct symbol_index *index)
{
	free(index->places);
	index->places = NULL;
}

/* The first place at or after the address. */
static size_t find_place(const struct symbol_index *index, unsigned int section, uint64_t address)
{
	const struct symbol_place key = {section, 0, address};
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_places(&index->places[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct symbol_place *place_in(const struct symbol_index *index, size_t i,
					   unsigned int section)
{
	return i < index->count && index->places[i].section == section ? &index->places[i] : NULL;
}

static const struct symbol_place *place_before(const struct symbol_index *index,
					       unsigned int section, uint64_t address, bool last)
{
	size_t after = address == UINT64_MAX ? find_place(index, section + 1, 0)
					     : find_place(index, section, address + 1);
	const struct symbol_place *place = after ? place_in(index, after - 1, section) : NULL;

	return place && !last ? &index->places[find_place(index, section, place->address)] : place;
}

const Elf64_Sym *symbol_index_before(const struct symbol_index *index, unsigned int section,
				     uint64_t address, bool last)
{
	const struct symbol_place *place = place_before(index, section, address, last);

	return place ? &index->view->symbols[place->symbol] : NULL;
}

const Elf64_Sym *symbol_index_near(const struct symbol_index *index, unsigned int section,
				   uint64_t address, uint64_t distance, bool since_6_6)
{
	const struct symbol_place *before = place_before(index, section, address, false), *after;

	after = place_in(index, find_place(index, section, address), section);
	if (before && address - before->address > distance)
		before = NULL;
	if (after && after->address - address > distance)
		after = NULL;
	if (before && after) {
		uint64_t down = address - before->address, up = after->address - address;

		if (up < down || (up == down && !since_6_6 && after->symbol < before->symbol))
			before = after;
	}
	if (!before)
		before = after;
	return before ? &index->view->symbols[before->symbol] : NULL;
}
