// SPDX-License-Identifier: GPL-2.0-or-later
/* What an object exports: its __ksymtab sections, and the table of all exports. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "loader/internal.h"
#include "loader/request.h"
#include "target/target.h"

/* struct kernel_symbol with CONFIG_HAVE_ARCH_PREL32_RELOCATIONS: distances from each field. */
struct kernel_symbol {
	int32_t value, name, namespace;
};

static uint64_t follow(const struct load_info *info, uint64_t field)
{
	int32_t distance;

	memcpy(&distance, box_writable(info->box, field), sizeof(distance));
	return distance ? field + distance : 0;
}

static int add_exports(struct load_info *info, const char *table, const char *crcs, bool gpl_only,
		       struct export *exports, unsigned int *count)
{
	const struct r3_section *section = object_section(info->object, table);
	const struct r3_section *crc_section = object_section(info->object, crcs);
	const uint8_t *crcs_at = crc_section ? box_writable(info->box, crc_section->address) : NULL;
	size_t entries = section ? section->size / sizeof(struct kernel_symbol) : 0;

	for (size_t i = 0; i < entries; i++) {
		uint64_t at = section->address + i * sizeof(struct kernel_symbol);
		struct export *export = &exports[*count];
		uint64_t namespace = follow(info, at + 8);

		export->address = follow(info, at);
		export->name = object_string(info->object, follow(info, at + 4));
		export->namespace = namespace ? object_string(info->object, namespace) : NULL;
		if (export->namespace && !*export->namespace)
			export->namespace = NULL;
		export->gpl_only = gpl_only;
		export->owner = info->object;
		if (crcs_at && (i + 1) * sizeof(export->crc) <= crc_section->size) {
			memcpy(&export->crc, crcs_at + i * sizeof(export->crc),
			       sizeof(export->crc));
			export->has_crc = true;
		}
		if (!export->name) {
			box_printk(info->box, 3, "%s: entry %zu of %s has no name", info->name, i,
				   table);
			return -ENOEXEC;
		}
		(*count)++;
	}
	return 0;
}

static size_t entries_of(const struct object *object, const char *name)
{
	const struct r3_section *section = object_section(object, name);

	return section ? section->size / sizeof(struct kernel_symbol) : 0;
}

static int read_exports(struct load_info *info, struct export **exports, unsigned int *count)
{
	size_t total =
		entries_of(info->object, "__ksymtab") + entries_of(info->object, "__ksymtab_gpl");
	int error;

	*count = 0;
	*exports = total ? calloc(total, sizeof(**exports)) : NULL;
	if (!total)
		return 0;
	if (!*exports)
		return -ENOMEM;
	error = add_exports(info, "__ksymtab", "__kcrctab", false, *exports, count);
	if (!error)
		error = add_exports(info, "__ksymtab_gpl", "__kcrctab_gpl", true, *exports, count);
	return error;
}

int collect_exports(struct load_info *info)
{
	return read_exports(info, &info->module->exports, &info->module->nr_exports);
}

int collect_builtin_exports(struct load_info *info)
{
	struct export *exports;
	unsigned int count;
	int error = read_exports(info, &exports, &count);

	for (unsigned int i = 0; i < count && !error; i++)
		if (!symbol_table_add(info->box->exports, exports[i].name, &exports[i]))
			error = -ENOMEM;
	info->object->exports = exports; /* freed with the object */
	info->object->nr_exports = count;
	return error;
}

/* Does the kernel itself offer it? In *export, which the caller gives. */
static bool kernel_export(struct r3_box *box, const char *name, bool load, struct export *export)
{
	struct target_export info;

	if (!box->target || target_is_builtin(box->target) ||
	    !target_export(box->target, name, &info))
		return false;
	*export = (struct export){.name = name,
				  .namespace = info.namespace,
				  .crc = info.crc,
				  .has_crc = true,
				  .gpl_only = info.gpl_only};
	if (load)
		export->address = kernel_symbol(box, name);
	else
		export->address = (uint64_t)symbol_table_find(box->kernel, name);
	if (export->address && stub_canonical(box, name))
		export->address = stub_canonical(box, name);
	return true;
}

/*
 * The export of that name: the kernel's first, as find_symbol() of Linux looks.
 * 0; -ENOENT: nobody exports it; -ENOSYS: the kernel does, ring3 cannot.
 */
int find_export(struct r3_box *box, const char *name, struct export *export)
{
	const struct export *found;

	if (kernel_export(box, name, true, export))
		return export->address ? 0 : -ENOSYS;
	found = symbol_table_find(box->exports, name);
	if (!found)
		return -ENOENT;
	*export = *found;
	return 0;
}

uint64_t exported_symbol(struct r3_box *box, const char *name)
{
	struct export export;
	int error;

	module_lock(box);
	error = find_export(box, name, &export);
	module_unlock(box);
	return error ? 0 : export.address;
}

int verify_exports(struct r3_module *module)
{
	struct r3_box *box = module->box;

	for (unsigned int i = 0; i < module->nr_exports; i++) {
		const char *name = module->exports[i].name;
		const struct export *other = symbol_table_find(box->exports, name);
		struct export kernels;
		const char *owner = NULL;

		if (other)
			owner = other->owner->module ? other->owner->name : "kernel";
		else if (kernel_export(box, name, false, &kernels))
			owner = "kernel";
		if (!owner)
			continue;
		box_printk(box, 3, "%s: exports duplicate symbol %s (owned by %s)", module->name,
			   name, owner);
		return -ENOEXEC;
	}
	return 0;
}

int publish_exports(struct r3_module *module)
{
	for (unsigned int i = 0; i < module->nr_exports; i++)
		if (!symbol_table_add(module->box->exports, module->exports[i].name,
				      &module->exports[i]))
			return -ENOMEM;
	return 0;
}

void withdraw_exports(struct r3_module *module)
{
	for (unsigned int i = 0; i < module->nr_exports; i++) {
		const char *name = module->exports[i].name;

		if (symbol_table_find(module->box->exports, name) == &module->exports[i])
			symbol_table_remove(module->box->exports, name);
	}
}

int export_lookup(struct r3_box *box, const char *name, uint64_t *address, int *gpl, void **owner)
{
	struct export export;
	int error;

	module_lock(box);
	error = find_export(box, name, &export);
	if (!error) {
		*address = export.address;
		*gpl = export.gpl_only;
		*owner = NULL;
		if (export.owner && export.owner->module)
			*owner = (void *)export.owner->module->handle;
	}
	module_unlock(box);
	return error ? -ENOENT : 0;
}

int symbol_available(struct r3_box *box, const char *name, bool *gpl_only, uint32_t *crc,
		     const char **namespace)
{
	const struct export *found;
	struct export export;
	int error = 0;

	module_lock(box);
	if (kernel_export(box, name, false, &export)) {
		if (!export.address && !target_library_has(box->target, name, NULL))
			error = -ENOSYS;
	} else {
		found = symbol_table_find(box->exports, name);
		if (found)
			export = *found;
		else
			error = -ENOENT;
	}
	module_unlock(box);
	if (error != -ENOENT) {
		*gpl_only = export.gpl_only;
		*crc = export.crc;
		*namespace = export.namespace;
	}
	return error;
}
