// SPDX-License-Identifier: GPL-2.0-or-later
/* What a name or alias stands for, by configuration and indexes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/name.h"
#include "tools/kmod/pool.h"

/* Lookups add to found what name stands for by one kind of source. */
struct lookup {
	struct pool *pool;
	const char *name; /* normal */
	struct pool_list *found;
};

static int add_found(const struct lookup *lookup, const char *name, const char *alias,
		     const char *found_in, const struct config_entry *found_by)
{
	struct pool_module *module = pool_find(lookup->pool, name, alias);

	if (!module)
		return -ENOMEM;
	if (!module->found_in && !module->found_by) {
		module->found_in = found_in;
		module->found_by = found_by;
	}
	return pool_list_add(lookup->found, module);
}

static int find_configured_alias(const struct lookup *lookup)
{
	const struct config *config = lookup->pool->config;
	const struct config_entry *entry = config ? config->first[CONFIG_ALIAS] : NULL;
	int error = 0;

	while (!error && (entry = config_match(entry, lookup->name))) {
		error = add_found(lookup, entry->value, entry->name, NULL, entry);
		entry = entry->next;
	}
	return error;
}

static int find_file(const struct lookup *lookup)
{
	int result =
		strchr(lookup->name, ':') ? 0 : pool_has_key(lookup->pool, POOL_DEP, lookup->name);
	char name[PATH_MAX];

	if (result <= 0)
		return result;
	name_normalize(lookup->name, name);
	return add_found(lookup, name, NULL, pool_index_names[POOL_DEP], NULL);
}

struct targets {
	struct target {
		char *name;
		uint32_t priority;
	} * list; /* owned; by priority, then as they came */
	size_t count;
};

static int add_target(void *context, const char *key, const char *value, uint32_t priority)
{
	struct targets *targets = context;
	struct target *list = reallocarray(targets->list, targets->count + 1, sizeof(*list));
	char *name = strdup(value);
	size_t at;

	if (list)
		targets->list = list;
	if (!list || !name) {
		free(name);
		return -ENOMEM;
	}
	for (at = targets->count++; at && list[at - 1].priority > priority; at--)
		list[at] = list[at - 1];
	list[at] = (struct target){name, priority};
	return 0;
}

/* Its keys are patterns. */
static int find_pattern(const struct lookup *lookup, enum pool_index which)
{
	const struct index *index = pool_index(lookup->pool, which);
	struct targets targets = {0};
	int error;

	if (!index)
		return 0;
	error = index_search_wild(index, lookup->name, add_target, &targets);
	if (error == -EINVAL)
		pool_report_damage(lookup->pool, which);
	for (size_t i = 0; i < targets.count; i++) {
		if (!error)
			error = add_found(lookup, targets.list[i].name, lookup->name,
					  pool_index_names[which], NULL);
		free(targets.list[i].name);
	}
	free(targets.list);
	return error;
}

static int find_symbol(const struct lookup *lookup)
{
	if (strncmp(lookup->name, "symbol:", strlen("symbol:")))
		return 0;
	return find_pattern(lookup, POOL_SYMBOLS);
}

static int find_alias(const struct lookup *lookup)
{
	return find_pattern(lookup, POOL_ALIAS);
}

static int find_builtin_alias(const struct lookup *lookup)
{
	return find_pattern(lookup, POOL_BUILTIN_ALIAS);
}

/* A command makes a module of a name that is none. */
static int find_command(const struct lookup *lookup)
{
	const struct config *config = lookup->pool->config;
	const struct config_entry *entry;
	char name[PATH_MAX];

	if (!config)
		return 0;
	entry = config_find(config->first[CONFIG_INSTALL], lookup->name);
	if (!entry)
		entry = config_find(config->first[CONFIG_REMOVE], lookup->name);
	if (!entry)
		return 0;
	name_normalize(lookup->name, name);
	return add_found(lookup, name, NULL, NULL, entry);
}

static int find_builtin(const struct lookup *lookup)
{
	int result = pool_has_key(lookup->pool, POOL_BUILTIN, lookup->name);

	if (result <= 0)
		return result;
	return add_found(lookup, lookup->name, NULL, pool_index_names[POOL_BUILTIN], NULL);
}

typedef int (*way_fn)(const struct lookup *lookup);

/* Each way in turn, until one finds something. */
static int look_up(const struct lookup *lookup, const way_fn *ways, size_t count)
{
	int error = 0;

	for (size_t i = 0; !error && !lookup->found->count && i < count; i++)
		error = ways[i](lookup);
	if (error)
		pool_list_release(lookup->found);
	return error;
}

int pool_lookup(struct pool *pool, const char *alias, struct pool_list *found)
{
	static const way_fn ways[] = {find_configured_alias, find_file,  find_symbol,
				      find_command,          find_alias, find_builtin,
				      find_builtin_alias};
	char name[PATH_MAX];
	const struct lookup lookup = {.pool = pool, .name = name, .found = found};
	int error = name_of_alias(alias, name);

	return error ? error : look_up(&lookup, ways, sizeof(ways) / sizeof(ways[0]));
}

int pool_lookup_name(struct pool *pool, const char *text, struct pool_list *found)
{
	static const way_fn ways[] = {find_file, find_builtin};
	char name[PATH_MAX];
	const struct lookup lookup = {.pool = pool, .name = name, .found = found};

	name_normalize(text, name);
	return look_up(&lookup, ways, sizeof(ways) / sizeof(ways[0]));
}
