// SPDX-License-Identifier: GPL-2.0-or-later
/* An object's own symbols, and the way from an address to a name (kallsyms). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loader/internal.h"

static uint8_t code_of(uint8_t part, uint8_t binding, uint8_t type, bool has_bits)
{
	static const char letters[NR_PARTS] = {'t', 'r', 'd', 'd', 't', 'r', 'd'};
	char letter = part == NO_PART ? 'a' : letters[part];

	if (letter == 'd' && !has_bits)
		letter = 'b';
	if (binding == STB_WEAK)
		return type == STT_OBJECT ? 'V' : 'W';
	return binding == STB_GLOBAL ? toupper(letter) : letter;
}

static bool is_wanted(const struct load_info *info, const Elf64_Sym *symbol)
{
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);
	const char *name = elf_symbol_name(&info->view, symbol);

	if (type == STT_SECTION || type == STT_FILE || !*name)
		return false;
	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= info->view.nr_sections)
		return false;
	/* Labels of the assembler and of objtool say nothing to people; modules show the latter. */
	return strncmp(name, ".L", 2) && (info->module || strncmp(name, "__UNIQUE_ID_", 12));
}

static int by_address(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	/* find_kallsyms_symbol() takes the first of the symbol table, where local ones stand */
	return (b->binding == STB_LOCAL) - (a->binding == STB_LOCAL);
}

/* After layout: addresses of everything that the object defines. */
int collect_symbols(struct load_info *info)
{
	struct object *object = info->object;
	const struct elf_view *view = &info->view;

	object->symbols = calloc(view->nr_symbols ? view->nr_symbols : 1, sizeof(struct symbol));
	object->strings = malloc(view->strings_size + 1);
	if (!object->symbols || !object->strings)
		return -ENOMEM;
	if (view->strings_size)
		memcpy(object->strings, view->strings, view->strings_size);
	object->strings[view->strings_size] = '\0';
	for (size_t i = 1; i < view->nr_symbols; i++) {
		const Elf64_Sym *from = &view->symbols[i];
		struct symbol *to = &object->symbols[object->nr_symbols];

		if (!is_wanted(info, from) || !info->address[from->st_shndx])
			continue;
		to->address = info->address[from->st_shndx] + from->st_value;
		to->size = from->st_size;
		to->name = elf_symbol_name(view, from) - view->strings;
		to->type = ELF64_ST_TYPE(from->st_info);
		to->binding = ELF64_ST_BIND(from->st_info);
		to->part = info->part[from->st_shndx];
		to->order = i;
		to->code = code_of(to->part, to->binding, to->type,
				   view->sections[from->st_shndx].sh_type != SHT_NOBITS);
		object->nr_symbols++;
	}
	qsort(object->symbols, object->nr_symbols, sizeof(struct symbol), by_address);
	return 0;
}

const struct object *object_of_address(struct r3_box *box, uint64_t address)
{
	uint64_t offset = address - box->space.module_base;

	if (offset >= box->space.module_size)
		return NULL;
	return __atomic_load_n(&box->page_objects[offset / PAGE_SIZE], __ATOMIC_ACQUIRE);
}

/* From now on these pages are the object's; NULL: nobody's. */
void set_pages_of(struct r3_box *box, uint64_t base, uint64_t size, struct object *object)
{
	for (uint64_t offset = base - box->space.module_base, end = offset + size; offset < end;
	     offset += PAGE_SIZE)
		__atomic_store_n(&box->page_objects[offset / PAGE_SIZE], object, __ATOMIC_RELEASE);
}

/* The part that an address lies in; NR_PARTS: none. */
static unsigned int part_of_address(const struct object *object, uint64_t address)
{
	unsigned int part;

	for (part = 0; part < NR_PARTS; part++)
		if (address - object->parts[part].address < object->parts[part].size &&
		    object->parts[part].address)
			break;
	return part;
}

