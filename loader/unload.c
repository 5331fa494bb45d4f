// SPDX-License-Identifier: GPL-2.0-or-later
/* delete_module, in the order of kernel/module/main.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "loader/internal.h"

/* CONFIG_MODULE_FORCE_UNLOAD */
static bool try_force_unload(struct r3_box *box, unsigned int flags)
{
	if (!(flags & R3_UNLOAD_FORCE))
		return false;
	__atomic_or_fetch(&box->taints, 1UL << TAINT_FORCED_RMMOD, __ATOMIC_RELAXED);
	debug_locks_off(box);
	return true;
}

static int try_stop_module(struct r3_module *module, unsigned int flags)
{
	struct r3_box *box = module->box;
	uint64_t result;
	int error =
		call_runtime(box, box->entries.module_try_stop, &result, 2, module->handle, 0UL);

	if (error)
		return error;
	if ((int)result) {
		if (!try_force_unload(box, flags))
			return r3_fail((int)result, "%s is in use: its reference count is not zero",
				       module->name);
		call_runtime(box, box->entries.module_try_stop, NULL, 2, module->handle, 1UL);
	}
	module_set_state(module, MODULE_GOING);
	return 0;
}

/* May it go? Under the lock. On success it is GOING. */
static int stop_module(struct r3_box *box, const char *name, unsigned int flags,
		       struct r3_module **result)
{
	struct r3_module *module = module_find(box, name);

	*result = module;
	if (!module || module->state == MODULE_UNFORMED)
		return r3_fail(-ENOENT, "no module %s is loaded", name);
	if (module_has_users(module)) {
		char *users = module_users_text(module);

		r3_fail(-EWOULDBLOCK, "%s is used by %.*s: unload that first", name,
			users && *users ? (int)strlen(users) - 1 : 0, users ? users : "");
		free(users);
		return -EWOULDBLOCK;
	}
	if (module->state != MODULE_LIVE)
		return r3_fail(-EBUSY, "%s is %s", name,
			       module->oopsed                   ? "stuck: its init did not return"
			       : module->state == MODULE_COMING ? "still in its init"
								: "being unloaded already");
	if (module->init && !module->exit && !try_force_unload(box, flags))
		return r3_fail(-EBUSY,
			       "%s has an init function but no exit function: it is "
			       "permanent",
			       name);
	return try_stop_module(module, flags);
}

int delete_module(struct r3_box *box, const char *name, unsigned int flags)
{
	struct r3_module *module;
	int error, exit_error = 0;

	if (box->sysctls.modules_disabled)
		return modules_are_disabled();
	if (!*name || strlen(name) >= sizeof(module->name))
		return r3_fail(-ENOENT, "`%s' is no module's name", name);
	if (box->options.flags & R3_BOX_NO_UNLOAD)
		return r3_fail(-ENOSYS, "this kernel cannot unload modules (no "
					"CONFIG_MODULE_UNLOAD): boot the box without --no-unload");
	module_lock(box);
	error = stop_module(box, name, flags, &module);
	module_unlock(box);
	if (error)
		return error;

	if (module->exit) {
		trace_event(box, R3_TRACE_INIT, module->name, "exit", "", module->exit, 0,
			    "calling exit at 0x%08lx", (unsigned long)module->exit);
		exit_error = call_runtime(box, box->entries.module_exit, NULL, 1, module->handle);
	}
	if (exit_error)
		return r3_fail(exit_error,
			       "exit of %s did not return: see the oops in the log. "
			       "The module stays in state going, as on Linux",
			       name);
	call_runtime(box, box->entries.module_notify, NULL, 2, module->handle,
		     (uint64_t)R3_STATE_GOING);
	module_lock(box);
	free_module(module);
	module_unlock(box);
	return 0;
}
