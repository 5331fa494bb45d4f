// SPDX-License-Identifier: GPL-2.0-or-later
/* What NAME.o says: its .modinfo, what it imports, what it exports. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static bool is_global(const Elf64_Sym *symbol)
{
	unsigned int binding = ELF64_ST_BIND(symbol->st_info);

	return binding == STB_GLOBAL || binding == STB_WEAK;
}

static int read_modinfo(struct modpost *mp, struct mp_module *module, const struct elf_view *view,
			const char *path)
{
	const char *value = elf_modinfo(view, "license");
	int ret;

	if (!value && mp->options.scheme24) {
		mp_warn(mp, "missing MODULE_LICENSE() in %s", path); /* insmod taints */
		module->gpl_compatible = false;
	} else if (!value) {
		mp_error(mp, "missing MODULE_LICENSE() in %s", path);
	}
	for (; value; value = elf_modinfo_next(view, "license", value))
		if (!license_is_gpl_compatible(value))
			module->gpl_compatible = false;
	for (value = elf_modinfo(view, "import_ns"); value;
	     value = elf_modinfo_next(view, "import_ns", value)) {
		ret = name_list_add(mp, &module->imported_namespaces, value);
		if (ret)
			return ret;
	}
	if (mp->options.since_6_6 && mp->options.extra_warnings &&
	    !elf_modinfo(view, "description"))
		mp_warn(mp, "missing MODULE_DESCRIPTION() in %s", path);
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
	return export_read_entry(mp, module, view, symbol);
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
			if (strncmp(name, "__gnu_lto_", strlen("__gnu_lto_")))
				mp_warn(mp, "\"%s\" [%s] is COMMON symbol", name, module->name);
			break;
		case SHN_UNDEF:
			/* __this_module is what we are about to write. */
			if (!is_global(symbol) || !strcmp(name, "__this_module") ||
			    !strcmp(name, "_GLOBAL_OFFSET_TABLE_"))
				break;
			if (mp->options.scheme24 && scheme24_is_export(name))
				ret = scheme24_add_export(mp, module, name);
			else if (!mp_import_add(mp, module, name,
						ELF64_ST_BIND(symbol->st_info) == STB_WEAK))
				ret = -ENOMEM;
			break;
		default:
			ret = read_defined_symbol(mp, module, view, symbol);
		}
	}
	return ret;
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
	if (!module->is_kernel && !mp->options.scheme24 &&
	    !mp_import_add(mp, module, "module_layout", false))
		return -ENOMEM;
	genksyms_read(mp, module);
	if (!mp->options.type_versions)
		return 0;
	ret = crc_compute(mp, module, view);
	scheme24_drop_versions(module);
	return ret;
}

/*
 * "name.123" is a static symbol that the compiler, or a linker that optimizes,
 * numbered: it goes by its plain name, in every message and rule.
 */
static void cut_numbers(char *data, const struct elf_view *view)
{
	size_t i, length, digits;
	const char *name;

	for (i = 1; i < view->nr_symbols; i++) {
		name = elf_symbol_name(view, &view->symbols[i]);
		length = strcspn(name, ".");
		if (!length || !name[length])
			continue;
		digits = strspn(name + length + 1, "0123456789");
		if (digits && (!name[length + 1 + digits] || name[length + 1 + digits] == '.'))
			data[name + length - (const char *)view->data] = '\0';
	}
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
	if (!module->is_kernel) {
		ret = read_modinfo(mp, module, view, path);
		if (ret)
			return ret;
	}
	ret = read_symbols(mp, module, view);
	if (!ret && mp->options.scheme24) {
		scheme24_check_parameters(mp, module, view);
		ret = scheme24_export_globals(mp, module, view);
	}
	if (!ret)
		ret = export_read_namespaces(mp, module, view);
	if (!ret)
		ret = section_check(mp, module, path, view);
	return ret ? ret : read_versions(mp, module, view);
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
	if (ret && ret != -ENOMEM && mp->options.ignore_missing_files) {
		mp_note(mp, "%s: %s (ignored)", path, strerror(-ret));
		return 0;
	}
	if (ret)
		return ret;
	ret = elf_open(&view, data, size, &problem);
	if (ret == -ENOEXEC) {
		mp_error(mp, "%s: not a relocatable object of x86-64%s%s", path,
			 *problem.message ? ": " : "", problem.message);
		ret = 0;
	} else if (!ret) {
		cut_numbers(data, &view);
		ret = read_view(mp, path, as_kernel, &view);
	}
	free(data);
	return ret;
}
