// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/explain.h"
#include "tools/kmod/insert.h"
#include "tools/kmod/kernel_log.h"
#include "tools/kmod/loaded.h"
#include "tools/kmod/log.h"
#include "tools/kmod/modprobe.h"
#include "tools/kmod/parameters.h"

/* install NAME COMMAND */
static int load_by_command(struct modprobe *modprobe, struct pool_module *module,
			   const struct config_entry *entry, const char *options)
{
	char *command, place[PATH_MAX];
	int error, status = 0;

	if (modprobe_is_verbose(modprobe))
		printf("install %s %s\n", entry->value, options);
	if (modprobe->dry_run)
		return 0;
	command = modprobe_expand(entry->value, options);
	if (!command)
		return -ENOMEM;
	error = modprobe_run(command, module, &status);
	if (status) {
		error("Error running install command '%s' for module %s: retcode %d", command,
		      module->name, status);
		hint("the command is from %s", config_place(entry, place));
	} else if (error) {
		error("Could not run install command '%s' for module %s: %s", command, module->name,
		      strerror(-error));
	}
	free(command);
	return error ? -EINVAL : 0;
}

static void print_insert(struct modprobe *modprobe, struct pool_module *module, const char *options)
{
	if (module->path)
		printf("insmod %s %s\n", module->path, options);
	else if (pool_is_builtin(&modprobe->pool, module))
		printf("builtin %s\n", module->name);
}

static int load_file(struct modprobe *modprobe, struct pool_module *module, const char *options)
{
	unsigned int flags = 0;
	int error = pool_read_needs(&modprobe->pool, module);

	if (error)
		return error;
	if (modprobe_is_verbose(modprobe))
		print_insert(modprobe, module, options);
	if (modprobe->dry_run)
		return 0;
	if (!module->path) {
		error("could not find module by name='%s'", module->name);
		return -ENOENT;
	}
	if (modprobe->force || modprobe->force_versions)
		flags |= INSERT_FORCE_VERSIONS;
	if (modprobe->force || modprobe->force_vermagic)
		flags |= INSERT_FORCE_VERMAGIC;
	fflush(stdout);
	return insert_module(module->path, options, flags);
}

/* One step of the plan. *failed: options of a file that the kernel refused. */
static int load_one(struct modprobe *modprobe, struct pool_module *module, const char *extra,
		    char **failed)
{
	const struct config_entry *command = modprobe_command(modprobe, CONFIG_INSTALL, module);
	char *options;
	int error = modprobe_options(modprobe, module, extra, &options);

	*failed = NULL;
	if (error)
		return error;
	if (command && !module->ignores_command) {
		error = load_by_command(modprobe, module, command, options ? options : "");
		free(options);
		return error;
	}
	error = load_file(modprobe, module, options ? options : "");
	if (error && module->path && !(*failed = options ? options : strdup("")))
		return -ENOMEM;
	if (!*failed)
		free(options);
	return error;
}

static int refuse(const struct pool_module *asked, const struct pool_module *module,
		  const struct config_entry *entry)
{
	char place[PATH_MAX];

	config_place(entry, place);
	if (asked == module)
		error("could not insert '%s': it is forbidden by %s", asked->name, place);
	else
		error("could not insert '%s': it needs '%s', which is forbidden by %s", asked->name,
		      module->name, place);
	return -EPERM;
}

/* Before anything is loaded: is a module forbidden that this load cannot do without? */
static int check_forbidden(struct modprobe *modprobe, const struct pool_module *asked,
			   const struct pool_list *plan)
{
	const struct config_entry *first = modprobe->config.first[CONFIG_FORBID], *entry;
	int error = 0;

	for (size_t i = 0; first && i < plan->count; i++) {
		struct pool_module *module = plan->modules[i];

		if (!module->is_required || error)
			continue;
		entry = config_match(first, module->name);
		if (entry &&
		    (modprobe->show_depends || !pool_is_in_kernel(&modprobe->pool, module)))
			error = refuse(asked, module, entry);
	}
	return error;
}

static int report(const struct pool_module *module, int error)
{
	switch (-error) {
	case EEXIST:
		error("could not insert '%s': Module already in kernel", module->name);
		break;
	case ENOENT:
		error("could not insert '%s': Unknown symbol in module, or unknown parameter "
		      "(see dmesg)",
		      module->name);
		break;
	default:
		error("could not insert '%s': %s", module->name, strerror(-error));
	}
	return error;
}

