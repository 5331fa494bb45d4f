// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What EXPORT_SYMBOL leaves in an object: up to Linux 6.4, and in the SDK, an
 * entry of the table in a section of its own; since then a note in
 * .export_symbol, of which modpost makes the entry.
 */
#include <errno.h>
#include <string.h>
#include "internal.h"

#define ENTRY_PREFIX     "__ksymtab_"
#define NAMESPACE_PREFIX "__kstrtabns_"
#define NOTE_PREFIX      "__export_symbol_"

static bool starts_with(const char *string, const char *prefix)
{
	return !strncmp(string, prefix, strlen(prefix));
}

/* The string at an offset of a section, NULL if it is not one. */
static const char *string_at(const struct elf_view *view, unsigned int section, uint64_t offset)
{
	const char *data = elf_section_data(view, section);
	uint64_t size = view->sections[section].sh_size;

	if (!data || offset >= size || !memchr(data + offset, 0, size - offset))
		return NULL;
	return data + offset;
}

int export_read_entry(struct modpost *mp, struct mp_module *module, const struct elf_view *view,
		      const Elf64_Sym *symbol)
{
	const char *name = elf_symbol_name(view, symbol);
	const char *section = elf_section_name(view, symbol->st_shndx);
	bool gpl_only = starts_with(section, "___ksymtab_gpl+");

	if (!starts_with(name, ENTRY_PREFIX) || (!gpl_only && !starts_with(section, "___ksymtab+")))
		return 0;
	name += strlen(ENTRY_PREFIX);
	return mp_export_add(mp, module, name, gpl_only, "") ? 0 : -ENOMEM;
}

/* After the entries: an object's symbols come in any order. */
int export_read_namespaces(struct modpost *mp, struct mp_module *module,
			   const struct elf_view *view)
{
	size_t i;

	for (i = 1; i < view->nr_symbols; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];
		const char *name = elf_symbol_name(view, symbol), *import_namespace = NULL;
		struct mp_symbol *export;

		if (!starts_with(name, NAMESPACE_PREFIX) || !symbol->st_shndx)
			continue;
		name += strlen(NAMESPACE_PREFIX);
		export = mp_export_find(mp, name);
		if (export && export->module != module)
			continue; /* its entry is not one any more: the object was linked already */
		if (symbol->st_shndx < view->nr_sections)
			import_namespace = string_at(view, symbol->st_shndx, symbol->st_value);
		if (!import_namespace) {
			mp_error(mp, "%s: the namespace of '%s' is not a string", module->name,
				 name);
		} else if (!export && !mp->options.since_6_6) {
			mp_error(mp, "Could not update namespace(%s) for symbol %s",
				 import_namespace, name);
		} else if (export) {
			export->namespace =
				mp_strndup(mp, import_namespace, strlen(import_namespace));
			if (!export->namespace)
				return -ENOMEM;
		}
	}
	return 0;
}

int export_read_note(struct modpost *mp, struct mp_module *module,
		     const struct symbol_index *symbols, const Elf64_Rela *rela,
		     const Elf64_Sym *target, unsigned int section)
{
	const Elf64_Sym *label = symbol_index_before(symbols, section, rela->r_offset, false);
	const struct elf_view *view = symbols->view;
	const char *label_name = label ? elf_symbol_name(view, label) : "";
	const char *name = elf_symbol_name(view, target), *license, *import_namespace = NULL;
	unsigned int binding = ELF64_ST_BIND(target->st_info);
	struct mp_symbol *export;

	if (!starts_with(label_name, NOTE_PREFIX)) {
		mp_error(mp, "%s: .export_symbol section contains strange symbol '%s'",
			 module->name, label_name);
		return 0;
	}
	label_name += strlen(NOTE_PREFIX);
	if (binding != STB_GLOBAL && binding != STB_WEAK) {
		mp_error(mp, "%s: local symbol '%s' was exported", module->name, label_name);
		return 0;
	}
	if (strcmp(label_name, name)) {
		mp_error(mp,
			 "%s: .export_symbol section references '%s', but it does not seem to be "
			 "an export symbol",
			 module->name, name);
		return 0;
	}
	license = string_at(view, section, label->st_value);
	if (license)
		import_namespace = string_at(view, section, label->st_value + strlen(license) + 1);
	if (!import_namespace || (strcmp(license, "GPL") && *license)) {
		mp_error(mp, "%s: unknown license '%s' was specified for '%s'", module->name,
			 license ? license : "", name);
		return 0;
	}
	export = mp_export_add(mp, module, name, *license, import_namespace);
	if (!export)
		return -ENOMEM;
	export->is_function = ELF64_ST_TYPE(target->st_info) == STT_FUNC;
	module->needs_ksymtab = true;
	return 0;
}
