// SPDX-License-Identifier: GPL-2.0-or-later
/* The order of a load: each module behind what it needs, softdeps around it. */
#include <errno.h>
#include <string.h>
#include "tools/kmod/log.h"
#include "tools/kmod/modprobe.h"

/* Softdeps of softdeps of ... */
#define MAX_DEPTH 512

struct planner {
	struct modprobe *modprobe;
	struct pool_list *plan;
	unsigned int depth;
};

static int plan_with_needs(struct planner *planner, struct pool_module *module,
			   bool ignores_command);

/* All the modules that one softdep line names for the part. */
static int plan_names(struct planner *planner, const struct config_entry *softdep, const char *part,
		      const struct pool_module *owner, bool *found_some)
{
	struct config_names names = {.rest = softdep->value, .part = part};
	char name[PATH_MAX];
	int error = 0;

	while (!error && config_next_name(&names, name)) {
		struct pool_list found = {0};

		error = pool_lookup(&planner->modprobe->pool, name, &found);
		if (error && error != -ENOMEM) {
			error("failed to lookup dependency '%s', continuing anyway.", name);
			error = 0;
		}
		for (size_t i = 0; !error && i < found.count; i++) {
			if (!found.modules[i]->is_visited && !found.modules[i]->is_required) {
				found.modules[i]->wanted_by = owner;
				found.modules[i]->softdep = softdep;
			}
			*found_some = true;
			error = plan_with_needs(planner, found.modules[i], false);
		}
		pool_list_release(&found);
	}
	return error;
}

/* kmod takes the first line that is for the module; here all count. */
static int plan_part(struct planner *planner, const struct pool_module *module, const char *part,
		     bool *found_some)
{
	const struct config_entry *entry = planner->modprobe->config.first[CONFIG_SOFTDEP];
	int error = 0;

	while (!error && (entry = config_match(entry, module->name))) {
		error = plan_names(planner, entry, part, module, found_some);
		entry = entry->next;
	}
	return error;
}

static int plan_with_softdeps(struct planner *planner, struct pool_module *module)
{
	bool has_softdeps = false;
	int error = plan_part(planner, module, "pre:", &has_softdeps);

	if (!error)
		error = pool_list_add(planner->plan, module);
	if (!error)
		error = plan_part(planner, module, "post:", &has_softdeps);
	/* softdeps win over an install command */
	module->ignores_command = has_softdeps;
	return error;
}

static int plan_with_needs(struct planner *planner, struct pool_module *module,
			   bool ignores_command)
{
	int error;

	if (module->is_visited)
		return 0;
	if (planner->depth == MAX_DEPTH) {
		error("softdeps of '%s' are nested too deep", module->name);
		return -ELOOP;
	}
	planner->depth++;
	module->is_visited = true;
	error = pool_read_needs(&planner->modprobe->pool, module);
	for (size_t i = 0; i < module->nr_needs; i++) {
		struct pool_module *need = module->needs[i];

		/* before softdeps can come to them */
		need->is_required |= planner->depth == 1;
		if (!need->wanted_by && need != module)
			need->wanted_by = module;
	}
	for (size_t i = 0; !error && i < module->nr_needs; i++)
		error = plan_with_softdeps(planner, module->needs[i]);
	if (!error && ignores_command) {
		module->ignores_command = true;
		error = pool_list_add(planner->plan, module);
	} else if (!error) {
		error = plan_with_softdeps(planner, module);
	}
	planner->depth--;
	return error;
}

int modprobe_plan(struct modprobe *modprobe, struct pool_module *module, struct pool_list *plan)
{
	struct planner planner = {.modprobe = modprobe, .plan = plan};
	struct pool_module *other;
	int error;

	for (other = modprobe->pool.modules; other; other = other->next) {
		other->is_visited = other->is_required = other->ignores_command = false;
		other->wanted_by = NULL;
		other->softdep = NULL;
	}
	module->is_required = true;
	error = plan_with_needs(&planner, module, modprobe->ignore_commands);
	if (error == -ENOMEM)
		error("out of memory");
	if (error)
		pool_list_release(plan);
	return error;
}

const struct config_entry *modprobe_forbidden(const struct modprobe *modprobe,
					      const struct pool_module *module)
{
	const struct config_entry *first = modprobe->config.first[CONFIG_FORBID];
	const struct config_entry *entry = config_match(first, module->name);

	for (size_t i = 0; !entry && i < module->nr_needs; i++)
		entry = config_match(first, module->needs[i]->name);
	return entry;
}
