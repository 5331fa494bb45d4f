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

/* Where the kernel's own entries for modules under the GPL lie; 0: not known. */
struct gpl_entries {
	uint64_t start, stop;
};

/* The section of a loaded module; 0: it has none, or it is not for us to know. */
static uint64_t section_address(const char *module, const char *section)
{
	char path[PATH_MAX], text[32] = "";
	FILE *in;

	snprintf(path, sizeof(path), "/sys/module/%s/sections/%s", module, section);
	in = fopen(path, "re");
	if (!in)
		return 0;
	if (!fgets(text, sizeof(text), in))
		*text = '\0';
	fclose(in);
	return strtoull(text, NULL, 16);
}

/* A module's entries lie in two sections, of which the nearer one in front is the entry's. */
static bool is_gpl_entry(const struct gpl_entries *kernels, uint64_t entry, const char *module)
{
	uint64_t gpl, others;

	if (!module)
		return entry >= kernels->start && entry < kernels->stop;
	gpl = section_address(module, "__ksymtab_gpl");
	others = section_address(module, "__ksymtab");
	return gpl && gpl <= entry && (others > entry || others < gpl);
}

struct kernel_symbol {
	uint64_t address;
	char type;
	const char *name, *module; /* NULL: the kernel's own */
};

/* "ADDRESS TYPE NAME", and behind a tab "[MODULE]". */
static bool split_line(char *line, struct kernel_symbol *symbol)
{
	char *rest = line, *type;
	const char *address = strsep(&rest, " ");

	type = strsep(&rest, " ");
	symbol->name = strsep(&rest, "\t\n");
	if (!symbol->name || strlen(type) != 1)
		return false;
	symbol->address = strtoull(address, NULL, 16);
	symbol->type = *type;
	symbol->module = rest && *rest == '[' ? rest + 1 : NULL;
	if (symbol->module)
		rest[strcspn(rest, "]\n")] = '\0';
	return true;
}

/* An exported symbol has an entry __ksymtab_NAME, too. */
static void take_kernel_symbol(struct imports *imports, struct gpl_entries *gpl,
			       const struct kernel_symbol *symbol)
{
	static const char prefix[] = "__ksymtab_";
	bool is_entry = !strncmp(symbol->name, prefix, strlen(prefix));
	struct import *import;

	imports->kernel_known = true;
	if (!strcmp(symbol->name, "__start___ksymtab_gpl"))
		gpl->start = symbol->address;
	else if (!strcmp(symbol->name, "__stop___ksymtab_gpl"))
		gpl->stop = symbol->address;
	import = find(imports, is_entry ? symbol->name + strlen(prefix) : symbol->name);
	if (!import)
		return;
	import->is_exported |= is_entry;
	import->is_defined |= is_entry || (symbol->type >= 'A' && symbol->type <= 'Z');
	if (is_entry && symbol->module)
		import->is_gpl_only = is_gpl_entry(gpl, symbol->address, symbol->module);
	else if (is_entry)
		import->entry = symbol->address;
}

static void read_kernel_symbols(struct imports *imports)
{
	struct gpl_entries gpl = {0};
	FILE *in = fopen("/proc/kallsyms", "re");
	struct kernel_symbol symbol;
	char *line = NULL;
	size_t room = 0;

	if (!in)
		return;
	while (getline(&line, &room, in) > 0)
		if (split_line(line, &symbol))
			take_kernel_symbol(imports, &gpl, &symbol);
	free(line);
	fclose(in);
	/* the bounds may come behind the entries */
	for (size_t i = 0; i < imports->count; i++)
		if (imports->list[i].entry)
			imports->list[i].is_gpl_only =
				is_gpl_entry(&gpl, imports->list[i].entry, NULL);
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
