// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tools/kmod/kmod.h"
#include "tools/kmod/loaded.h"
#include "tools/kmod/log.h"
#include "tools/kmod/name.h"
#include "tools/kmod/pool.h"

const char *const pool_index_names[NR_POOL_INDEXES] = {
	[POOL_DEP] = "modules.dep",
	[POOL_SYMBOLS] = "modules.symbols",
	[POOL_ALIAS] = "modules.alias",
	[POOL_BUILTIN] = "modules.builtin",
	[POOL_BUILTIN_ALIAS] = "modules.builtin.alias",
};

int pool_report_damage(const struct pool *pool, enum pool_index which)
{
	error("%s/%s.bin is damaged: run depmod", pool->directory, pool_index_names[which]);
	return -EINVAL;
}

const struct index *pool_index(struct pool *pool, enum pool_index which)
{
	char path[PATH_MAX + NAME_MAX];
	struct stat status;
	int error;

	if (pool->was_tried[which])
		return pool->is_open[which] ? &pool->indexes[which] : NULL;
	pool->was_tried[which] = true;
	snprintf(path, sizeof(path), "%s/%s.bin", pool->directory, pool_index_names[which]);
	/* kmod's depmod leaves those empty that nothing is known for */
	if (which != POOL_DEP && !stat(path, &status) && !status.st_size)
		return NULL;
	error = index_open(&pool->indexes[which], path);
	pool->is_open[which] = !error;
	if (error == -EINVAL)
		pool_report_damage(pool, which);
	else if (error && error != -ENOENT)
		error("could not read %s: %s", path, strerror(-error));
	return error ? NULL : &pool->indexes[which];
}

static void free_module(struct pool_module *module)
{
	free(module->name);
	free(module->alias);
	free(module->path);
	free(module->needs);
	free(module);
}

void pool_release(struct pool *pool)
{
	struct pool_module *module, *next;

	for (module = pool->modules; module; module = next) {
		next = module->next;
		free_module(module);
	}
	pool->modules = NULL;
	for (unsigned int i = 0; i < NR_POOL_INDEXES; i++)
		if (pool->is_open[i])
			index_close(&pool->indexes[i]);
}

int pool_list_add(struct pool_list *list, struct pool_module *module)
{
	struct pool_module **modules =
		reallocarray(list->modules, list->count + 1, sizeof(*modules));

	if (!modules)
		return -ENOMEM;
	list->modules = modules;
	modules[list->count++] = module;
	return 0;
}

void pool_list_release(struct pool_list *list)
{
	free(list->modules);
	*list = (struct pool_list){0};
}

static bool is_same(const char *left, const char *right)
{
	return left && right ? !strcmp(left, right) : left == right;
}

/* A module found by an alias is another one than that of the name: it has the alias's options. */
struct pool_module *pool_find(struct pool *pool, const char *name, const char *alias)
{
	struct pool_module *module;

	for (module = pool->modules; module; module = module->next)
		if (!strcmp(module->name, name) && is_same(module->alias, alias))
			return module;
	module = calloc(1, sizeof(*module));
	if (!module)
		return NULL;
	module->name = strdup(name);
	module->alias = alias ? strdup(alias) : NULL;
	if (!module->name || (alias && !module->alias)) {
		free_module(module);
		return NULL;
	}
	module->next = pool->modules;
	pool->modules = module;
	return module;
}

int pool_from_path(struct pool *pool, const char *path, struct pool_module **module)
{
	char absolute[PATH_MAX], name[PATH_MAX];
	struct stat status;
	int error = kmod_absolute(path, absolute);

	if (error)
		return error;
	if (stat(absolute, &status))
		return -errno;
	name_from_path(path, name);
	if (!*name)
		return -ENOENT;
	*module = pool_find(pool, name, NULL);
	if (*module && !(*module)->path)
		(*module)->path = strdup(absolute);
	if (!*module || !(*module)->path)
		return -ENOMEM;
	(*module)->builtin = BUILTIN_NO;
	return 0;
}

struct needs {
	struct pool *pool;
	struct pool_module *module;
	bool found;
};

/* DIRECTORY/text, or text if it is absolute. Owned by the caller. */
static char *path_in(const struct pool *pool, const char *text, size_t length)
{
	char *path;

	if (asprintf(&path, "%s%s%.*s", *text == '/' ? "" : pool->directory,
		     *text == '/' ? "" : "/", (int)length, text) < 0)
		return NULL;
	return path;
}

static int add_need(struct needs *needs, const char *text, size_t length)
{
	struct pool_module *module = needs->module, *need, **list;
	char *path = path_in(needs->pool, text, length), name[PATH_MAX];

	if (!path)
		return -ENOMEM;
	name_from_path(path, name);
	need = pool_find(needs->pool, name, NULL);
	list = reallocarray(module->needs, module->nr_needs + 1, sizeof(*list));
	if (list)
		module->needs = list;
	if (!need || !list) {
		free(path);
		return -ENOMEM;
	}
	/* The line's last is needed by those before it. */
	memmove(&list[1], &list[0], module->nr_needs++ * sizeof(*list));
	list[0] = need;
	if (need->path)
		free(path);
	else
		need->path = path;
	return 0;
}

/* "kernel/a.ko: kernel/b.ko kernel/c.ko" */
static int take_line(void *context, const char *key, const char *value, uint32_t priority)
{
	struct needs *needs = context;
	size_t length = strcspn(value, ":");
	int error = 0;

	if (needs->found)
		return 0;
	needs->found = true;
	if (!value[length])
		return 0;
	if (!needs->module->path) {
		needs->module->path = path_in(needs->pool, value, length);
		if (!needs->module->path)
			return -ENOMEM;
	}
	for (value += length + 1; !error; value += length) {
		value += strspn(value, " \t");
		length = strcspn(value, " \t");
		if (!length)
			break;
		error = add_need(needs, value, length);
	}
	return error;
}

int pool_read_needs(struct pool *pool, struct pool_module *module)
{
	const struct index *index = pool_index(pool, POOL_DEP);
	struct needs needs = {.pool = pool, .module = module};
	int error;

	if (module->has_read_needs || !index)
		return 0;
	module->has_read_needs = true;
	error = index_search(index, module->name, take_line, &needs);
	return error == -EINVAL ? pool_report_damage(pool, POOL_DEP) : error;
}

static int note_found(void *context, const char *key, const char *value, uint32_t priority)
{
	*(bool *)context = true;
	return 0;
}

int pool_has_key(struct pool *pool, enum pool_index which, const char *key)
{
	const struct index *index = pool_index(pool, which);
	bool found = false;
	int error;

	if (!index)
		return 0;
	error = index_search(index, key, note_found, &found);
	return error ? pool_report_damage(pool, which) : found;
}

bool pool_is_builtin(struct pool *pool, struct pool_module *module)
{
	if (module->builtin == BUILTIN_UNKNOWN)
		module->builtin = pool_has_key(pool, POOL_BUILTIN, module->name) > 0 ? BUILTIN_YES
										     : BUILTIN_NO;
	return module->builtin == BUILTIN_YES;
}

bool pool_is_in_kernel(struct pool *pool, struct pool_module *module)
{
	return pool_is_builtin(pool, module) || loaded_state(module->name) == LOADED_LIVE;
}
