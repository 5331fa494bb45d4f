// SPDX-License-Identifier: GPL-2.0-or-later
/* What a module's undefined symbols mean (resolve_symbol of kernel/module/main.c). */
#include <errno.h>
#include <string.h>
#include "loader/internal.h"
#include "target/target.h"

#define OWNER_TIMEOUT 30 /* seconds, as Linux */

static bool namespace_is_imported(const struct r3_module *module, const char *namespace)
{
	for (const char *at = module->namespaces; *at; at += strlen(at) + 1)
		if (!strcmp(at, namespace))
			return true;
	return false;
}

static int check_namespace(struct load_info *info, const struct export *export)
{
	if (!export->namespace || namespace_is_imported(info->module, export->namespace))
		return 0;
	box_printk(info->box, 3,
		   "%s: module uses symbol (%s) from namespace %s, but does not import it.",
		   info->name, export->name, export->namespace);
	return r3_fail(-EINVAL, "%s must say MODULE_IMPORT_NS(%s) to use %s", info->name,
		       export->namespace, export->name);
}

/* A user of a proprietary module becomes one; not if it needs GPL-only symbols. */
static bool inherit_taint(struct load_info *info, const struct r3_module *owner, const char *name)
{
	struct r3_module *module = info->module;

	if (!owner || !(owner->taints & (1UL << TAINT_PROPRIETARY_MODULE)))
		return true;
	if (module->using_gpl_only) {
		box_printk(info->box, 3,
			   "%s: module using GPL-only symbols uses symbols %s from proprietary "
			   "module %s.",
			   info->name, name, owner->name);
		return false;
	}
	if (!(module->taints & (1UL << TAINT_PROPRIETARY_MODULE))) {
		box_printk(info->box, 4,
			   "%s: module uses symbols %s from proprietary module %s, inheriting "
			   "taint.",
			   info->name, name, owner->name);
		module->taints |= 1UL << TAINT_PROPRIETARY_MODULE;
	}
	return true;
}

static int try_symbol(struct load_info *info, const char *name, struct export *export)
{
	struct r3_module *module = info->module, *owner;
	int error = find_export(info->box, name, export);

	if (error)
		return error;
	if (export->gpl_only && module->taints & (1UL << TAINT_PROPRIETARY_MODULE))
		return -EACCES; /* invisible to it */
	owner = export->owner ? export->owner->module : NULL;
	if (owner && owner->state == MODULE_GOING)
		return -ENOENT;
	if (export->gpl_only)
		module->using_gpl_only = true;
	if (!inherit_taint(info, owner, name))
		return -ENOENT;
	if (!check_version(info, name, export->has_crc, export->crc))
		return -EINVAL;
	error = check_namespace(info, export);
	if (!error && owner && owner != module)
		error = use_module(module, owner);
	return error;
}

/* The owner may still be in its init: wait for it. */
static int wait_for_symbol(struct load_info *info, const char *name, struct export *export)
{
	uint64_t deadline = box_seconds(info->box) + OWNER_TIMEOUT;
	bool in_time = true;
	int error;

	while ((error = try_symbol(info, name, export)) == -EBUSY) {
		if (!in_time || box_seconds(info->box) >= deadline) {
			box_printk(info->box, 4, "%s: gave up waiting for init of module %s.",
				   info->name, export->owner->name);
			break;
		}
		in_time = module_wait_change(info->box, 1000);
	}
	return error;
}

static void explain(struct load_info *info, const char *name, int error)
{
	switch (error) {
	case -ENOSYS:
		r3_fail(-ENOENT,
			"%s needs %s, which Linux %s exports but ring3 does not implement yet",
			info->name, name, r3_box_release(info->box));
		break;
	case -EACCES:
		r3_fail(-ENOENT,
			"%s needs %s, which is exported to GPL-compatible modules only: give it a "
			"compatible MODULE_LICENSE, or do without the symbol",
			info->name, name);
		break;
	case -ENOENT:
		r3_fail(-ENOENT,
			"%s needs %s, which neither the kernel nor a loaded module exports: load "
			"the module that defines it first, or check the spelling",
			info->name, name);
		break;
	case -EBUSY:
		r3_fail(-EBUSY, "%s needs %s of a module whose init has not ended", info->name,
			name);
		break;
	}
}

int resolve_for_module(struct load_info *info, const char *name, const Elf64_Sym *symbol,
		       uint64_t *value)
{
	struct export export = {.address = 0};
	int error = wait_for_symbol(info, name, &export);

	if (!error) {
		*value = export.address;
		trace_event(info->box, R3_TRACE_SYMBOL, info->name, name,
			    export.owner && export.owner->module ? export.owner->name : "kernel",
			    export.address, 0, "%-28s 0x%08lx  %s", name,
			    (unsigned long)export.address,
			    export.owner && export.owner->module ? export.owner->name : "kernel");
		return 0;
	}
	if (ELF64_ST_BIND(symbol->st_info) == STB_WEAK &&
	    (error == -ENOENT || error == -ENOSYS || error == -EACCES))
		return 0;
	/* The assembler's leftover; Linux's ignore_undef_symbol(). */
	if (!strcmp(name, "_GLOBAL_OFFSET_TABLE_"))
		return 0;
	explain(info, name, error);
	if (error == -ENOSYS || error == -EACCES)
		error = -ENOENT;
	box_printk(info->box, 4, "%s: Unknown symbol %s (err %d)", info->name, name, error);
	return error;
}
