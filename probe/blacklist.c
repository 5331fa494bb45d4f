// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Code that no probe may touch, as kernel/kprobes.c of Linux collects it: the
 * functions in certain sections, and those that NOKPROBE_SYMBOL() names.
 */
#include <string.h>
#include "probe/internal.h"

/* each of their functions */
static const char *const sections[] = {
	".kprobes.text",
	".noinstr.text",
	".entry.text",
	".cpuidle.text",
};
#define NR_SECTIONS (sizeof(sections) / sizeof(*sections))

/* addresses of functions */
#define NAMED       "_kprobe_blacklist"

static void describe(const struct object *object, const struct symbol *symbol,
		     struct blacklisted *entry)
{
	*entry = (struct blacklisted){
		.start = symbol->address,
		.end = symbol->address + symbol_extent(object, symbol),
		.name = object->strings + symbol->name,
		.object = object,
	};
}

/* A function whose name starts here; aliases are one. */
static bool is_first_at(const struct object *object, const struct symbol *symbol)
{
	return symbol == object->symbols || symbol[-1].address != symbol->address;
}

static int each_of_section(const struct object *object, const struct r3_section *section,
			   int (*visit)(void *context, const struct blacklisted *entry),
			   void *context)
{
	struct blacklisted entry;
	int result = 0;

	for (unsigned int i = 0; i < object->nr_symbols && !result; i++) {
		const struct symbol *symbol = &object->symbols[i];

		if (symbol->address - section->address >= section->size ||
		    !is_first_at(object, symbol))
			continue;
		describe(object, symbol, &entry);
		result = visit(context, &entry);
	}
	return result;
}

static int each_named(struct r3_box *box, const struct object *object,
		      const struct r3_section *section,
		      int (*visit)(void *context, const struct blacklisted *entry), void *context)
{
	const char *addresses = box_writable(box, section->address); /* aligned or not */
	struct blacklisted entry;
	uint64_t address;
	int result = 0;

	for (size_t i = 0; i + sizeof(address) <= section->size && !result; i += sizeof(address)) {
		const struct symbol *symbol;

		memcpy(&address, addresses + i, sizeof(address));
		symbol = object_of_address(box, address) == object
				 ? symbol_of_address(object, address)
				 : NULL;
		if (!symbol)
			continue;
		describe(object, symbol, &entry);
		result = visit(context, &entry);
	}
	return result;
}

static int each_of_object(struct r3_box *box, const struct object *object,
			  int (*visit)(void *context, const struct blacklisted *entry),
			  void *context)
{
	const struct r3_section *section = object_section(object, NAMED);
	int result = section ? each_named(box, object, section, visit, context) : 0;

	for (unsigned int i = 0; i < NR_SECTIONS && !result; i++) {
		section = object_section(object, sections[i]);
		if (section)
			result = each_of_section(object, section, visit, context);
	}
	return result;
}

int blacklist_each(struct r3_box *box, int (*visit)(void *context, const struct blacklisted *entry),
		   void *context)
{
	int result = 0;

	module_lock(box);
	for (int modules = 0; modules < 2 && !result; modules++)
		for (const struct object *object = box->objects; object && !result;
		     object = object->next)
			if (!object->module == !modules)
				result = each_of_object(box, object, visit, context);
	module_unlock(box);
	return result;
}

static int lies_in(void *context, const struct blacklisted *entry)
{
	uint64_t address = *(const uint64_t *)context;

	return address - entry->start < entry->end - entry->start;
}

static bool lists(struct r3_box *box, uint64_t address)
{
	const struct object *object = object_of_address(box, address);
	const struct r3_section *section;

	if (!object)
		return false;
	for (unsigned int i = 0; i < NR_SECTIONS; i++) {
		section = object_section(object, sections[i]);
		if (section && address - section->address < section->size)
			return true;
	}
	section = object_section(object, NAMED);
	return section && each_named(box, object, section, lies_in, &address);
}

/* Of `function.cold' or `function.isra.0' the function decides (kernel/kprobes.c). */
bool blacklist_has(struct r3_box *box, uint64_t address)
{
	const struct object *object = object_of_address(box, address);
	const struct symbol *symbol = object ? symbol_of_address(object, address) : NULL;
	const char *name = symbol ? object->strings + symbol->name : "", *dot = strchr(name, '.');

	if (lists(box, address))
		return true;
	for (unsigned int i = 0; dot && i < object->nr_symbols; i++) {
		const char *other = object->strings + object->symbols[i].name;

		if (!strncmp(other, name, dot - name) && !other[dot - name])
			return lists(box, object->symbols[i].address);
	}
	return false;
}
