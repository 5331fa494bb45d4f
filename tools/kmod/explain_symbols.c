// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "elf/elf_view.h"
#include "tools/kmod/buffer.h"
#include "tools/kmod/explain_symbols.h"
#include "tools/kmod/log.h"
#include "tools/kmod/pool.h"

static bool imports_namespace(const struct modfile *file, const char *wanted)
{
	struct modfile_field field;
	size_t position = 0;

	while (modfile_next_value(file, "import_ns", &position, &field))
		if (field.value_length == strlen(wanted) &&
		    !memcmp(field.value, wanted, field.value_length))
			return true;
	return false;
}

static bool is_missing(const struct import *import)
{
	return !import->is_exported && !import->is_defined && !import->is_weak;
}

/* A hint names no more symbols than that. */
#define MAX_NAMED 4

/* "'a' (of module m)" */
static bool name_missing(struct pool *pool, const struct import *import, struct buffer *text)
{
	struct pool_list owners = {0};
	char alias[PATH_MAX];
	bool is_known;

	snprintf(alias, sizeof(alias), "symbol:%s", import->name);
	is_known = !pool_lookup(pool, alias, &owners) && owners.count;
	buffer_printf(text, "%s'%s'", text->size ? ", " : "", import->name);
	if (is_known)
		buffer_printf(text, " (of module %s)", owners.modules[0]->name);
	pool_list_release(&owners);
	return is_known;
}

/* Symbols that nobody has, and the modules that are known to export them. */
bool explain_missing(const struct imports *imports, const char *directory)
{
	const struct import *import = imports->list;
	struct pool pool = {.directory = directory};
	unsigned int missing = 0, known = 0;
	struct buffer names = {0};

	for (size_t i = 0; i < imports->count; i++, import++)
		if (is_missing(import) && missing++ < MAX_NAMED)
			known += name_missing(&pool, import, &names);
	if (missing > MAX_NAMED)
		buffer_printf(&names, " and %u more", missing - MAX_NAMED);
	buffer_add_byte(&names, '\0');
	if (imports->kernel_known && missing && !names.failed)
		hint("the kernel lacks symbol%s %s; %s %s%s", missing > 1 ? "s" : "", names.data,
		     known ? "load what exports" : "depmod knows no module that exports",
		     missing > 1 ? "them" : "it", known ? " first, or use modprobe" : "");
	buffer_release(&names);
	pool_release(&pool);
	return imports->kernel_known && missing;
}

/*
 * One that is there, but not for modules. Most others must be exported as far
 * as kallsyms knows: a kernel may not list there what it exports.
 */
bool explain_unexported(const struct imports *imports)
{
	const struct import *import = imports->list, *hidden = NULL;
	size_t count = 0;

	for (size_t i = 0; i < imports->count; i++, import++) {
		count += import->is_exported;
		if (!import->is_exported && !import->is_weak)
			hidden = import;
	}
	if (!hidden || count <= imports->count / 2)
		return false;
	hint("the kernel has symbol '%s', but does not export it to modules", hidden->name);
	return true;
}

char *closed_license(const struct modfile *file)
{
	char *license = modfile_copy_value(file, "license");

	if (!license)
		return strdup("unspecified");
	if (!license_is_gpl_compatible(license))
		return license;
	free(license);
	return NULL;
}

bool explain_gpl(const struct modfile *file, const struct imports *imports)
{
	const struct import *import = imports->list;
	char *license = closed_license(file);
	bool explained = false;

	for (size_t i = 0; license && i < imports->count && !explained; i++, import++)
		explained = import->is_gpl_only;
	if (explained)
		hint("symbol '%s' is for modules under the GPL; the licence of this one is '%s'",
		     import[-1].name, license);
	free(license);
	return explained;
}

bool explain_versions(const struct imports *imports)
{
	const struct import *import = imports->list;

	for (size_t i = 0; i < imports->count; i++, import++)
		if (import->has_version && import->is_described &&
		    import->version != import->kernel_version) {
			hint("symbol '%s' has version %#010" PRIx64
			     " in this kernel, and the module was built for %#010" PRIx64
			     ": build it with this kernel's headers",
			     import->name, import->kernel_version, import->version);
			return true;
		}
	return false;
}

bool explain_namespace(const struct modfile *file, const struct imports *imports)
{
	const struct import *import = imports->list;

	for (size_t i = 0; i < imports->count; i++, import++)
		if (import->namespace && !imports_namespace(file, import->namespace)) {
			hint("symbol '%s' is in namespace %s: the module's source lacks "
			     "MODULE_IMPORT_NS(%s)",
			     import->name, import->namespace, import->namespace);
			return true;
		}
	return false;
}
