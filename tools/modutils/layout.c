// SPDX-License-Identifier: GPL-2.0-or-later
/* Where everything lies in the image. */
#include <errno.h>
#include <stdlib.h>
#include "tools/modutils/link.h"

static int by_size(const void *left, const void *right)
{
	const struct symbol *const *a = left, *const *b = right;

	return (*a)->size < (*b)->size ? -1 : (*a)->size > (*b)->size;
}

/* The end of .bss, aligned, becomes the symbol's place. */
static int allocate_common(struct object *object, struct section *bss, struct symbol *symbol)
{
	uint64_t align = symbol->value ? symbol->value : 1;

	if (align & (align - 1) || align > ELF_MAX_ALIGN || symbol->size > ELF_MAX_ALLOC) {
		tell_error(object->messages, "common symbol %s: size %lu, alignment %lu",
			   symbol->name, (unsigned long)symbol->size, (unsigned long)align);
		return -ENOEXEC;
	}
	if (bss->align < align)
		bss->align = align;
	object_extend(object, bss, -bss->size & (align - 1));
	symbol->place = PLACE_SECTION;
	symbol->index = bss->index;
	symbol->value = object_extend(object, bss, symbol->size);
	return object->failed ? -ENOMEM : 0;
}

static struct section *find_bss(struct object *object)
{
	struct section *section;

	for (unsigned int i = 1; i < object->nr_sections; i++)
		if (object->sections[i]->is_bss && object->sections[i]->is_loaded)
			return object->sections[i];
	section = object_add_section(object, ".bss", 1, 0);
	if (section)
		section->is_bss = true;
	return section;
}

/* The small ones first, so that little is lost between them. */
int allocate_commons(struct object *object)
{
	struct symbol **commons = calloc(object->nr_symbols + 1, sizeof(struct symbol *));
	struct section *bss = NULL;
	size_t count = 0;
	int error = 0;

	if (!commons)
		return -ENOMEM;
	for (size_t i = 0; i < object->nr_symbols; i++)
		if (object->symbols[i]->place == PLACE_COMMON)
			commons[count++] = object->symbols[i];
	qsort(commons, count, sizeof(struct symbol *), by_size);
	if (count)
		bss = find_bss(object);
	if (count && !bss)
		error = -ENOMEM;
	for (size_t i = 0; i < count && !error; i++)
		error = allocate_common(object, bss, commons[i]);
	free(commons);
	return error;
}

uint64_t layout_object(struct object *object)
{
	uint64_t end = 0;

	for (struct section *section = object->first; section; section = section->next) {
		uint64_t align = section->align ? section->align : 1;

		section->address = (end + align - 1) & ~(align - 1);
		end = section->address + section->size;
	}
	return end;
}

void place_object(struct object *object, uint64_t address)
{
	for (struct section *section = object->first; section; section = section->next)
		section->address += address;
}
