// SPDX-License-Identifier: GPL-2.0-or-later
/* What modules import against what others export. */
#include <errno.h>
#include <string.h>
#include "internal.h"

static void check_import(struct modpost *mp, struct mp_module *module, struct mp_symbol *import)
{
	const struct mp_symbol *export = mp_export_find(mp, import->name);

	if (!export) {
		/* All of them, where Linux stops after ten: the list is what one needs. */
		if (!import->weak && mp->options.warn_unresolved)
			mp_warn(mp, "\"%s\" [%s.ko] undefined!", import->name, module->name);
		else if (!import->weak)
			mp_error(mp, "\"%s\" [%s.ko] undefined!", import->name, module->name);
		return;
	}
	if (export->module == module) {
		mp_error(mp, "\"%s\" [%s.ko] was exported without definition", import->name,
			 module->name);
		return;
	}
	import->module = export->module;
	import->has_crc = export->has_crc;
	import->crc = export->crc;

	if (*export->namespace && !name_list_has(&module->imported_namespaces, export->namespace)) {
		static const char format[] =
			"module %s uses symbol %s from namespace %s, but does not import it.";

		if (mp->options.allow_missing_namespaces)
			mp_warn(mp, format, module->base, export->name, export->namespace);
		else
			mp_error(mp, format, module->base, export->name, export->namespace);
	}
	if (!module->gpl_compatible && export->gpl_only)
		mp_error(mp, "GPL-incompatible module %s.ko uses GPL-only symbol '%s'",
			 module->base, export->name);
}

/* __versions has room for a name as long as a module's. */
static void check_version(struct modpost *mp, const struct mp_module *module,
			  const struct mp_symbol *import)
{
	if (!import->module)
		return;
	if (!import->has_crc)
		mp_warn(mp, "\"%s\" [%s.ko] has no CRC!", import->name, module->name);
	else if (strlen(import->name) >= MODULE_NAME_LEN)
		mp_error(mp, "too long symbol \"%s\" [%s.ko]", import->name, module->name);
}

static void check_module(struct modpost *mp, struct mp_module *module)
{
	struct mp_symbol *symbol;

	if (strlen(module->base) >= MODULE_NAME_LEN)
		mp_error(mp, "module name is too long [%s.ko]", module->name);
	for (symbol = module->imports.first; symbol; symbol = symbol->next) {
		check_import(mp, module, symbol);
		if (mp->options.modversions)
			check_version(mp, module, symbol);
	}
	for (symbol = module->exports.first; symbol; symbol = symbol->next)
		if (mp->options.modversions && !symbol->has_crc)
			mp_warn(mp,
				"EXPORT symbol \"%s\" [%s.ko] version generation failed, symbol "
				"will not be versioned.",
				symbol->name, module->name);
}

int modpost_check(struct modpost *mp)
{
	struct mp_module *module;

	for (module = mp->modules; module; module = module->next)
		if (!module->from_symvers && !module->is_kernel)
			check_module(mp, module);
	if (mp->section_mismatches && mp->options.section_mismatch_is_error)
		mp_error(mp, "Section mismatches detected.");
	return 0;
}
