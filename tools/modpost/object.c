// SPDX-License-Identifier: GPL-2.0-or-later
/* What NAME.o says: its .modinfo, what it imports, what it exports. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

#define EXPORT_PREFIX "__export_symbol_"

static bool starts_with(const char *string, const char *prefix)
{
	return !strncmp(string, prefix, strlen(prefix));
}

static bool is_global(const Elf64_Sym *symbol)
{
	unsigned int binding = ELF64_ST_BIND(symbol->st_info);

	return binding == STB_GLOBAL || binding == STB_WEAK;
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

static const Elf64_Sym *symbol_by_name(const struct elf_view *view, const char *name)
{
	size_t i;

	for (i = 1; i < view->nr_symbols; i++)
		if (!strcmp(elf_symbol_name(view, &view->symbols[i]), name))
			return &view->symbols[i];
	return NULL;
}

static int read_modinfo(struct modpost *mp, struct mp_module *module, const struct elf_view *view,
			const char *path)
{
	const char *value = elf_modinfo(view, "license");
	int ret;

	if (!value)
		mp_error(mp, "missing MODULE_LICENSE() in %s", path);
	for (; value; value = elf_modinfo_next(view, "license", value))
		if (!license_is_gpl_compatible(value))
			module->gpl_compatible = false;
	for (value = elf_modinfo(view, "import_ns"); value;
	     value = elf_modinfo_next(view, "import_ns", value)) {
		ret = name_list_add(mp, &module->imported_namespaces, value);
		if (ret)
			return ret;
	}
	if (mp->options.extra_warnings && !elf_modinfo(view, "description"))
		mp_warn(mp, "missing MODULE_DESCRIPTION() in %s", path);
	return 0;
}

/* The way of Linux up to 6.4, and of the SDK: the object has the table's entries. */
static int read_ksymtab_entry(struct modpost *mp, struct mp_module *module,
			      const struct elf_view *view, const Elf64_Sym *symbol)
{
	const char *name = elf_symbol_name(view, symbol) + strlen("__ksymtab_");
	const char *section = elf_section_name(view, symbol->st_shndx);
	const char *namespace = "";
	const Elf64_Sym *entry;
	char label[512];
	bool gpl_only;

	gpl_only = starts_with(section, "___ksymtab_gpl+");
	if (!gpl_only && !starts_with(section, "___ksymtab+"))
		return 0;
	snprintf(label, sizeof(label), "__kstrtabns_%s", name);
	entry = symbol_by_name(view, label);
	if (entry && entry->st_shndx && entry->st_shndx < view->nr_sections)
	namespace = string_at(view, entry->st_shndx, entry->st_value);
	if (!namespace) {
		mp_error(mp, "%s: the namespace of '%s' is not a string", module->name, name);
		return 0;
	}
	return mp_export_add(mp, module, name, gpl_only, namespace) ? 0 : -ENOMEM;
}

/* The way of Linux since 6.4: a note in .export_symbol, of which we make the entry. */
static int read_export_note(struct modpost *mp, struct mp_module *module,
			    const struct elf_view *view, const Elf64_Sym *label)
{
	const char *name = elf_symbol_name(view, label) + strlen(EXPORT_PREFIX);
	const char *license = string_at(view, label->st_shndx, label->st_value);
	const Elf64_Sym *symbol = symbol_by_name(view, name);
	const char *namespace = NULL;
	struct mp_symbol *export;

	if (license)
	namespace = string_at(view, label->st_shndx, label->st_value + strlen(license) + 1);
	if (!namespace || (strcmp(license, "GPL") && *license)) {
		mp_error(mp, "%s: unknown license '%s' was specified for '%s'", module->name,
			 license ? license : "", name);
		return 0;
	}
	if (!symbol || symbol->st_shndx == SHN_UNDEF) {
		mp_error(mp, "\"%s\" [%s.ko] was exported without definition", name, module->name);
		return 0;
	}
	if (!is_global(symbol)) {
		mp_error(mp, "%s: local symbol '%s' was exported", module->name, name);
		return 0;
	}
	export = mp_export_add(mp, module, name, *license, namespace);
	if (!export)
		return -ENOMEM;
	export->is_function = ELF64_ST_TYPE(symbol->st_info) == STT_FUNC;
	module->needs_ksymtab = true;
	return 0;
}

static int read_defined_symbol(struct modpost *mp, struct mp_module *module,
			       const struct elf_view *view, const Elf64_Sym *symbol)
{
	const char *name = elf_symbol_name(view, symbol);

	if (!strcmp(name, "init_module"))
		module->has_init = true;
	if (!strcmp(name, "cleanup_module"))
		module->has_exit = true;
	if (symbol->st_shndx >= view->nr_sections)
		return 0; /* absolute and the like */
	alias_device_table(mp, module, view, symbol);
	if (starts_with(name, "__ksymtab_"))
		return read_ksymtab_entry(mp, module, view, symbol);
	if (starts_with(name, EXPORT_PREFIX) &&
	    !strcmp(elf_section_name(view, symbol->st_shndx), ".export_symbol"))
		return read_export_note(mp, module, view, symbol);
	return 0;
}

