// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last steps of a module of the 2.4 scheme. NAME.o and NAME.mod.o become
 * one; what it imports gets the versioned names that modpost wrote down; and
 * modpost makes sure that insmod of Linux 2.4 can link the result.
 */
#include <stdlib.h>
#include "cli/build_sdk.h"

static int link_objects(struct sdk *sdk, const struct plan *plan)
{
	struct build *b = sdk->b;
	char *script = build_format(b, "%s/module-2.4.lds", sdk->path);
	struct tasks tasks = {};
	unsigned int i;

	for (i = 0; i < plan->count; i++) {
		const char *name = plan->modules[i].name;
		const char *object = object_path(sdk, name);
		const char *mod_object = work_path(sdk, name, ".mod.o");
		struct task *task = task_add(b, &tasks, "LD [M]", work_path(sdk, name, ".linked"));

		strings_add(b, &task->inputs, script);
		strings_add(b, &task->inputs, object);
		strings_add(b, &task->inputs, mod_object);
		task->command =
			build_format(b, "%s -r -m elf_x86_64 -z noexecstack%s -T %s -o %s %s %s",
				     sdk->ld, b->debug ? "" : " --strip-debug",
				     shell_quote(b, script), shell_quote(b, task->target),
				     shell_quote(b, object), shell_quote(b, mod_object));
	}
	return tasks_run(b, &tasks);
}

int link_modules24(struct sdk *sdk, const struct plan *plan, struct tasks *tasks)
{
	struct build *b = sdk->b;
	unsigned int i;

	if (link_objects(sdk, plan))
		return EXIT_FAILURE;
	for (i = 0; i < plan->count; i++) {
		const char *name = plan->modules[i].name;
		const char *linked = work_path(sdk, name, ".linked");
		const char *versions = work_path(sdk, name, ".versions");
		struct task *task = task_add(b, tasks, "VERSION",
					     result_path(sdk, build_format(b, "%s.o", name)));
		const char *target = shell_quote(b, task->target);

		/* Not NAME.o: that is the record of the object that was compiled. */
		task->record = work_path(sdk, name, ".result");
		strings_add(b, &task->inputs, linked);
		strings_add(b, &task->inputs, versions);
		strings_add(b, &task->inputs, sdk->modpost);
		task->command =
			build_format(b, "%s --redefine-syms=%s %s %s && %s --finish %s",
				     sdk->objcopy, shell_quote(b, versions), shell_quote(b, linked),
				     target, shell_quote(b, sdk->modpost), target);
	}
	return tasks_run(b, tasks);
}
