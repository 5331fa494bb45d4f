// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "tools/kmod/loaded.h"
#include "tools/kmod/log.h"
#include "tools/kmod/modprobe.h"

/* Who asks for a removal. */
enum reason { ASKED, ON_THE_WAY };

static int remove_module(struct modprobe *modprobe, struct pool_module *module, enum reason reason);

static int delete_now(const struct modprobe *modprobe, const struct pool_module *module)
{
	if (!syscall(SYS_delete_module, module->name, O_NONBLOCK | (modprobe->force ? O_TRUNC : 0)))
		return 0;
	return -errno;
}

#define MS_PER_S  1000UL
#define NS_PER_MS 1000000UL

/* Sleeps of 1, 2, 4 ... ms, until all of --wait is over. */
static int delete_when_free(const struct modprobe *modprobe, const struct pool_module *module)
{
	unsigned long left = modprobe->wait, step = 1;
	struct timespec span;
	int error = delete_now(modprobe, module);

	while (error == -EAGAIN && left) {
		if (step > left)
			step = left;
		span = (struct timespec){step / MS_PER_S, step % MS_PER_S * NS_PER_MS};
		nanosleep(&span, NULL);
		left -= step;
		step *= 2;
		error = delete_now(modprobe, module);
	}
	return error;
}

static int delete_module_of(const struct modprobe *modprobe, const struct pool_module *module)
{
	int error;

	if (modprobe_is_verbose(modprobe))
		printf("rmmod %s\n", module->name);
	fflush(stdout);
	if (modprobe->dry_run)
		return 0;
	error = delete_when_free(modprobe, module);
	if (error)
		error("could not remove '%s': %s", module->name, strerror(-error));
	return error;
}

static int remove_by_command(struct modprobe *modprobe, const struct pool_module *module,
			     const struct config_entry *entry)
{
	char *command = modprobe_expand(entry->value, "");
	int error, status = 0;

	if (!command)
		return -ENOMEM;
	if (modprobe_is_verbose(modprobe))
		printf("remove %s\n", command);
	error = modprobe->dry_run ? 0 : modprobe_run(command, module, &status);
	if (error)
		modprobe_fail(modprobe, "Error running remove command for %s", module->name);
	free(command);
	return error;
}

/* In reverse order. */
static int remove_list(struct modprobe *modprobe, const struct pool_list *list, bool stop)
{
	int error;

	for (size_t i = list->count; i; i--) {
		error = remove_module(modprobe, list->modules[i - 1], ON_THE_WAY);
		if (error && (stop || modprobe->is_over))
			return error;
	}
	return 0;
}

static int add_names(struct modprobe *modprobe, const struct config_entry *softdep,
		     const char *part, struct pool_list *list)
{
	struct config_names names = {.rest = softdep->value, .part = part};
	char name[PATH_MAX];
	int error = 0;

	while (!error && config_next_name(&names, name)) {
		struct pool_list found = {0};

		error = pool_lookup(&modprobe->pool, name, &found);
		if (error && error != -ENOMEM)
			error = 0; /* told, if it was a damaged index */
		for (size_t i = 0; !error && i < found.count; i++)
			error = pool_list_add(list, found.modules[i]);
		pool_list_release(&found);
	}
	return error;
}

/* Softdeps that cannot be removed are no failure, unless it is a fatal one. */
static int remove_softdeps(struct modprobe *modprobe, const struct pool_module *module,
			   const char *part)
{
	const struct config_entry *entry = modprobe->config.first[CONFIG_SOFTDEP];
	struct pool_list list = {0};
	int error = 0;

	if (modprobe->ignore_commands)
		return 0;
	while (!error && (entry = config_match(entry, module->name))) {
		error = add_names(modprobe, entry, part, &list);
		entry = entry->next;
	}
	if (!error)
		error = remove_list(modprobe, &list, false);
	pool_list_release(&list);
	return error;
}

struct holders {
	struct modprobe *modprobe;
	struct pool_list list;
};

/*
 * They go in reverse order: those in use, by others of the list, to its front.
 * kmod takes them as the directory has them, and may end at one in use.
 */
