// SPDX-License-Identifier: GPL-2.0-or-later
/* modprobe -r. */
#include <errno.h>
#include <string.h>
#include <ring3/scheme24.h>
#include "tools/modutils/probe.h"

/* The one call, or what the configuration says instead. */
static int remove_by(struct probe *probe, const char *kernel_name, const char *const *names,
		     size_t count, bool complains)
{
	bool replaced = false;
	int error = probe_commands(probe, CONF_REMOVE, names, count, complains, &replaced);

	if (error || replaced)
		return error;
	if (probe->messages.is_verbose)
		tell(&probe->messages, "# delete %s", kernel_name);
	if (probe->is_dry)
		return 0;
	error = kernel_calls.delete(kernel_calls.context, kernel_name);
	if (error && complains)
		tell_error(&probe->messages, "%s: %s", kernel_name, strerror(-error));
	return error;
}

int probe_remove_step(struct probe *probe, const char *kernel_name, const struct step *step,
		      bool complains)
{
	const char *own[] = {kernel_name};
	const char *const *names = step ? step->names : own;
	size_t count = step ? step->nr_names : 1;
	const struct kernel_module *module;
	bool ignored;
	int error = probe_read_kernel(probe);

	if (error)
		return error;
	complains &= !probe->is_quiet;
	module = kernel_find(&probe->kernel, kernel_name);
	if (!module)
		return 0; /* the easiest way to remove one */
	if (module->nr_holders || module->use_count > 0) {
		if (complains)
			tell_error(&probe->messages, "%s: %s", kernel_name, strerror(EBUSY));
		return -EBUSY;
	}
	error = probe_commands(probe, CONF_PRE_REMOVE, names, count, complains, &ignored);
	if (!error)
		error = remove_by(probe, kernel_name, names, count, complains);
	if (!error)
		error = probe_commands(probe, CONF_POST_REMOVE, names, count, complains, &ignored);
	probe_read_kernel(probe);
	return error;
}

int probe_remove(struct probe *probe, const char *name)
{
	const char *unknown, *asked = probe_name_of(probe, name);
	const struct conf_entry *list = conf_find(&probe->conf, CONF_PROBE, asked);
	struct stack stack = {};
	int status = 0, error;

	if (!list)
		list = conf_find(&probe->conf, CONF_PROBEALL, asked);
	if (list) {
		for (size_t i = 0; i < list->words.count; i++)
			if (probe_remove(probe, list->words.list[i]))
				status = -1;
		return status;
	}
	status = probe_build_stack(probe, asked, NULL, true, &stack, &unknown);
	if (probe->is_debug)
		probe_print_stack(&stack);
	if (status == PROBE_OFF)
		status = 0;
	else if (status) /* modules.dep knows nothing of it: it may be loaded all the same */
		status = probe_remove_step(probe, asked, NULL, true);
	else
		for (size_t i = 0; i < stack.count; i++) {
			const struct step *step = stack.steps[i];
			/* what is below goes if nobody else needs it; that it stays is no failure
			 */
			bool is_asked = !strcmp(step->names[0], asked);

			error = probe_remove_step(probe, step->kernel_name, step, is_asked);
			if (is_asked && error)
				status = error;
		}
	probe_release_stack(&stack);
	return status ? -1 : 0;
}

/* As rmmod -a, and with the commands of the configuration. */
int probe_remove_idle(struct probe *probe)
{
	int error = 0;

	for (size_t i = 0; i < probe->kernel.nr_modules && !error; i++) {
		const struct kernel_module *module = &probe->kernel.modules[i];
		const char *name;

		if (!(module->flags & R3_24_AUTOCLEAN) || module->flags & R3_24_VISITED ||
		    !(module->flags & R3_24_USED_ONCE) || module->nr_holders || module->use_count)
			continue;
		name = probe_name_of(probe, module->name);
		probe_remove_step(probe, name, NULL, false);
		i = -1; /* the list is a new one */
		if (kernel_find(&probe->kernel, name))
			break; /* and it would not go */
	}
	if (probe->messages.is_verbose)
		tell(&probe->messages, "# autoclean");
	if (!probe->is_dry)
		error = kernel_calls.delete(kernel_calls.context, NULL);
	if (error)
		tell_error(&probe->messages, "%s", strerror(-error));
	return error;
}