/* Which module it was, what is wrong with it, and who gave it its options. */
static void explain_load(const struct modprobe *modprobe, const struct pool_module *asked,
			 const struct pool_module *module, const char *options, int error, int log)
{
	const struct config_entry *entry = modprobe->config.first[CONFIG_OPTIONS];
	char place[PATH_MAX];

	if (module != asked)
		hint("the module that failed is '%s', which '%s' needs", module->name, asked->name);
	explain_failure(module->path, options, error, log);
	for (; entry && (error == -EINVAL || error == -ERANGE); entry = entry->next)
		if (modprobe_is_option_of(entry, module))
			hint("its options '%s' are from %s", entry->value,
			     config_place(entry, place));
}

/* Errors of softdeps do not count, nor that a module is there already. */
static int run_plan(struct modprobe *modprobe, const struct pool_module *asked,
		    const struct pool_list *plan, const char *extra)
{
	int error = 0, log = modprobe->dry_run ? -1 : kernel_log_open();
	char *failed = NULL;

	for (size_t i = 0; !error && i < plan->count; i++) {
		struct pool_module *module = plan->modules[i];
		bool is_asked = module == asked;

		if (!modprobe->show_depends && pool_is_in_kernel(&modprobe->pool, module)) {
			if (modprobe->explain)
				modprobe_explain(modprobe, module, VERDICT_IN_KERNEL);
			error = -EEXIST;
		} else if (!module->is_required && modprobe_forbidden(modprobe, module)) {
			if (modprobe->explain)
				modprobe_explain(modprobe, module, VERDICT_FORBIDDEN);
			continue;
		} else {
			if (modprobe->explain)
				modprobe_explain(modprobe, module, VERDICT_LOAD);
			error = load_one(modprobe, module, is_asked ? extra : NULL, &failed);
		}
		if (error == -EEXIST && is_asked && modprobe->first_time) {
			report(asked, error);
			break;
		}
		if (error == -EEXIST || !module->is_required)
			error = 0;
		if (error) {
			report(asked, error);
			if (failed)
				explain_load(modprobe, asked, module, failed, error, log);
		}
		free(failed);
		failed = NULL;
	}
	free(failed);
	kernel_log_close(log);
	return error;
}

static bool is_blacklisted(const struct modprobe *modprobe, const struct pool_module *module)
{
	/* Without --use-blacklist it is what aliases stand for that is left out. */
	return (module->alias || modprobe->use_blacklist) &&
	       config_find(modprobe->config.first[CONFIG_BLACKLIST], module->name);
}

static int load_module(struct modprobe *modprobe, struct pool_module *module, const char *extra)
{
	struct pool_list plan = {0};
	int error;

	if (modprobe->resolve) {
		puts(module->name);
		return 0;
	}
	if (!modprobe->show_depends && pool_is_in_kernel(&modprobe->pool, module)) {
		if (modprobe->explain)
			modprobe_explain(modprobe, module, VERDICT_IN_KERNEL);
		return modprobe->first_time ? report(module, -EEXIST) : 0;
	}
	if (is_blacklisted(modprobe, module)) {
		if (modprobe->explain)
			modprobe_explain(modprobe, module, VERDICT_BLACKLISTED);
		return 0;
	}
	error = modprobe_plan(modprobe, module, &plan);
	if (error)
		return report(module, error);
	error = check_forbidden(modprobe, module, &plan);
	if (!error)
		error = run_plan(modprobe, module, &plan, extra);
	pool_list_release(&plan);
	return error;
}

static int load_path(struct modprobe *modprobe, const char *path, const char *extra)
{
	struct pool_module *module;
	int error = pool_from_path(&modprobe->pool, path, &module);

	if (!error)
		return load_module(modprobe, module, extra);
	modprobe_fail(modprobe, "Failed to get module from path %s: %s", path, strerror(-error));
	return -ENOENT;
}

int modprobe_load(struct modprobe *modprobe, const char *alias, const char *extra)
{
	struct pool_list found = {0};
	int error = 0;

	if (*alias == '/' || !strncmp(alias, "./", strlen("./")))
		return load_path(modprobe, alias, extra);
	if (pool_lookup(&modprobe->pool, alias, &found) || !found.count) {
		modprobe_fail(modprobe, "Module %s not found in directory %s", alias,
			      modprobe->pool.directory);
		return -ENOENT;
	}
	/* Each is tried, the last decides. */
	for (size_t i = 0; i < found.count; i++)
		error = load_module(modprobe, found.modules[i], extra);
	pool_list_release(&found);
	return error;
}