const struct symbol *symbol_of_address(const struct object *object, uint64_t address)
{
	size_t low = 0, high = object->nr_symbols;
	const struct symbol *found = NULL;
	unsigned int part = part_of_address(object, address);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (object->symbols[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	/* The nearest before it in the same part; of several at one address the first. */
	while (low-- > 0) {
		const struct symbol *symbol = &object->symbols[low];

		if (symbol->part != part || (found && symbol->address != found->address))
			break;
		found = symbol;
	}
	return found;
}

bool address_is_text(struct r3_box *box, uint64_t address)
{
	const struct object *object = object_of_address(box, address);
	unsigned int part = object ? part_of_address(object, address) : NR_PARTS;

	return part == PART_TEXT || part == PART_INIT_TEXT;
}

const struct r3_section *object_section(const struct object *object, const char *name)
{
	for (unsigned int i = 0; i < object->nr_sections; i++)
		if (!strcmp(object->sections[i].name, name))
			return &object->sections[i];
	return NULL;
}

uint64_t symbol_span(const struct object *object, const struct symbol *symbol)
{
	const struct symbol *next = symbol, *end = object->symbols + object->nr_symbols;
	const struct part_range *part;

	if (symbol->part != PART_TEXT && symbol->part != PART_INIT_TEXT)
		return symbol_extent(object, symbol);
	while (next < end && next->address == symbol->address)
		next++;
	if (next < end && next->part == symbol->part)
		return next->address - symbol->address;
	if (!object->module)
		return symbol_extent(object, symbol);
	part = &object->parts[symbol->part];
	return part->address + part->size - symbol->address;
}

uint64_t symbol_extent(const struct object *object, const struct symbol *symbol)
{
	const struct symbol *next = symbol, *end = object->symbols + object->nr_symbols;

	if (symbol->size)
		return symbol->size;
	while (next < end && next->address == symbol->address)
		next++;
	if (next < end && next->part == symbol->part)
		return next->address - symbol->address;
	if (symbol->part >= NR_PARTS)
		return 0;
	return object->parts[symbol->part].address + object->parts[symbol->part].size -
	       symbol->address;
}

int symbol_format(struct r3_box *box, uint64_t address, char *buffer, size_t size)
{
	const struct object *object = object_of_address(box, address);
	const struct symbol *symbol = object ? symbol_of_address(object, address) : NULL;
	const char *missing;

	if (!symbol) {
		missing = stub_missing_name(box, address);
		if (missing)
			return snprintf(buffer, size, "%s (not implemented)", missing);
		return snprintf(buffer, size, "0x%lx", (unsigned long)address);
	}
	return snprintf(buffer, size, "%s+0x%lx/0x%lx%s%s%s", object->strings + symbol->name,
			(unsigned long)(address - symbol->address),
			(unsigned long)symbol_span(object, symbol), object->module ? " [" : "",
			object->module ? object->module->name : "", object->module ? "]" : "");
}

static const struct symbol *symbol_in(const struct object *object, const char *name)
{
	for (unsigned int i = 0; i < object->nr_symbols; i++)
		if (!strcmp(object->strings + object->symbols[i].name, name))
			return &object->symbols[i];
	return NULL;
}

unsigned int symbol_count(struct r3_box *box, const char *name)
{
	unsigned int count = 0;

	module_lock(box);
	for (const struct object *object = box->objects; object; object = object->next)
		for (unsigned int i = 0; i < object->nr_symbols; i++)
			count += !strcmp(object->strings + object->symbols[i].name, name);
	module_unlock(box);
	return count;
}

/* "name", or "module:name" for one of that module only. */
uint64_t symbol_lookup(struct r3_box *box, const char *name)
{
	const char *colon = strchr(name, ':');
	const struct symbol *symbol;
	uint64_t address = 0;

	module_lock(box);
	if (!colon)
		address = (uint64_t)symbol_table_find(box->kernel, name);
	for (const struct object *object = box->objects; object && !address;
	     object = object->next) {
		if (colon && (!object->module || strlen(object->name) != (size_t)(colon - name) ||
			      strncmp(object->name, name, colon - name)))
			continue;
		symbol = symbol_in(object, colon ? colon + 1 : name);
		if (symbol)
			address = symbol->address;
	}
	module_unlock(box);
	return address;
}
