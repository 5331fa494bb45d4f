// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What insmod adds to an object: struct module in front of it, its exports, the
 * modules that it needs, and symbols by which ksymoops finds file and sections.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <ring3/scheme24.h>
#include "tools/modutils/link.h"

int add_this_module(struct link *link)
{
	struct object *object = &link->object;
	struct symbol symbol = {.name = "__this_module",
				.size = sizeof(struct r3_24_module),
				.place = PLACE_SECTION,
				.bind = STB_LOCAL,
				.type = STT_OBJECT};

	link->this_module = object_add_first_section(object, ".this", 8, symbol.size);
	if (!link->this_module)
		return -ENOMEM;
	symbol.index = link->this_module->index;
	object_add_symbol(object, &symbol);
	object_patch_text(object, link->this_module, offsetof(struct r3_24_module, name),
			  link->name);
	return 0;
}

/* Nobody else may call them. */
void hide_special_symbols(struct link *link)
{
	static const char *const names[] = {"init_module", "cleanup_module", "kernel_version"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct symbol *symbol = object_find_symbol(&link->object, names[i]);

		if (symbol)
			symbol->bind = STB_LOCAL;
	}
}

/* EXPORT_NO_SYMBOLS leaves an empty __ksymtab that is not loaded. */
static struct section *export_table(struct link *link)
{
	struct section *section = object_find_section(&link->object, "__ksymtab");

	if (section && !section->is_loaded) {
		section->name = "x_ksymtab";
		section = NULL;
	}
	if (!section)
		section = object_add_section(&link->object, "__ksymtab", 8, 0);
	return section;
}

static void export_symbol(struct link *link, const struct symbol *symbol)
{
	struct section *section = export_table(link);
	uint64_t offset;

	if (!section)
		return;
	if (section->align < 8) /* an empty one has none */
		section->align = 8;
	offset = object_extend(&link->object, section, sizeof(struct r3_24_symbol));
	object_patch_symbol(&link->object, section, offset, symbol);
	object_patch_text(&link->object, section, offset + offsetof(struct r3_24_symbol, name),
			  symbol->name);
}

static void add_ksymoops_symbol(struct link *link, const struct section *section, const char *name,
				bool is_exported)
{
	const struct symbol *symbol;

	if (!name)
		return;
	symbol = object_add_symbol(&link->object, &(struct symbol){.name = name,
								   .place = PLACE_SECTION,
								   .index = section->index,
								   .bind = STB_GLOBAL});
	if (symbol && is_exported)
		export_symbol(link, symbol);
}

void add_ksymoops_symbols(struct link *link)
{
	static const char *const sections[] = {".text", ".rodata", ".data", ".bss"};
	struct object *object = &link->object;
	/* else all symbols are exported later, these among them */
	bool is_exported =
		object_find_section(object, "__ksymtab") || link->insert->exports_nothing;
	char *path = realpath(link->insert->path, NULL);
	struct stat status = {};

	if (stat(path ? path : link->insert->path, &status))
		status.st_mtime = 0;
	add_ksymoops_symbol(link, link->this_module,
			    object_text(object, "__insmod_%s_O%s_M%016lX_V%d", link->name,
					path ? path : link->insert->path,
					(unsigned long)status.st_mtime, object_version(object)),
			    is_exported);
	free(path);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct section *section = object_find_section(object, sections[i]);

		if (section && section->is_loaded && section->size)
			add_ksymoops_symbol(link, section,
					    object_text(object, "__insmod_%s_S%s_L%lu", link->name,
							section->name,
							(unsigned long)section->size),
					    is_exported);
	}
}

static void add_needs(struct link *link)
{
	struct object *object = &link->object;
	const struct symbol *this_module = object_find_symbol(object, "__this_module");
	uint64_t offset = 0;

	link->needs = object_add_section(object, ".kmodtab", 8,
					 link->nr_needs * sizeof(struct r3_24_ref));
	if (!link->needs)
		return;
	for (size_t i = 0; i < link->kernel.nr_modules; i++) {
		const struct kernel_module *module = &link->kernel.modules[i];
		uint8_t *place;

		if (!module->is_used)
			continue;
		place = object_bytes(object, link->needs, offset, sizeof(struct r3_24_ref));
		if (!place)
			return;
		memcpy(place, &module->address, sizeof(module->address));
		object_patch_symbol(object, link->needs, offset + offsetof(struct r3_24_ref, ref),
				    this_module);
		offset += sizeof(struct r3_24_ref);
	}
}

void add_tables(struct link *link)
{
	struct object *object = &link->object;

	if (link->nr_needs)
		add_needs(link);
	/* an object that does not say what it exports exports all */
	if (!link->insert->exports_nothing && !object_find_section(object, "__ksymtab")) {
		size_t count = object->nr_symbols;

		for (size_t i = 0; i < count; i++) {
			const struct symbol *symbol = object->symbols[i];

			if (symbol->bind != STB_LOCAL && !symbol->is_shadowed &&
			    object_symbol_is_loaded(object, symbol))
				export_symbol(link, symbol);
		}
	}
	link->exports = object_find_section(object, "__ksymtab");
	if (link->exports && (!link->exports->is_loaded || !link->exports->size))
		link->exports = NULL;
}

/* Where init begins, if it is last; it may be freed from there. */
static int32_t run_size(const struct object *object)
{
	static const char *const sections[] = {".text.init", ".data.init"};
	uint64_t start = object->first->address, size = 0;

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct section *section = object_find_section(object, sections[i]);

		if (section && section->is_loaded && (!size || section->address - start < size))
			size = section->address - start;
	}
	return size;
}

void fill_this_module(struct link *link)
{
	struct object *object = &link->object;
	const struct section *table = object_find_section(object, "__ex_table");
	struct r3_24_module *module = (void *)link->this_module->contents;

	module->size_of_struct = sizeof(*module);
	module->size = link->insert->size;
	module->flags = link->insert->is_autoclean ? R3_24_AUTOCLEAN : 0;
	if (link->exports) {
		module->syms = link->exports->address;
		module->nsyms = link->exports->size / sizeof(struct r3_24_symbol);
	}
	if (link->needs) {
		module->deps = link->needs->address;
		module->ndeps = link->nr_needs;
	}
	module->init = object_symbol_address(object, object_find_symbol(object, "init_module"));
	module->cleanup =
		object_symbol_address(object, object_find_symbol(object, "cleanup_module"));
	if (table && table->is_loaded) {
		module->ex_table_start = table->address;
		module->ex_table_end = table->address + table->size;
	}
	module->runsize = run_size(object);
	tell_step(
		link->messages, "insmod", "fill in",
		"struct module: init 0x%lx, cleanup 0x%lx, %u symbols exported, %u modules needed",
		(unsigned long)module->init, (unsigned long)module->cleanup, module->nsyms,
		module->ndeps);
}
