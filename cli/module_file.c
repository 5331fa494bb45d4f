// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/module_file.h"

/* One record of __versions: struct modversion_info of Linux. */
#define VERSION_RECORD 64
#define VERSION_NAME   8

/* In UTS_RELEASE of the SDK (sdk/include/generated/utsrelease.h), in no distribution's. */
#define BUILTIN_MARK   "ring3"

static const char *const suffixes[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst"};

static size_t suffix_length(const char *name)
{
	size_t length = strlen(name), i, n;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		n = strlen(suffixes[i]);
		if (length > n && strcmp(name + length - n, suffixes[i]) == 0)
			return n;
	}
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool is_module_path(const char *path)
{
	return suffix_length(base_name(path)) > 0;
}

char *module_name_of_path(const char *path)
{
	const char *base = base_name(path);
	char *name = strndup(base, strlen(base) - suffix_length(base));
	char *c;

	for (c = name; c && *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

char *next_dependency(const char **list)
{
	size_t length;
	char *name, *c;

	*list += strspn(*list, ",");
	length = strcspn(*list, ",");
	if (length == 0)
		return NULL;
	name = strndup(*list, length);
	*list += length;
	for (c = name; c && *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

/* Every value of tag, cut at the first of stop, as a list that ends in NULL. */
static char **modinfo_list(const struct elf_view *view, const char *tag, const char *stop)
{
	const char *value = NULL;
	char **list = NULL, **longer;
	size_t n = 0;

	do {
		value = elf_modinfo_next(view, tag, value);
		longer = realloc(list, (n + 2) * sizeof(*list));
		if (!longer)
			break;
		list = longer;
		list[n] = value ? strndup(value, strcspn(value, stop)) : NULL;
		list[++n] = NULL;
	} while (value);
	return list;
}

static int read_modinfo(struct module_file *file, const struct elf_view *view)
{
	const char *name = elf_module_name(view);
	const char *depends = elf_modinfo(view, "depends");

	if (name) {
		free(file->name);
		file->name = module_name_of_path(name);
	}
	if (depends) {
		free(file->depends);
		file->depends = strdup(depends);
	}
	file->vermagic = copy(elf_modinfo(view, "vermagic"));
	if (file->vermagic)
		file->release = strndup(file->vermagic, strcspn(file->vermagic, " "));
	file->license = copy(elf_modinfo(view, "license"));
	file->gpl_compatible = file->license && license_is_gpl_compatible(file->license);
	file->namespaces = modinfo_list(view, "import_ns", "");
	file->parameters = modinfo_list(view, "parmtype", ":");
	return file->name && file->depends ? 0 : -ENOMEM;
}

/* The CRC that the module was built against for a symbol, from __versions. */
static bool find_version(const struct elf_view *view, unsigned int section, const char *name,
			 uint32_t *crc)
{
	const uint8_t *record = elf_section_data(view, section);
	size_t left = view->sections[section].sh_size;

	for (; record && left >= VERSION_RECORD; left -= VERSION_RECORD, record += VERSION_RECORD)
		if (strncmp((const char *)record + VERSION_NAME, name,
			    VERSION_RECORD - VERSION_NAME) == 0) {
			memcpy(crc, record, sizeof(*crc));
			return true;
		}
	return false;
}

static int read_imports(struct module_file *file, const struct elf_view *view)
{
	unsigned int versions = elf_find_section(view, "__versions", false);
	struct module_import *import;
	const char *name;
	size_t i;

	file->has_versions = versions != 0;
	if (versions)
		file->has_layout_crc =
			find_version(view, versions, "module_layout", &file->layout_crc);
	file->imports = calloc(view->nr_symbols + 1, sizeof(*file->imports));
	if (!file->imports)
		return -ENOMEM;
	for (i = 1; i < view->nr_symbols; i++) {
		if (view->symbols[i].st_shndx != SHN_UNDEF)
			continue;
		name = elf_symbol_name(view, &view->symbols[i]);
		if (!*name || strcmp(name, "_GLOBAL_OFFSET_TABLE_") == 0)
			continue;
		import = &file->imports[file->nr_imports++];
		import->name = strdup(name);
		import->weak = ELF64_ST_BIND(view->symbols[i].st_info) == STB_WEAK;
		if (versions)
			import->has_crc = find_version(view, versions, name, &import->crc);
		if (!import->name)
			return -ENOMEM;
	}
	return 0;
}

/* The bytes that a symbol of this object names, if all count of them lie in its section. */
static const void *symbol_data(const struct elf_view *view, const Elf64_Sym *symbol, size_t count)
{
	const uint8_t *data;
	uint64_t size;

	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= view->nr_sections)
		return NULL;
	data = elf_section_data(view, symbol->st_shndx);
	size = view->sections[symbol->st_shndx].sh_size;
	if (!data || symbol->st_value > size || size - symbol->st_value < count)
		return NULL;
	return data + symbol->st_value;
}

static struct module_export *find_export(struct module_file *file, const char *name)
{
	unsigned int i;

	for (i = 0; i < file->nr_exports; i++)
		if (strcmp(file->exports[i].name, name) == 0)
			return &file->exports[i];
	return NULL;
}

/*
 * The assembler names of an export: __ksymtab_NAME in __ksymtab or
 * __ksymtab_gpl, __crc_NAME and __kstrtabns_NAME (include/linux/export.h).
 */
static void add_export_detail(struct module_file *file, const struct elf_view *view,
			      const Elf64_Sym *symbol)
{
	const char *name = elf_symbol_name(view, symbol);
	struct module_export *export;
	const char *data;

	if (strncmp(name, "__crc_", 6) == 0) {
		export = find_export(file, name + 6);
		data = symbol_data(view, symbol, sizeof(export->crc));
		if (export && data) {
			memcpy(&export->crc, data, sizeof(export->crc));
			export->has_crc = true;
		}
	} else if (strncmp(name, "__kstrtabns_", 12) == 0) {
		export = find_export(file, name + 12);
		data = symbol_data(view, symbol, 1);
		if (export && data && *data && !export->namespace)
			export->namespace = strndup(data, view->sections[symbol->st_shndx].sh_size -
								  symbol->st_value);
	}
}

static int read_exports(struct module_file *file, const struct elf_view *view)
{
	struct module_export *export;
	const char *name;
	size_t i, count = 0;

	for (i = 1; i < view->nr_symbols; i++)
		count += strncmp(elf_symbol_name(view, &view->symbols[i]), "__ksymtab_", 10) == 0;
	if (count == 0)
		return 0;
	file->exports = calloc(count, sizeof(*file->exports));
	if (!file->exports)
		return -ENOMEM;
	for (i = 1; i < view->nr_symbols; i++) {
		name = elf_symbol_name(view, &view->symbols[i]);
		if (strncmp(name, "__ksymtab_", 10) || !symbol_data(view, &view->symbols[i], 1))
			continue;
		export = &file->exports[file->nr_exports++];
		export->name = strdup(name + 10);
		if (!export->name)
			return -ENOMEM;
		export->gpl_only = strcmp(elf_section_name(view, view->symbols[i].st_shndx),
					  "__ksymtab_gpl") == 0;
	}
	for (i = 1; i < view->nr_symbols; i++)
		add_export_detail(file, view, &view->symbols[i]);
	return 0;
}

int module_file_read(struct module_file *file, const char *path, struct elf_problem *problem)
{
	struct module_image image;
	struct elf_view view;
	int error;

	*problem = (struct elf_problem){0};
	*file = (struct module_file){
		.path = strdup(path),
		.name = module_name_of_path(path),
		.depends = strdup(""),
	};
	if (!file->path || !file->name || !file->depends)
		return -ENOMEM;
	error = image_read_file(&image, path, problem);
	if (error)
		return error;
	file->is_signed = image.is_signed;
	file->compression = image.compression;
	error = elf_open(&view, image.data, image.size, problem);
	file->is_of_24 = !error && elf_modinfo(&view, "kernel_version");
	if (!error)
		error = elf_check_module(&view, problem);
	if (!error)
		error = read_modinfo(file, &view);
	if (!error)
		error = read_imports(file, &view);
	if (!error)
		error = read_exports(file, &view);
	image_release(&image);
	return error;
}

const char *module_file_target(const struct module_file *file)
{
	if (!file->release || strstr(file->release, BUILTIN_MARK))
		return "builtin";
	return file->release;
}

static void free_list(char **list)
{
	size_t i;

	for (i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

void module_file_release(struct module_file *file)
{
	unsigned int i;

	for (i = 0; i < file->nr_imports; i++)
		free(file->imports[i].name);
	for (i = 0; i < file->nr_exports; i++) {
		free(file->exports[i].name);
		free(file->exports[i].namespace);
	}
	free(file->imports);
	free(file->exports);
	free_list(file->namespaces);
	free_list(file->parameters);
	free(file->path);
	free(file->name);
	free(file->vermagic);
	free(file->release);
	free(file->license);
	free(file->depends);
	*file = (struct module_file){0};
}