static int read_symbols(struct modpost *mp, struct mp_module *module, const struct elf_view *view)
{
	int ret = 0;
	size_t i;

	for (i = 1; i < view->nr_symbols && !ret; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];
		const char *name = elf_symbol_name(view, symbol);

		switch (symbol->st_shndx) {
		case SHN_COMMON:
			mp_warn(mp, "\"%s\" [%s] is COMMON symbol", name, module->name);
			break;
		case SHN_UNDEF:
			/* __this_module is what we are about to write. */
			if (!is_global(symbol) || !strcmp(name, "__this_module") ||
			    !strcmp(name, "_GLOBAL_OFFSET_TABLE_"))
				break;
			if (!mp_import_add(mp, module, name,
					   ELF64_ST_BIND(symbol->st_info) == STB_WEAK))
				ret = -ENOMEM;
			break;
		default:
			ret = read_defined_symbol(mp, module, view, symbol);
		}
	}
	return ret;
}

/* CRCs that genksyms wrote beside each object: "#SYMVER name 0xcrc" in .NAME.o.cmd. */
static void read_crcs_of_object(struct modpost *mp, struct mp_module *module, const char *object)
{
	const char *slash = strrchr(object, '/');
	int directory = slash ? slash + 1 - object : 0;
	char path[4096], name[512], *data, *line;
	struct mp_symbol *symbol;
	unsigned int crc;
	size_t size;

	snprintf(path, sizeof(path), "%.*s.%s.cmd", directory, object, object + directory);
	if (file_read(path, &data, &size))
		return;
	for (line = data; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "#SYMVER %511s 0x%x", name, &crc) != 2)
			continue;
		symbol = mp_export_find(mp, name);
		if (symbol && symbol->module == module) {
			symbol->crc = crc;
			symbol->has_crc = true;
		}
	}
	free(data);
}

/* NAME.mod lists the objects of a module. */
static void read_crcs(struct modpost *mp, struct mp_module *module)
{
	char path[4096], *data, *object, *rest;
	size_t size;

	snprintf(path, sizeof(path), "%s.mod", module->name);
	if (file_read(path, &data, &size))
		return;
	for (object = strtok_r(data, "\n", &rest); object; object = strtok_r(NULL, "\n", &rest))
		read_crcs_of_object(mp, module, object);
	free(data);
}

static int read_versions(struct modpost *mp, struct mp_module *module, const struct elf_view *view)
{
	int ret;

	if (!module->is_kernel && (elf_modinfo(view, "version") || mp->options.all_srcversions)) {
		ret = srcversion_compute(mp, module);
		if (ret)
			return ret;
	}
	if (!mp->options.modversions)
		return 0;
	/*
	 * struct module is no argument of an exported function, so no CRC
	 * covers it. Linux lets module_layout's stand for it.
	 */
	if (!module->is_kernel && !mp_import_add(mp, module, "module_layout", false))
		return -ENOMEM;
	read_crcs(mp, module);
	return crc_compute(module, view);
}

static int read_view(struct modpost *mp, const char *path, bool as_kernel,
		     const struct elf_view *view)
{
	struct mp_module *module = NULL;
	int ret;

	if (as_kernel)
		module = mp_module_find(mp, "vmlinux");
	if (!module)
		module = as_kernel ? mp_module_new(mp, "vmlinux", strlen("vmlinux"))
				   : mp_module_new(mp, path, strlen(path) - strlen(".o"));
	if (!module)
		return -ENOMEM;
	if (!as_kernel) {
		ret = read_modinfo(mp, module, view, path);
		if (ret)
			return ret;
	}
	ret = read_symbols(mp, module, view);
	if (ret)
		return ret;
	section_check(mp, module, view);
	return read_versions(mp, module, view);
}

int modpost_read_object(struct modpost *mp, const char *path, bool as_kernel)
{
	size_t size, length = strlen(path);
	struct elf_problem problem = {};
	struct elf_view view;
	char *data;
	int ret;

	if (length < 3 || strcmp(path + length - 2, ".o")) {
		mp_error(mp, "%s: filename must be suffixed with .o", path);
		return 0;
	}
	ret = file_read(path, &data, &size);
	if (ret == -ENOENT && mp->options.ignore_missing_files)
		return 0;
	if (ret)
		return ret;
	ret = elf_open(&view, data, size, &problem);
	if (ret == -ENOEXEC) {
		mp_error(mp, "%s: not a relocatable object of x86-64%s%s", path,
			 *problem.message ? ": " : "", problem.message);
		ret = 0;
	} else if (!ret) {
		ret = read_view(mp, path, as_kernel, &view);
	}
	free(data);
	return ret;
}
