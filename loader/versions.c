// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbol versions (CONFIG_MODVERSIONS; kernel/module/version.c). */
#include <errno.h>
#include <string.h>
#include "loader/internal.h"
#include "target/target.h"

/* Aligned or not, see linux/module.h. */
struct modversion_info {
	uint64_t crc;
	char name[MODULE_NAME_LEN];
} __attribute__((packed));

/* 1: fine, 0: refused. has_crc: does the exporter give one? */
int check_version(struct load_info *info, const char *symbol, bool has_crc, uint32_t crc)
{
	const struct modversion_info *versions;
	size_t count;

	if (!has_crc)
		return 1; /* the exporter has tainted the kernel already */
	if (!info->versions || info->flags & R3_LOAD_IGNORE_MODVERSIONS)
		return try_to_force_load(info->module, symbol) == 0;
	versions = elf_section_data(&info->view, info->versions);
	/* SHT_NOBITS has a size and nothing in the file */
	count = versions ? info->view.sections[info->versions].sh_size / sizeof(*versions) : 0;
	for (size_t i = 0; i < count; i++) {
		if (strncmp(versions[i].name, symbol, sizeof(versions[i].name)))
			continue;
		if (versions[i].crc == crc)
			return 1;
		box_printk(info->box, 4, "%s: disagrees about version of symbol %s", info->name,
			   symbol);
		r3_fail(-EINVAL,
			"%s was built against another kernel: its checksum of %s is 0x%08lx, "
			"that of %s 0x%08x; rebuild it with this kernel's headers",
			info->name, symbol, (unsigned long)versions[i].crc,
			r3_box_release(info->box), crc);
		return 0;
	}
	box_printk(info->box, 4, "%s: no symbol version for %s", info->name, symbol);
	r3_fail(-EINVAL,
		"%s has no checksum for %s: rebuild it, with a Module.symvers that lists "
		"the symbol",
		info->name, symbol);
	return 0;
}

/* The CRC of module_layout stands for the structures of the module system itself. */
int check_modstruct_version(struct load_info *info)
{
	struct target_export layout;
	struct export *export;

	if (info->box->target && target_export(info->box->target, "module_layout", &layout))
		return check_version(info, "module_layout", true, layout.crc);
	export = symbol_table_find(info->box->exports, "module_layout");
	if (export)
		return check_version(info, "module_layout", export->has_crc, export->crc);
	return 1;
}

/* With versions, the release in the first word does not count. */
bool same_magic(const char *magic, const char *kernel_magic, bool has_versions)
{
	if (has_versions) {
		magic += strcspn(magic, " ");
		kernel_magic += strcspn(kernel_magic, " ");
	}
	return !strcmp(magic, kernel_magic);
}
