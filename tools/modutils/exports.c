// SPDX-License-Identifier: GPL-2.0-or-later
/* What an object exports, read before it is linked. */
#include <stddef.h>
#include <string.h>
#include <ring3/scheme24.h>
#include "tools/modutils/object.h"

/* The string that an entry's name points to; NULL: none that ends in its section. */
static const char *string_of(const struct object *object, const Elf64_Rela *rela)
{
	const struct symbol *symbol = object->by_index[ELF64_R_SYM(rela->r_info)];
	uint64_t offset;
	const struct section *section;

	if (!symbol || symbol->place != PLACE_SECTION)
		return NULL;
	section = object->sections[symbol->index];
	offset = symbol->value + rela->r_addend;
	if (!section->contents || offset >= section->size ||
	    !memchr(section->contents + offset, 0, section->size - offset))
		return NULL;
	return (const char *)section->contents + offset;
}

static int each_of_table(const struct object *object, const struct section *table,
			 int (*visit)(void *context, const char *name), void *context)
{
	const struct elf_view *view = &object->view;
	int result = 0;

	for (unsigned int i = 1; i < view->nr_sections; i++) {
		const Elf64_Rela *relas;
		size_t count;

		relas = elf_relocations(view, i, &count);
		if (!count || view->sections[i].sh_info != table->index)
			continue;
		for (size_t j = 0; j < count && !result; j++) {
			const char *name = string_of(object, &relas[j]);

			if (name && relas[j].r_offset % sizeof(struct r3_24_symbol) ==
					    offsetof(struct r3_24_symbol, name))
				result = visit(context, name);
		}
	}
	return result;
}

int object_each_export(const struct object *object, int (*visit)(void *context, const char *name),
		       void *context)
{
	const struct section *table = object_find_section(object, "__ksymtab");
	int result = 0;

	if (table)
		return each_of_table(object, table, visit, context);
	for (size_t i = 0; i < object->nr_symbols && !result; i++) {
		const struct symbol *symbol = object->symbols[i];

		if (symbol->bind != STB_LOCAL && !symbol->is_shadowed &&
		    (symbol->place == PLACE_COMMON || object_symbol_is_loaded(object, symbol)))
			result = visit(context, symbol->name);
	}
	return result;
}