static int add_holder(void *context, const char *name)
{
	struct holders *holders = context;
	struct pool_module *module = pool_find(&holders->modprobe->pool, name, NULL);
	struct pool_list *list = &holders->list;

	if (!module || pool_list_add(list, module))
		return -ENOMEM;
	if (loaded_references(name) > 0) {
		memmove(&list->modules[1], list->modules,
			(list->count - 1) * sizeof(*list->modules));
		list->modules[0] = module;
	}
	return 0;
}

static int remove_holders_of(struct modprobe *modprobe, const struct pool_module *module)
{
	struct holders holders = {.modprobe = modprobe};
	int error = loaded_holders(module->name, add_holder, &holders);

	/* Unreadable holders are left to the kernel to find. */
	if (error != -ENOMEM)
		error = remove_list(modprobe, &holders.list, true);
	pool_list_release(&holders.list);
	return error;
}

/* What only this module used: the ones that others need come last. */
static int remove_unused_needs(struct modprobe *modprobe, struct pool_module *module)
{
	int error = pool_read_needs(&modprobe->pool, module);

	for (size_t i = module->nr_needs; !error && i; i--)
		if (!loaded_references(module->needs[i - 1]->name))
			delete_module_of(modprobe, module->needs[i - 1]);
	return error;
}

/* 0: go on. 1: there is nothing to do. */
static int check_loaded(struct modprobe *modprobe, struct pool_module *module, enum reason reason)
{
	if (pool_is_builtin(&modprobe->pool, module)) {
		if (reason == ON_THE_WAY)
			return 1;
		modprobe_fail(modprobe, "Module %s is builtin.", module->name);
		return -ENOENT;
	}
	if (loaded_state(module->name) >= 0)
		return 0;
	if (!modprobe->first_time)
		return 1;
	modprobe_fail(modprobe, "Module %s is not in kernel.", module->name);
	return -ENOENT;
}

static int check_unused(struct modprobe *modprobe, const struct pool_module *module)
{
	if (modprobe->wait || loaded_references(module->name) <= 0)
		return 0;
	modprobe_fail(modprobe, "Module %s is in use.", module->name);
	return -EBUSY;
}

/* The module itself, and what became unused. */
static int remove_itself(struct modprobe *modprobe, struct pool_module *module)
{
	int error = modprobe->show_depends ? 0 : check_unused(modprobe, module);

	if (!error)
		error = delete_module_of(modprobe, module);
	return error ? error : remove_unused_needs(modprobe, module);
}

/* Each is removed once: softdeps may name each other. */
static int remove_module(struct modprobe *modprobe, struct pool_module *module, enum reason reason)
{
	const struct config_entry *command = NULL;
	bool is_gone = false;
	int error = 0;

	if (module->is_visited)
		return 0;
	module->is_visited = true;
	if (!modprobe->ignore_commands)
		command = modprobe_command(modprobe, CONFIG_REMOVE, module);
	if (!command && !modprobe->show_depends)
		error = check_loaded(modprobe, module, reason);
	if (error)
		return error < 0 ? error : 0;
	error = remove_softdeps(modprobe, module, "post:");
	if (!error && reason == ASKED && modprobe->remove_holders) {
		error = remove_holders_of(modprobe, module);
		/* With the last of them it may have become unused, and gone. */
		is_gone = !error && !modprobe->show_depends && loaded_state(module->name) < 0;
	}
	if (!error && !is_gone)
		error = command ? remove_by_command(modprobe, module, command)
				: remove_itself(modprobe, module);
	return error ? error : remove_softdeps(modprobe, module, "pre:");
}

int modprobe_remove(struct modprobe *modprobe, const char *alias)
{
	struct pool_list found = {0};
	int error = pool_lookup(&modprobe->pool, alias, &found);

	if (!error && !found.count) {
		modprobe_fail(modprobe, "Module %s not found.", alias);
		error = -ENOENT;
	}
	for (struct pool_module *module = modprobe->pool.modules; module; module = module->next)
		module->is_visited = false;
	for (size_t i = 0; !error && i < found.count; i++)
		error = remove_module(modprobe, found.modules[i], ASKED);
	pool_list_release(&found);
	return error;
}
