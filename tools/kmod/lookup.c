// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tools/kmod/index.h"
#include "tools/kmod/log.h"
#include "tools/kmod/lookup.h"
#include "tools/kmod/name.h"

struct lookup {
	const char *directory;
	lookup_visit_fn visit;
	void *context;
	bool found;
};

typedef int (*search_fn)(const struct index *index, const char *key, index_visit_fn visit,
			 void *context);

static int search(const char *directory, const char *file, search_fn how, const char *key,
		  index_visit_fn visit, void *context)
{
	char path[2 * PATH_MAX];
	struct stat status;
	struct index index;
	int result;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	/* kmod's depmod leaves those empty that nothing is known for */
	if (stat(path, &status) || !status.st_size)
		return 0;
	result = index_open(&index, path);
	if (!result) {
		result = how(&index, key, visit, context);
		index_close(&index);
	}
	if (result == -EINVAL)
		error("%s is damaged: run depmod", path);
	else if (result < 0)
		error("could not read %s: %s", path, strerror(-result));
	return result;
}

/* "kernel/lib/crc.ko: kernel/..." of modules.dep, its first part */
static int take_path(void *context, const char *key, const char *value, uint32_t priority)
{
	struct lookup *lookup = context;
	char path[2 * PATH_MAX];
	size_t length = strcspn(value, ":");

	if (lookup->found)
		return 0;
	lookup->found = true;
	if (*value == '/')
		snprintf(path, sizeof(path), "%.*s", (int)length, value);
	else
		snprintf(path, sizeof(path), "%s/%.*s", lookup->directory, (int)length, value);
	return lookup->visit(lookup->context, key, path);
}

static int take_builtin(void *context, const char *key, const char *value, uint32_t priority)
{
	*(bool *)context = true;
	return 0;
}

bool lookup_is_builtin(const char *directory, const char *name)
{
	bool found = false;

	search(directory, "modules.builtin.bin", index_search, name, take_builtin, &found);
	return found;
}

static int find_file(struct lookup *lookup, const char *name)
{
	lookup->found = false;
	return search(lookup->directory, "modules.dep.bin", index_search, name, take_path, lookup);
}

/* name is normal. */
static int find_name(struct lookup *lookup, const char *name)
{
	int result = find_file(lookup, name);

	if (result || lookup->found || !lookup_is_builtin(lookup->directory, name))
		return result;
	lookup->found = true;
	return lookup->visit(lookup->context, name, NULL);
}

struct target {
	uint32_t priority;
	char *name;
};

struct targets {
	struct target *list;
	size_t count;
};

/* value is the name of a module that an alias stands for. */
static int add_target(void *context, const char *key, const char *value, uint32_t priority)
{
	struct targets *targets = context;
	struct target *list =
		reallocarray(targets->list, targets->count + 1, sizeof(*targets->list));

	if (!list)
		return -ENOMEM;
	targets->list = list;
	list[targets->count] = (struct target){priority, strdup(value)};
	return list[targets->count++].name ? 0 : -ENOMEM;
}

static int by_priority(const void *left, const void *right)
{
	const struct target *a = left, *b = right;

	return (a->priority > b->priority) - (a->priority < b->priority);
}

static int visit_target(struct lookup *lookup, const char *name)
{
	int result = find_file(lookup, name);

	if (!result && !lookup->found)
		result = lookup->visit(lookup->context, name, NULL);
	lookup->found = true;
	return result;
}

/* Several patterns may match: the modules of all of them, the first linked first. */
static int find_alias(struct lookup *lookup, const char *file, const char *alias)
{
	struct targets targets = {0};
	int result =
		search(lookup->directory, file, index_search_wild, alias, add_target, &targets);

	if (!result && targets.count)
		qsort(targets.list, targets.count, sizeof(*targets.list), by_priority);
	for (size_t i = 0; i < targets.count; i++) {
		if (!result)
			result = visit_target(lookup, targets.list[i].name);
		free(targets.list[i].name);
	}
	free(targets.list);
	return result;
}

int lookup_name(const char *directory, const char *name, lookup_visit_fn visit, void *context)
{
	struct lookup lookup = {.directory = directory, .visit = visit, .context = context};
	char normal[PATH_MAX];

	name_normalize(name, normal);
	return find_name(&lookup, normal);
}

int lookup_alias(const char *directory, const char *alias, lookup_visit_fn visit, void *context)
{
	static const char *const indexes[] = {"modules.symbols.bin", "modules.alias.bin",
					      "modules.builtin.alias.bin"};
	struct lookup lookup = {.directory = directory, .visit = visit, .context = context};
	bool is_symbol = !strncmp(alias, "symbol:", strlen("symbol:"));
	char normal[PATH_MAX];
	int result = name_of_alias(alias, normal);

	if (!result)
		result = find_name(&lookup, normal);
	for (size_t i = is_symbol ? 0 : 1; i < sizeof(indexes) / sizeof(indexes[0]); i++)
		if (!result && !lookup.found)
			result = find_alias(&lookup, indexes[i], normal);
	return result;
}

static int take_module(void *context, const char *key, const char *value, uint32_t priority)
{
	snprintf(context, PATH_MAX, "%s", value);
	return 1; /* the first will do */
}

bool lookup_symbol(const char *directory, const char *symbol, char module[PATH_MAX])
{
	char key[PATH_MAX];

	snprintf(key, sizeof(key), "symbol:%s", symbol);
	return search(directory, "modules.symbols.bin", index_search, key, take_module, module) ==
	       1;
}
