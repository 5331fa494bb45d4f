// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of .modinfo that decide whether and how a module is let in. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "loader/internal.h"
#include "target/target.h"

static bool box_has_taint(const struct r3_box *box, unsigned int taint)
{
	return box->taints & (1UL << taint);
}

void add_taint_module(struct r3_module *module, unsigned int taint)
{
	module->taints |= 1UL << taint;
	__atomic_or_fetch(&module->box->taints, 1UL << taint, __ATOMIC_RELAXED);
}

/* add_taint() with LOCKDEP_NOW_UNRELIABLE says so, once a boot. */
void debug_locks_off(struct r3_box *box)
{
	if (box->lock_debugging_off)
		return;
	box->lock_debugging_off = true;
	box_printk(box, 4, "Disabling lock debugging due to kernel taint");
}

int try_to_force_load(struct r3_module *module, const char *reason)
{
	if (!box_has_taint(module->box, TAINT_FORCED_MODULE))
		box_printk(module->box, 4, "%s: %s: kernel tainted.", module->name, reason);
	debug_locks_off(module->box);
	add_taint_module(module, TAINT_FORCED_MODULE);
	return 0;
}

static int check_vermagic(struct load_info *info)
{
	const char *magic = elf_modinfo(&info->view, "vermagic");
	const char *wanted = info->box->data->vermagic;
	bool versions = info->versions && !(info->flags & R3_LOAD_IGNORE_MODVERSIONS);

	if (info->flags & R3_LOAD_IGNORE_VERMAGIC)
		magic = NULL;
	if (!magic)
		return try_to_force_load(info->module, "bad vermagic");
	if (same_magic(magic, wanted, versions))
		return 0;
	box_printk(info->box, 3, "%s: version magic '%s' should be '%s'", info->name, magic,
		   wanted);
	return r3_fail(-ENOEXEC,
		       "%s was built for kernel %.*s, the box runs %s: choose that target, or "
		       "rebuild the module for this one",
		       info->name, (int)strcspn(magic, " "), magic, r3_box_release(info->box));
}

static void check_license(struct load_info *info)
{
	const char *license = elf_modinfo(&info->view, "license");

	if (!license)
		license = "unspecified";
	info->module->gpl_compatible = license_is_gpl_compatible(license);
	if (info->module->gpl_compatible)
		return;
	if (!box_has_taint(info->box, TAINT_PROPRIETARY_MODULE))
		box_printk(info->box, 4, "%s: module license '%s' taints kernel.", info->name,
			   license);
	debug_locks_off(info->box);
	add_taint_module(info->module, TAINT_PROPRIETARY_MODULE);
}

int check_modinfo(struct load_info *info)
{
	struct r3_box *box = info->box;
	bool was_proprietary = box_has_taint(box, TAINT_PROPRIETARY_MODULE);
	int error = check_vermagic(info);

	if (error)
		return error;
	if (!elf_modinfo(&info->view, "intree")) {
		if (!box_has_taint(box, TAINT_OOT_MODULE))
			box_printk(box, 4, "%s: loading out-of-tree module taints kernel.",
				   info->name);
		add_taint_module(info->module, TAINT_OOT_MODULE);
	}
	if (!target_is_builtin(box->target) && !elf_modinfo(&info->view, "retpoline"))
		box_printk(box, 4, "%s: loading module not compiled with retpoline compiler.",
			   info->name);
	if (elf_modinfo(&info->view, "staging")) {
		add_taint_module(info->module, TAINT_CRAP);
		box_printk(box, 4,
			   "%s: module is from the staging directory, the quality is unknown, you "
			   "have been warned.",
			   info->name);
	}
	if (elf_modinfo(&info->view, "livepatch")) {
		box_printk(box, 3, "%s: livepatch modules are not supported", info->name);
		return r3_fail(-ENOEXEC,
			       "%s is a live patch: ring3 has no live patching yet; load it into "
			       "a real kernel",
			       info->name);
	}
	check_license(info);
	if (elf_modinfo(&info->view, "test")) {
		if (!box_has_taint(box, TAINT_TEST))
			box_printk(box, 4, "%s: loading test module taints kernel.", info->name);
		add_taint_module(info->module, TAINT_TEST);
	}
	/* Said twice since module_augment_kernel_taints() does both (6.4). */
	if (!was_proprietary && box_has_taint(box, TAINT_PROPRIETARY_MODULE) &&
	    !box_release_before(box, 6, 4))
		box_printk(box, 4, "%s: module license taints kernel.", info->name);
	return 0;
}

static int copy_word(const struct load_info *info, const char *tag, char **to)
{
	const char *value = elf_modinfo(&info->view, tag);

	*to = value ? strdup(value) : NULL;
	return value && !*to ? -ENOMEM : 0;
}

/* All import_ns= values, NUL-separated, ending in an empty one. */
static int copy_namespaces(const struct load_info *info, char **to)
{
	const char *value = NULL;
	size_t length = 1;
	char *at;

	while ((value = elf_modinfo_next(&info->view, "import_ns", value)))
		length += strlen(value) + 1;
	*to = at = malloc(length);
	if (!at)
		return -ENOMEM;
	while ((value = elf_modinfo_next(&info->view, "import_ns", value)))
		at = stpcpy(at, value) + 1;
	*at = '\0';
	return 0;
}

int setup_modinfo(struct load_info *info)
{
	struct r3_module *module = info->module;
	int error = copy_word(info, "version", &module->version);

	if (!error)
		error = copy_word(info, "srcversion", &module->srcversion);
	if (!error)
		error = copy_namespaces(info, &module->namespaces);
	return error;
}
