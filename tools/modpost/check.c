// SPDX-License-Identifier: GPL-2.0-or-later
/* What modules import against what others export. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static int check_namespace(struct modpost *mp, struct mp_module *module,
			   const struct mp_symbol *export)
{
	static const char format[] =
		"module %s uses symbol %s from namespace %s, but does not import it.";

	if (!*export->namespace || name_list_has(&module->imported_namespaces, export->namespace))
		return 0;
	if (mp->options.allow_missing_namespaces)
		mp_warn(mp, format, module->base, export->name, export->namespace);
	else
		mp_error(mp, format, module->base, export->name, export->namespace);
	return name_list_add(mp, &module->missing_namespaces, export->namespace);
}

static int check_import(struct modpost *mp, struct mp_module *module, struct mp_symbol *import)
{
	struct mp_symbol *export = mp_export_find(mp, import->name);
	int ret;

	if (!export) {
		/* All of them, where Linux stops after ten: the list is what one needs. */
		if (!import->weak && mp->options.warn_unresolved)
			mp_warn(mp, "\"%s\" [%s.ko] undefined!", import->name, module->name);
		else if (!import->weak)
			mp_error(mp, "\"%s\" [%s.ko] undefined!", import->name, module->name);
		return 0;
	}
	if (export->module == module) {
		mp_error(mp, "\"%s\" [%s.ko] was exported without definition", import->name,
			 module->name);
		return 0;
	}
	export->used = true;
	import->module = export->module;
	import->has_crc = export->has_crc;
	import->crc = export->crc;
	ret = check_namespace(mp, module, export);
	if (!module->gpl_compatible && export->gpl_only)
		mp_error(mp, "GPL-incompatible module %s.ko uses GPL-only symbol '%s'",
			 module->base, export->name);
	return ret;
}

static int check_imports(struct modpost *mp, struct mp_module *module)
{
	struct mp_symbol *symbol;
	int ret = 0;

	if (strlen(module->base) >= MODULE_NAME_LEN)
		mp_error(mp, "module name is too long [%s.ko]", module->name);
	for (symbol = module->imports.first; symbol && !ret; symbol = symbol->next)
		ret = check_import(mp, module, symbol);
	return ret;
}

/* __versions has room for a name as long as a module's. */
static void check_import_version(struct modpost *mp, const struct mp_module *module,
				 const struct mp_symbol *import)
{
	if (!import->module)
		return;
	if (!import->has_crc)
		mp_warn(mp, "\"%s\" [%s.ko] has no CRC!", import->name, module->name);
	else if (strlen(import->name) >= MODULE_NAME_LEN)
		mp_error(mp, "too long symbol \"%s\" [%s.ko]", import->name, module->name);
}

static void check_versions(struct modpost *mp, const struct mp_module *module)
{
	const struct mp_symbol *symbol;

	if (!mp->options.modversions)
		return;
	for (symbol = module->exports.first; symbol; symbol = symbol->next)
		if (!symbol->has_crc && !symbol->unversioned &&
		    (!mp->options.trim_exports || symbol->used))
			mp_warn(mp,
				"EXPORT symbol \"%s\" [%s%s] version generation failed, symbol "
				"will not be versioned.\n"
				"Is \"%s\" prototyped in <asm/asm-prototypes.h>?",
				symbol->name, module->name, module->is_kernel ? "" : ".ko",
				symbol->name);
	if (module->is_kernel || mp->options.scheme24)
		return;
	for (symbol = module->imports.first; symbol; symbol = symbol->next)
		check_import_version(mp, module, symbol);
}

/* Exports that are kept though no module of these imports them. */
static void keep_exports(struct modpost *mp)
{
	struct mp_symbol *symbol;
	char *data, *line, *rest;
	size_t size;
	int ret;

	ret = file_read(mp->options.kept_exports, &data, &size);
	if (ret) {
		mp_error(mp, "%s: %s", mp->options.kept_exports, strerror(-ret));
		return;
	}
	for (line = strtok_r(data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		symbol = mp_export_find(mp, line);
		if (symbol)
			symbol->used = true;
	}
	free(data);
}

int modpost_check(struct modpost *mp)
{
	bool at_once = !mp->options.since_6_6; /* before that, a module is done before the next */
	struct mp_module *module;
	int ret = 0;

	for (module = mp->modules; module && !ret; module = module->next) {
		if (!module->from_symvers && !module->is_kernel)
			ret = check_imports(mp, module);
		if (!module->from_symvers && at_once)
			check_versions(mp, module);
	}
	if (!ret && mp->options.kept_exports)
		keep_exports(mp);
	for (module = mp->modules; module && !ret && !at_once; module = module->next)
		if (!module->from_symvers)
			check_versions(mp, module);
	if (mp->section_mismatches && mp->options.section_mismatch_is_error)
		mp_error(mp, "Section mismatches detected.\n"
			     "Set CONFIG_SECTION_MISMATCH_WARN_ONLY=y to allow them.");
	return ret;
}

bool modpost_has_kernel(const struct modpost *mp)
{
	const struct mp_module *module;

	for (module = mp->modules; module; module = module->next)
		if (module->is_kernel && !module->from_symvers)
			return true;
	return false;
}
