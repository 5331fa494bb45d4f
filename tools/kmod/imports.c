// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/imports.h"

static int compare(const void *left, const void *right)
{
	const struct import *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static struct import *find(const struct imports *imports, const char *name)
{
	const struct import key = {.name = name};

	return bsearch(&key, imports->list, imports->count, sizeof(key), compare);
}

static int read_undefined(struct imports *imports, const struct modfile *file)
{
	struct modfile_symbols symbols;
	struct modfile_symbol symbol;

	if (!modfile_symbols(file, &symbols))
		return 0;
	imports->list = calloc(symbols.count ?: 1, sizeof(*imports->list));
	if (!imports->list)
		return -ENOMEM;
	for (size_t i = 1; i < symbols.count; i++) { /* the first one is none */
		if (!modfile_symbol(&symbols, i, &symbol) || symbol.section != SHN_UNDEF ||
		    !*symbol.name)
			continue;
		imports->list[imports->count++] =
			(struct import){.name = symbol.name, .is_weak = symbol.bind == STB_WEAK};
	}
	qsort(imports->list, imports->count, sizeof(*imports->list), compare);
	return 0;
}

static void read_versions(struct imports *imports, const struct modfile *file)
{
	struct modfile_section section;
	struct modfile_version version;
	struct import *import;
	size_t position = 0;

	if (!modfile_find_section(file, "__versions", &section))
		return;
	while (modfile_next_version(file, &section, &position, &version)) {
		import = find(imports, version.name);
		if (!import)
			continue;
		import->has_version = true;
		import->version = version.crc;
	}
}

/* "ADDRESS TYPE NAME [MODULE]", and an exported symbol has an entry __ksymtab_NAME, too. */
static void read_kernel_symbol(struct imports *imports, char *line)
{
	static const char entry[] = "__ksymtab_";
	char *type = strchr(line, ' ');
	struct import *import;
	bool is_entry;
	char *name;

	if (!type || !type[1] || type[2] != ' ')
		return;
	type++;
	name = type + 2;
	name[strcspn(name, "\t\n ")] = '\0';
	is_entry = !strncmp(name, entry, strlen(entry));
	imports->kernel_known = true;
	import = find(imports, is_entry ? name + strlen(entry) : name);
	if (!import)
		return;
	import->is_exported |= is_entry;
	import->is_defined |= is_entry || (*type >= 'A' && *type <= 'Z');
}

static void read_kernel_symbols(struct imports *imports)
{
	FILE *in = fopen("/proc/kallsyms", "re");
	char *line = NULL;
	size_t room = 0;

	if (!in)
		return;
	while (getline(&line, &room, in) > 0)
		read_kernel_symbol(imports, line);
	free(line);
	fclose(in);
}

/* CRC, symbol, module, EXPORT_SYMBOL or EXPORT_SYMBOL_GPL, namespace (Documentation/kbuild). */
static void read_description(struct imports *imports, char *line)
{
	const char *crc = strsep(&line, "\t"), *name = strsep(&line, "\t"), *kind, *namespace;
	struct import *import = name ? find(imports, name) : NULL;

	if (!import || !strsep(&line, "\t"))
		return;
	kind = strsep(&line, "\t\n");
	if (!kind)
		return;
	import->is_described = true;
	import->kernel_version = strtoull(crc, NULL, 16);
	import->is_gpl_only = !strcmp(kind, "EXPORT_SYMBOL_GPL");
	namespace = strsep(&line, "\t\n");
	if (namespace && *namespace && !import->namespace)
		import->namespace = strdup(namespace);
}

static void read_descriptions(struct imports *imports, const char *directory)
{
	char path[2 * PATH_MAX], *line = NULL;
	size_t room = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/build/Module.symvers", directory);
	in = fopen(path, "re");
	if (!in)
		return;
	while (getline(&line, &room, in) > 0)
		read_description(imports, line);
	free(line);
	fclose(in);
}

int imports_read(struct imports *imports, const struct modfile *file, const char *directory)
{
	int error;

	*imports = (struct imports){0};
	error = read_undefined(imports, file);
	if (error)
		return error;
	read_versions(imports, file);
	read_kernel_symbols(imports);
	read_descriptions(imports, directory);
	return 0;
}

void imports_free(struct imports *imports)
{
	for (size_t i = 0; i < imports->count; i++)
		free(imports->list[i].namespace);
	free(imports->list);
	*imports = (struct imports){0};
}
