// SPDX-License-Identifier: GPL-2.0-or-later
/* delete_module(): one by its name, or all that nobody has used for a while. */
#include <errno.h>
#include <stdlib.h>
#include "loader/symbol_table.h"
#include "scheme24/internal.h"

uint64_t module24_can_unload(const struct r3_module *module)
{
	const struct r3_24_module *header = module_header(module);

	return module->scheme24->has_can_unload
		       ? __atomic_load_n(&header->can_unload, __ATOMIC_SEQ_CST)
		       : 0;
}

/* __MOD_IN_USE(): the module may have its own opinion. */
static bool is_in_use(struct r3_module *module)
{
	uint64_t can_unload = module24_can_unload(module), result = 0;

	if (!can_unload)
		return __atomic_load_n(module->usecount, __ATOMIC_SEQ_CST) != 0;
	/* Who did not come back has not agreed. */
	return call_runtime(module->box, can_unload, &result, 0) || (int)result;
}

static uint64_t flags_of(const struct r3_module *module)
{
	return __atomic_load_n(&module_header(module)->flags, __ATOMIC_SEQ_CST);
}

static void set_flags(struct r3_module *module, uint64_t flags)
{
	__atomic_or_fetch(&module_header(module)->flags, flags, __ATOMIC_SEQ_CST);
}

static void clear_flags(struct r3_module *module, uint64_t flags)
{
	__atomic_and_fetch(&module_header(module)->flags, ~flags, __ATOMIC_SEQ_CST);
}

/*
 * Mark the module as deleted, unless it is in use: the mark comes first, since
 * try_inc_mod_count() counts first and then looks for it. From then on its name
 * is free, and nobody finds it. Under the lock.
 */
static bool claim(struct r3_module *module)
{
	set_flags(module, R3_24_DELETED);
	if (is_in_use(module)) {
		clear_flags(module, R3_24_DELETED);
		return false;
	}
	symbol_table_remove(module->box->module_names, module->name);
	module_set_state(module, MODULE_GOING);
	return true;
}

/* free_module(). Without the lock; the module is marked as deleted. */
static int clean_up(struct r3_module *module, bool tag)
{
	struct r3_box *box = module->box;
	int error = 0;

	if (flags_of(module) & R3_24_RUNNING && module->exit) {
		trace_event(box, R3_TRACE_INIT, module->name, "cleanup", "", module->exit, 0,
			    "calling cleanup at 0x%08lx", (unsigned long)module->exit);
		error = call_runtime(box, module->exit, NULL, 0);
	}
	if (error)
		return r3_fail(error, "cleanup of %s did not return: see the oops in the log",
			       module->name);
	module_lock(box);
	refs_unlink(module, tag);
	module24_free(module);
	module_unlock(box);
	return 0;
}

int scheme24_delete(struct r3_box *box, const char *name)
{
	struct r3_module *module;
	int error = 0;

	module_lock(box);
	module = module_find(box, name);
	if (!module)
		error = r3_fail(-ENOENT, "there is no module %s", name);
	else if (module->users)
		error = r3_fail(-EBUSY, "%s is used by %s: unload that first", name,
				module->users->user->name);
	else if (!claim(module))
		error = r3_fail(-EBUSY, "%s is in use: its use count is %d", name,
				*module->usecount);
	module_unlock(box);
	return error ? error : clean_up(module, false);
}

/* Marked autoclean, and was of use once. */
static bool is_idle(struct r3_module *module)
{
	const uint64_t wanted = R3_24_AUTOCLEAN | R3_24_RUNNING | R3_24_USED_ONCE;
	uint64_t flags = flags_of(module);

	return !module->users && (flags & wanted) == wanted && !(flags & R3_24_DELETED) &&
	       !is_in_use(module);
}

/*
 * The next that goes, marked as deleted; who was visited since the last time is
 * spared once. Those that were passed have a larger serial number than *after.
 */
static struct r3_module *next_idle(struct r3_box *box, uint64_t *after)
{
	for (struct r3_module *module = box->modules; module; module = module->next) {
		uint64_t flags;

		if (module->serial >= *after)
			continue;
		*after = module->serial;
		if (!is_idle(module))
			continue;
		flags = flags_of(module);
		if (flags & R3_24_VISITED && !(flags & R3_24_JUST_FREED)) {
			clear_flags(module, R3_24_VISITED);
			continue;
		}
		if (claim(module))
			return module;
	}
	return NULL;
}

/* One walk over all modules, newest first. */
static bool reap_round(struct r3_box *box)
{
	uint64_t after = UINT64_MAX;
	bool any = false;

	for (;;) {
		struct r3_module *module;

		module_lock(box);
		module = next_idle(box, &after);
		module_unlock(box);
		if (!module)
			return any;
		any |= !clean_up(module, true);
	}
}

int scheme24_reap(struct r3_box *box)
{
	while (reap_round(box))
		;
	module_lock(box);
	for (struct r3_module *module = box->modules; module; module = module->next)
		clear_flags(module, R3_24_JUST_FREED);
	module_unlock(box);
	return 0;
}
