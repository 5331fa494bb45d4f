// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modules of the 2.4 scheme. An export is a finished entry of __ksymtab that
 * lacks its name: the name, with the version in it, is written here, as C.
 * Which label stands for the missing name tells the kind of export. What the
 * module imports is renamed by objcopy, which gets a list of names from here.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "internal.h"

/* sdk/include-2.4/linux/export.h has the same labels. */
static const struct {
	const char *label;
	bool gpl_only, unversioned;
} export_kinds[] = {
	{"__kstrtab_", false, false},
	{"__kstrgpl_", true, false},
	{"__kstrnovers_", false, true},
};

/* The messages are those of Linux, where a module is NAME.ko; here it is NAME.o. */
void scheme24_word(char *message)
{
	static const char suffix[] = ".ko";
	char *at = message;

	while ((at = strstr(at, suffix))) {
		if (!at[strlen(suffix)] || strchr("] ", at[strlen(suffix)]))
			memmove(at + 1, at + 2, strlen(at + 2) + 1);
		at++;
	}
}

bool scheme24_is_export(const char *undefined)
{
	unsigned int i;

	for (i = 0; i < sizeof(export_kinds) / sizeof(export_kinds[0]); i++)
		if (!strncmp(undefined, export_kinds[i].label, strlen(export_kinds[i].label)))
			return true;
	return false;
}

int scheme24_add_export(struct modpost *mp, struct mp_module *module, const char *undefined)
{
	struct mp_symbol *symbol;
	unsigned int i = 0;
	size_t length;

	while (length = strlen(export_kinds[i].label),
	       strncmp(undefined, export_kinds[i].label, length))
		i++;
	symbol = mp_export_add(mp, module, undefined + length, export_kinds[i].gpl_only, "");
	if (!symbol)
		return -ENOMEM;
	symbol->unversioned = export_kinds[i].unversioned;
	return 0;
}

/* insmod exports every global symbol of a module without a table: others may use them. */
int scheme24_export_globals(struct modpost *mp, struct mp_module *module,
			    const struct elf_view *view)
{
	size_t i;

	if (elf_find_section(view, "__ksymtab", false))
		return 0; /* even an empty one, which EXPORT_NO_SYMBOLS leaves */
	module->exports_globals = true;
	for (i = 1; i < view->nr_symbols; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];
		const char *name = elf_symbol_name(view, symbol);
		struct mp_symbol *export;

		if (ELF64_ST_BIND(symbol->st_info) == STB_LOCAL || !symbol->st_shndx ||
		    symbol->st_shndx >= view->nr_sections || !strcmp(name, "init_module") ||
		    !strcmp(name, "cleanup_module") || mp_export_find(mp, name))
			continue;
		export = mp_export_add(mp, module, name, false, "");
		if (!export)
			return -ENOMEM;
		export->unversioned = true;
	}
	return 0;
}

void scheme24_drop_versions(struct mp_module *module)
{
	struct mp_symbol *symbol;

	for (symbol = module->exports.first; symbol; symbol = symbol->next) {
		if (symbol->unversioned) {
			symbol->has_crc = false;
			symbol->crc = 0;
		}
	}
}

static bool is_defined(const struct elf_view *view, const char *name, size_t length)
{
	size_t i;

	for (i = 1; i < view->nr_symbols; i++) {
		const char *other = elf_symbol_name(view, &view->symbols[i]);

		if (view->symbols[i].st_shndx && strlen(other) == length &&
		    !memcmp(other, name, length))
			return true;
	}
	return false;
}

/* insmod looks the variable of a parameter up by its name: "parm_NAME=TYPE". */
void scheme24_check_parameters(struct modpost *mp, const struct mp_module *module,
			       const struct elf_view *view)
{
	static const char prefix[] = "parm_", text_prefix[] = "parm_desc_";
	const char *info = elf_section_data(view, view->modinfo), *end;
	size_t length;

	if (!info)
		return;
	for (end = info + view->sections[view->modinfo].sh_size;
	     info < end && memchr(info, 0, end - info); info += strlen(info) + 1) {
		if (strncmp(info, prefix, strlen(prefix)) ||
		    !strncmp(info, text_prefix, strlen(text_prefix)))
			continue;
		length = strcspn(info + strlen(prefix), "=");
		if (!is_defined(view, info + strlen(prefix), length))
			mp_error(mp, "%s: the parameter '%.*s' is no variable of the module",
				 module->name, (int)length, info + strlen(prefix));
	}
}

static void write_name(struct text *text, const struct mp_symbol *symbol)
{
	text_printf(text, "%s", symbol->name);
	if (symbol->has_crc)
		text_printf(text, "_R%08x", symbol->crc);
}

static void write_source(struct text *text, const struct mp_module *module, bool modversions)
{
	const struct mp_symbol *symbol;

	text_printf(text, "/* Written by ring3-modpost from the module's object. */\n"
			  "#include <linux/module.h>\n"
			  "#include <linux/export-internal.h>\n"
			  "#include <generated/utsrelease.h>\n"
			  "\n"
			  "MODULE_INFO(kernel_version, UTS_RELEASE);\n");
	if (modversions)
		text_printf(text, "MODULE_INFO(using_checksums, \"1\");\n");
	for (symbol = module->exports.first; symbol && !module->exports_globals;
	     symbol = symbol->next) {
		const char *label = symbol->gpl_only      ? "__kstrgpl_"
				    : symbol->unversioned ? "__kstrnovers_"
							  : "__kstrtab_";

		text_printf(text, "KSYMTAB_NAME(%s%s, \"%s", label, symbol->name,
			    symbol->gpl_only ? "GPLONLY_" : "");
		write_name(text, symbol);
		text_printf(text, "\");\n");
	}
}

/* For objcopy --redefine-syms: a name, and what it is to be. */
static void write_versions(struct text *text, const struct mp_module *module)
{
	const struct mp_symbol *symbol;

	for (symbol = module->imports.first; symbol; symbol = symbol->next) {
		if (!symbol->has_crc)
			continue;
		text_printf(text, "%s ", symbol->name);
		write_name(text, symbol);
		text_printf(text, "\n");
	}
}

static int write_beside(const struct mp_module *module, const char *suffix, struct text *text)
{
	char path[4096];
	int ret = snprintf(path, sizeof(path), "%s%s", module->name, suffix);

	ret = ret < (int)sizeof(path) ? file_write_if_changed(path, text) : -ENAMETOOLONG;
	text_release(text);
	return ret;
}

int scheme24_write(const struct modpost *mp, const struct mp_module *module)
{
	struct text source = {}, versions = {};
	int ret;

	write_source(&source, module, mp->options.modversions);
	ret = write_beside(module, ".mod.c", &source);
	if (ret)
		return ret;
	if (mp->options.modversions)
		write_versions(&versions, module);
	return write_beside(module, ".versions", &versions);
}
