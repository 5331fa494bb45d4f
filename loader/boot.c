// SPDX-License-Identifier: GPL-2.0-or-later
/* The runtime: loaded as the first object of a box, then booted. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "box/clock.h"
#include "box/console.h"
#include "box/sched.h"
#include "loader/boot.h"
#include "loader/internal.h"
#include "loader/module_catalogue.h"
#include "target/target.h"

static const struct {
	const char *name;
	size_t offset;
	bool optional;
} entries[] = {
#define ENTRY(name)                                                                                \
	{                                                                                          \
		"r3rt_" #name, offsetof(struct runtime_entries, name), false                       \
	}
#define OPTIONAL(name)                                                                             \
	{                                                                                          \
		"r3rt_" #name, offsetof(struct runtime_entries, name), true                        \
	}
	ENTRY(boot),
	ENTRY(task_new),
	ENTRY(task_free),
	ENTRY(thread_start),
	ENTRY(interrupt),
	ENTRY(oops_cleanup),
	ENTRY(object_prepare),
	ENTRY(object_added),
	ENTRY(object_removed),
	ENTRY(object_init_freed),
	OPTIONAL(object_parameters),
	OPTIONAL(members_start),
	OPTIONAL(settle),
	ENTRY(module_size),
	ENTRY(module_prepare),
	ENTRY(module_state),
	ENTRY(module_notify),
	ENTRY(module_parameters),
	ENTRY(parameter_count),
	ENTRY(parameter_info),
	ENTRY(parameter_get),
	ENTRY(parameter_set),
	ENTRY(builtin_parameter_info),
	ENTRY(builtin_parameter_get),
	ENTRY(builtin_parameter_set),
	ENTRY(module_init),
	ENTRY(module_exit),
	ENTRY(module_free),
	ENTRY(module_refcount),
	ENTRY(module_get),
	ENTRY(module_put),
	ENTRY(module_try_stop),
	ENTRY(initcall),
	ENTRY(probe_hit),
	ENTRY(probe_post),
	ENTRY(probe_info),
	ENTRY(probes_enabled),
	ENTRY(probes_optimization),
	ENTRY(event_new),
	ENTRY(event_missed),
	ENTRY(event_free),
};

static int find_entries(struct r3_box *box)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		uint64_t address = (uint64_t)symbol_table_find(box->kernel, entries[i].name);

		if (!address && !entries[i].optional)
			return r3_fail(-ENOEXEC, "the runtime lacks %s", entries[i].name);
		*(uint64_t *)((char *)&box->entries + entries[i].offset) = address;
	}
	box->data = symbol_table_find(box->kernel, "r3rt_data");
	if (!box->data)
		return r3_fail(-ENOEXEC, "the runtime lacks r3rt_data");
	return 0;
}

static int load_objects(struct r3_box *box)
{
	const struct target_object *objects;
	unsigned int count;
	int error = target_runtime(box->target, &objects, &count);

	for (unsigned int i = 0; i < count && !error; i++)
		error = load_builtin_object(box, objects[i].name, objects[i].data, objects[i].size,
					    NULL);
	return error;
}

_Static_assert(R3_BOOT_SCHEME_2_4 == R3_BOX_SCHEME_2_4, "they are one flag");

static void describe_box(struct r3_box *box, struct r3_boot_info *info)
{
	const struct space *space = &box->space;

	*info = (struct r3_boot_info){
		.size = sizeof(*info),
		.cpus = box->nr_vcpus,
		.memory_base = space->memory_base,
		.memory_size = space->memory_size,
		.page_array = space->page_array,
		.vmalloc_base = space->vmalloc_base,
		.vmalloc_size = space->vmalloc_size,
		.user_base = space->user_base,
		.user_size = space->user_size,
		.module_base = space->module_base,
		.module_size = space->module_size,
		.alias_delta = space->alias_delta,
		.percpu_base = space->percpu_base,
		.percpu_size = space->percpu_size,
		.cmdline = (unsigned long)(box->options.cmdline ? box->options.cmdline : ""),
		.realtime_offset = clock_realtime() - clock_monotonic(box),
		.flags = box->options.flags,
	};
	memcpy(info->percpu_offset, space->percpu_offset, sizeof(info->percpu_offset));
}

/* Patch and register the runtime's own objects, now that it can do so; then the members it needs.
 */
static int adopt_objects(struct r3_box *box)
{
	int error = 0;

	for (struct object *object = box->objects; object && !error; object = object->next) {
		if (object->is_member)
			continue;
		error = object_prepare(object);
		if (!error)
			error = builtin_added(box, object);
	}
	return error ? error : builtin_booted(box);
}

int boot_runtime(struct r3_box *box)
{
	/* Kernel code keeps pointers into it. */
	struct r3_boot_info *info = &box->boot_info;
	struct runtime_entries found;
	uint64_t result;
	int error = stubs_init(box);

	if (!error)
		error = load_objects(box);
	if (!error)
		error = find_entries(box);
	if (error)
		return error;
	/* What was compiled first is no part of the box's time. */
	box->boot_ns = clock_now();
	/* Nothing may be asked of the runtime before it has booted. */
	found = box->entries;
	box->entries = (struct runtime_entries){0};
	describe_box(box, info);
	error = box_enter(box);
	if (error)
		return error;
	error = call_runtime(box, found.boot, &result, 1, (uint64_t)info);
	box->entries = found;
	if (!error)
		error = (int)result;
	if (!error)
		console_adopt(box);
	if (!error)
		error = adopt_objects(box);
	if (error && !*r3_error())
		r3_fail(error, "the runtime did not boot: %s", strerror(-error));
	box_leave(box);
	return error;
}

void unload_everything(struct r3_box *box)
{
	while (box->modules) {
		struct r3_module *module = box->modules;

		box->modules = module->next;
		module_release(module);
	}
	while (box->objects)
		object_free(box->objects);
	objects_release(box);
	module_catalogue_free(box);
	stubs_free(box);
}
