// SPDX-License-Identifier: GPL-2.0-or-later
/* An object comes, loses its init part, goes: who has to know. */
#include <linux/module.h>
#include <ring3/hypercall.h>
#include "core/core.h"
#include "machine.h"
#include "patch.h"

int r3rt_object_added(const struct r3_object *object)
{
	int error = jump_labels_added(object);

	if (error)
		return error;
	if (!object->module) {
		machine_member_added(object->name);
		return 0;
	}
	error = debug_sites_added(object);
	if (error)
		jump_labels_removed(object);
	return error;
}

void r3rt_object_removed(const struct r3_object *object)
{
	debug_sites_removed(object);
	jump_labels_removed(object);
}

void r3rt_object_init_freed(const struct r3_object *object, unsigned long start, unsigned long size)
{
	jump_labels_freed(object, start, size);
	if (object->module)
		module_forget_init(object->module);
}
