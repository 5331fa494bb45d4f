// SPDX-License-Identifier: GPL-2.0-or-later
/* Undefined symbols become addresses in the kernel and in modules that are loaded. */
#include <errno.h>
#include <string.h>
#include "tools/modutils/link.h"

#define GPL_ONLY "GPLONLY_"

static bool is_gpl_only(const char *name)
{
	return *name == 'G' && !strncmp(name, GPL_ONLY, strlen(GPL_ONLY));
}

/* Which of them does the object want? True: some. */
static bool add_symbols(struct link *link, const struct kernel_symbols *symbols, enum place place,
			unsigned int index)
{
	struct object *object = &link->object;
	bool is_used = false;

	for (size_t i = 0; i < symbols->count; i++) {
		const char *name = symbols->list[i].name;
		struct symbol symbol = {.value = symbols->list[i].value,
					.place = place,
					.index = index,
					.bind = STB_GLOBAL};
		const struct symbol *known;

		if (is_gpl_only(name)) {
			link->saw_gpl_only = true;
			if (!link->is_gpl)
				continue;
			name += strlen(GPL_ONLY);
		}
		/* its own local ones are parameters, and no dependency */
		known = object_find_symbol(object, name);
		if (!known || known->bind == STB_LOCAL || known->place != PLACE_UNDEFINED)
			continue;
		symbol.name = name;
		if (!object_add_symbol(object, &symbol))
			return is_used;
		is_used = true;
		tell_step(link->messages, "insmod", "resolve", "%-32s 0x%016lx  %s%s%s", name,
			  (unsigned long)symbol.value, place == PLACE_MODULE ? "[" : "",
			  place == PLACE_MODULE ? link->kernel.modules[index].name : "kernel",
			  place == PLACE_MODULE ? "]" : "");
	}
	return is_used;
}

void add_kernel_symbols(struct link *link)
{
	const char *license;

	link->is_gpl = object_is_gpl(&link->object, &license);
	for (size_t i = 0; i < link->kernel.nr_modules; i++) {
		struct kernel_module *module = &link->kernel.modules[i];

		module->is_used = add_symbols(link, &module->symbols, PLACE_MODULE, i);
		link->nr_needs += module->is_used;
	}
	add_symbols(link, &link->kernel.symbols, PLACE_KERNEL, 0);
}

/* Why a name is not found: the closest that somebody exports. */
struct nearest {
	const char *name;   /* as it is exported; NULL: nobody has it */
	const char *module; /* who; NULL: the kernel */
	bool is_gpl_only;
};

static void look_for(const struct link *link, const char *name,
		     const struct kernel_symbols *symbols, const char *module,
		     struct nearest *nearest)
{
	size_t length = object_base_length(&link->object, name);

	for (size_t i = 0; i < symbols->count && !nearest->name; i++) {
		const char *exported = symbols->list[i].name;
		bool gpl_only = is_gpl_only(exported);

		if (gpl_only)
			exported += strlen(GPL_ONLY);
		if (object_base_length(&link->object, exported) != length ||
		    strncmp(exported, name, length))
			continue;
		*nearest = (struct nearest){
			.name = exported, .module = module, .is_gpl_only = gpl_only};
	}
}

/* One line about the first that was missing. */
static void advise(const struct link *link, const char *name)
{
	struct nearest nearest = {};
	int length = object_base_length(&link->object, name);

	look_for(link, name, &link->kernel.symbols, NULL, &nearest);
	for (size_t i = 0; i < link->kernel.nr_modules; i++)
		look_for(link, name, &link->kernel.modules[i].symbols, link->kernel.modules[i].name,
			 &nearest);
	if (!nearest.name)
		tell_hint(link->messages,
			  "nobody exports %.*s: load the module that does first, or use modprobe",
			  length, name);
	else if (nearest.is_gpl_only && !link->is_gpl)
		tell_hint(link->messages,
			  "%s%s exports %.*s for modules with a GPL compatible license only",
			  nearest.module ? "module " : "the kernel",
			  nearest.module ? nearest.module : "", length, name);
	else
		tell_hint(link->messages,
			  "%s%s exports it as %s: build the module against that version",
			  nearest.module ? "module " : "the kernel",
			  nearest.module ? nearest.module : "", nearest.name);
}

/* modutils' words; who it was for might not know that his license is looked at. */
static void explain_license(struct link *link)
{
	if (link->saw_gpl_only)
		tell_error(
			link->messages,
			"\n"
			"Hint: You are trying to load a module without a GPL compatible license\n"
			"      and it has unresolved symbols.  The module may be trying to access\n"
			"      GPLONLY symbols but the problem is more likely to be a coding or\n"
			"      user error.  Contact the module supplier for assistance, only they\n"
			"      can help you.\n");
	else
		tell_error(
			link->messages,
			"\n"
			"Hint: You are trying to load a module without a GPL compatible license\n"
			"      and it has unresolved symbols.  Contact the module supplier for\n"
			"      assistance, only they can help you.\n");
}

int check_undefined(struct link *link)
{
	const char *first = NULL;

	for (size_t i = 0; i < link->object.nr_symbols; i++) {
		struct symbol *symbol = link->object.symbols[i];

		if (symbol->place != PLACE_UNDEFINED || symbol->is_shadowed)
			continue;
		if (symbol->bind == STB_WEAK) {
			symbol->place = PLACE_ABSOLUTE;
			symbol->value = 0;
			symbol->bind = STB_LOCAL; /* not to be exported */
			continue;
		}
		if (!link->insert->is_quiet)
			tell_error(link->messages, "unresolved symbol %s", symbol->name);
		if (!first)
			first = symbol->name;
	}
	if (!first)
		return 0;
	if (!link->insert->is_quiet) {
		advise(link, first);
		if (!link->is_gpl)
			explain_license(link);
	}
	return -ENOENT;
}
