// SPDX-License-Identifier: GPL-2.0-or-later
/* When a module is in /sys/module, and what is behind the files there. */
#include <errno.h>
#include "loader/internal.h"
#include "loader/module_view.h"

void sysfs_setup(struct r3_module *module)
{
	module_lock(module->box);
	module->in_sysfs = true;
	module_unlock(module->box);
}

void sysfs_teardown(struct r3_module *module)
{
	module->in_sysfs = false;
	/* kernfs_drain(): who is inside may finish, nobody else comes in. */
	while (module->holds)
		module_wait_change(module->box, 0);
}

struct r3_module *module_in_sysfs(struct r3_box *box, uint64_t serial)
{
	struct r3_module *module = box->modules;

	while (module && module->serial != serial)
		module = module->next;
	return module && module->in_sysfs ? module : NULL;
}

int module_references(struct r3_module *module)
{
	uint64_t count = 0;

	if (module->prepared)
		call_runtime(module->box, module->box->entries.module_refcount, &count, 1,
			     module->handle);
	return (int)count;
}

int module_hold(struct r3_box *box, uint64_t serial, struct r3_module **module)
{
	module_lock(box);
	*module = module_in_sysfs(box, serial);
	if (*module)
		(*module)->holds++;
	module_unlock(box);
	return *module ? 0 : -ENODEV;
}

void module_drop(struct r3_module *module)
{
	struct r3_box *box = module->box;

	module_lock(box);
	if (!--module->holds)
		pthread_cond_broadcast(&box->module_wait);
	module_unlock(box);
}

static int ask(const struct object *object, uint64_t of_module, uint64_t of_builtin,
	       unsigned int index, uint64_t third, uint64_t fourth)
{
	uint64_t result;
	int error;

	if (object->module)
		error = call_runtime(object->box, of_module, &result, 4, object->module->handle,
				     (uint64_t)index, third, fourth);
	else
		error = call_runtime(object->box, of_builtin, &result, 4, (uint64_t)&object->view,
				     (uint64_t)index, third, fourth);
	return error ? error : (int)result;
}

int parameter_info(const struct object *object, unsigned int index, const char **name,
		   unsigned int *mode)
{
	const struct runtime_entries *entries = &object->box->entries;
	int error = ask(object, entries->parameter_info, entries->builtin_parameter_info, index,
			(uint64_t)name, (uint64_t)mode);

	if (!error)
		*name = object_string(object, (uint64_t)*name);
	return error || *name ? error : -EINVAL;
}

ssize_t parameter_get(const struct object *object, unsigned int index, char *buffer)
{
	const struct runtime_entries *entries = &object->box->entries;

	return ask(object, entries->parameter_get, entries->builtin_parameter_get, index,
		   (uint64_t)buffer, 0);
}

int parameter_set(const struct object *object, unsigned int index, const char *value)
{
	const struct runtime_entries *entries = &object->box->entries;

	return ask(object, entries->parameter_set, entries->builtin_parameter_set, index,
		   (uint64_t)value, 0);
}
