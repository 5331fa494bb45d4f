// SPDX-License-Identifier: GPL-2.0-or-later
/* insmod -m: where sections and symbols of the module are. */
#include <ctype.h>
#include <elf.h>
#include <stdlib.h>
#include "tools/modutils/link.h"

static int by_address(const void *left, const void *right, void *context)
{
	const struct symbol *const *a = left, *const *b = right;
	uint64_t first = object_symbol_address(context, *a);
	uint64_t second = object_symbol_address(context, *b);

	return first < second ? -1 : first > second;
}

/* As nm's letters. */
static char letter_of(const struct object *object, const struct symbol *symbol)
{
	const struct section *section;
	char letter;

	if (symbol->place == PLACE_ABSOLUTE) {
		letter = 'A';
	} else {
		section = object->sections[symbol->index];
		if (section->is_bss)
			letter = 'B';
		else if (section->flags & SHF_EXECINSTR)
			letter = 'T';
		else
			letter = section->flags & SHF_WRITE ? 'D' : 'R';
	}
	return symbol->bind == STB_LOCAL ? tolower(letter) : letter;
}

void print_map(const struct object *object, struct messages *messages)
{
	const struct symbol **list = calloc(object->nr_symbols + 1, sizeof(*list));
	size_t count = 0;

	tell(messages, "Sections:       Size      %-16s  Align", "Address");
	for (const struct section *section = object->first; section; section = section->next)
		tell(messages, "%-15s %08lx  %016lx  2**%d", section->name,
		     (unsigned long)section->size, (unsigned long)section->address,
		     section->align ? __builtin_ctzl(section->align) : 0);
	tell(messages, "\nSymbols:");
	if (!list)
		return;
	for (size_t i = 0; i < object->nr_symbols; i++)
		if (!object->symbols[i]->is_shadowed &&
		    object_symbol_is_loaded(object, object->symbols[i]))
			list[count++] = object->symbols[i];
	qsort_r(list, count, sizeof(*list), by_address, (void *)object);
	for (size_t i = 0; i < count; i++)
		tell(messages, "%016lx %c %s",
		     (unsigned long)object_symbol_address(object, list[i]),
		     letter_of(object, list[i]), list[i]->name);
	free(list);
}
