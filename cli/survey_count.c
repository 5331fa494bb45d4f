// SPDX-License-Identifier: GPL-2.0-or-later
/* Which symbols block how many modules, directly or through what they depend on. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "cli/survey.h"

struct count {
	struct survey_group *group;
	void *tree;
	unsigned int mark; /* of the module whose dependencies are walked */
	unsigned int distinct;
	unsigned int other; /* obstacles that are no symbol */
	struct blocker *last;
	int error;
};

static int compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static struct blocker *blocker_of(struct count *count, const char *symbol, enum import_state state)
{
	struct survey_group *group = count->group;
	struct blocker *blocker, **grown;
	void *found = tfind(&symbol, &count->tree, compare);

	if (found)
		return *(struct blocker **)found;
	grown = realloc(group->blockers, (group->nr_blockers + 1) * sizeof(struct blocker *));
	if (!grown)
		return NULL;
	group->blockers = grown;
	blocker = calloc(1, sizeof(*blocker));
	if (!blocker)
		return NULL;
	blocker->symbol = symbol;
	blocker->state = state;
	if (!tsearch(blocker, &count->tree, compare)) {
		free(blocker);
		return NULL;
	}
	return grown[group->nr_blockers++] = blocker;
}

/* Everything that stands against module, each symbol once for the module that the mark is of. */
static void walk(struct count *count, struct judged_module *module, bool direct)
{
	struct blocker *blocker;
	unsigned int i;

	if (module->visited)
		return;
	module->visited = true;
	count->other += module->wrong_vermagic || module->wrong_layout || module->error;
	for (i = 0; module->answers && i < module->file.nr_imports; i++) {
		if (!import_is_missing(module->answers[i].state))
			continue;
		blocker = blocker_of(count, module->file.imports[i].name, module->answers[i].state);
		if (!blocker) {
			count->error = -ENOMEM;
			return;
		}
		blocker->importers += direct;
		if (blocker->mark == count->mark)
			continue;
		blocker->mark = count->mark;
		blocker->blocked++;
		count->distinct++;
		count->last = blocker;
	}
	for (i = 0; i < module->nr_dependencies; i++)
		if (module->dependencies[i].module)
			walk(count, module->dependencies[i].module, false);
		else
			count->other++;
}

static void unwalk(struct judged_module *module)
{
	unsigned int i;

	if (!module->visited)
		return;
	module->visited = false;
	for (i = 0; i < module->nr_dependencies; i++)
		if (module->dependencies[i].module)
			unwalk(module->dependencies[i].module);
}

static int worse(const void *left, const void *right)
{
	const struct blocker *a = *(struct blocker *const *)left;
	const struct blocker *b = *(struct blocker *const *)right;

	if (a->blocked != b->blocked)
		return a->blocked < b->blocked ? 1 : -1;
	if (a->alone != b->alone)
		return a->alone < b->alone ? 1 : -1;
	return strcmp(a->symbol, b->symbol);
}

static void keep(void *node)
{
}

int survey_count(struct survey_group *group)
{
	struct count count = {.group = group};
	struct judged_module *module;
	unsigned int i;

	for (i = 0; i < group->nr_modules; i++) {
		module = group->set.modules[i];
		group->counts[module->verdict]++;
		if (module->verdict == VERDICT_LOADS)
			continue;
		count.mark = i + 1;
		count.distinct = 0;
		count.other = 0;
		walk(&count, module, true);
		unwalk(module);
		if (count.distinct == 1 && count.other == 0)
			count.last->alone++;
	}
	if (group->nr_blockers)
		qsort(group->blockers, group->nr_blockers, sizeof(struct blocker *), worse);
	tdestroy(count.tree, keep);
	return count.error;
}
