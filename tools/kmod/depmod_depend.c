// SPDX-License-Identifier: GPL-2.0-or-later
/* Which modules a module needs, and an order in which they can be loaded. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/log.h"

/* Symbols that no file defines: the module itself, linkers, the kernel's loader. */
static bool is_special(const char *name)
{
	return !strcmp(name, "__this_module") || !strcmp(name, "_GLOBAL_OFFSET_TABLE_") ||
	       !strcmp(name, "TOC.");
}

/*
 * The name by which a symbol is kept: without the dot that PowerPC's functions
 * have, and without the prefix that is to be left out.
 */
static const char *kept_name(const struct depmod *depmod, const char *name)
{
	name += *name == '.';
	return name + (depmod->options.prefix && *name == depmod->options.prefix);
}

static bool has_need(const struct module *module, const struct module *needed)
{
	for (size_t i = 0; i < module->nr_needs; i++)
		if (module->needs[i] == needed)
			return true;
	return false;
}

static int add_need(struct module *module, struct module *needed)
{
	struct module **grown;

	/* A power of two is full. */
	if (!(module->nr_needs & (module->nr_needs - 1))) {
		grown = reallocarray(module->needs, module->nr_needs ? 2 * module->nr_needs : 1,
				     sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		module->needs = grown;
	}
	module->needs[module->nr_needs++] = needed;
	return 0;
}

static void check_symbol(const struct depmod *depmod, const struct module *module,
			 const struct fact *fact, const struct symbol *symbol)
{
	if (fact->is_weak)
		return;
	if (!symbol && !is_special(kept_name(depmod, fact->text)))
		warning("%s needs unknown symbol %s", module->path, fact->text);
	else if (depmod->options.symvers && symbol && symbol->crc != fact->crc)
		warning("%s disagrees about version of symbol %s", module->path, fact->text);
}

static const struct symbol *find_symbol(const struct depmod *depmod, const struct fact *fact)
{
	const char *name = kept_name(depmod, fact->text);

	return symbols_find(&depmod->symbols, name,
			    name == fact->text ? fact->hash : hash_text(name));
}

static int find_needs(const struct depmod *depmod, struct module *module)
{
	const struct symbol *symbol;
	struct fact fact;
	int error;

	for (size_t at = 0; facts_next(&module->facts, FACTS_IMPORTS, &at, &fact);) {
		symbol = find_symbol(depmod, &fact);
		if (depmod->options.check_symbols)
			check_symbol(depmod, module, &fact, symbol);
		if (!symbol || !symbol->owner || has_need(module, symbol->owner))
			continue;
		if (depmod->options.verbose)
			printf("%s needs \"%s\": %s\n", module->path, symbol->name,
			       symbol->owner->path);
		error = add_need(module, symbol->owner);
		if (error)
			return error;
	}
	return 0;
}

struct search_work {
	const struct depmod *depmod;
	atomic_int error;
};

static void work_on_needs(void *context, size_t i)
{
	struct search_work *work = context;
	int error = find_needs(work->depmod, work->depmod->modules.modules[i]);

	if (error)
		atomic_store(&work->error, error);
}

static int find_all_needs(struct depmod *depmod)
{
	struct search_work work = {.depmod = depmod};
	int error = 0;

	/* What is said is said in the order of modules. */
	if (depmod->options.verbose || depmod->options.check_symbols) {
		for (size_t i = 0; i < depmod->modules.count && !error; i++)
			error = find_needs(depmod, depmod->modules.modules[i]);
		return error;
	}
	run_parallel(depmod->modules.count, work_on_needs, &work);
	return atomic_load(&work.error);
}

/*
 * Ranks as kmod gives them, for they show in modules.dep: modules that nobody
 * needs are taken from a stack, the last one first; what only ranked ones need
 * joins the stack. Returns how many have a rank.
 */
static size_t rank_modules(struct modules *modules, struct module **stack)
{
	struct module *module;
	size_t depth = 0, ranked = 0;

	for (size_t i = 0; i < modules->count; i++)
		for (size_t j = 0; j < modules->modules[i]->nr_needs; j++)
			modules->modules[i]->needs[j]->nr_users++;
	for (size_t i = 0; i < modules->count; i++)
		if (!modules->modules[i]->nr_users)
			stack[depth++] = modules->modules[i];
	while (depth) {
		module = stack[--depth];
		module->rank = ranked++;
		for (size_t i = 0; i < module->nr_needs; i++)
			if (!--module->needs[i]->nr_users)
				stack[depth++] = module->needs[i];
	}
	return ranked;
}

/* Where a search over what modules need has been. */
struct cycle_search {
	struct module **queue;
	size_t *came_from; /* beside queue: the place of who needs it */
	struct module **way;
	size_t told; /* how many modules are in cycles that were told of */
};

static void mark_told(struct cycle_search *search, struct module *module)
{
	search->told += module->nr_users > 0;
	module->nr_users = 0;
}

/*
 * The shortest way from root over what modules need back to root. Returns its
 * length, without root; the last in way is root's successor. SIZE_MAX: there is none.
 */
static size_t find_way_back(struct cycle_search *search, struct module *root)
{
	size_t head = 0, tail = 0, length = 0;

	search->queue[tail++] = root;
	for (; head < tail; head++) {
		for (size_t i = 0; i < search->queue[head]->nr_needs; i++) {
			struct module *need = search->queue[head]->needs[i];

			if (need == root) {
				for (; head; head = search->came_from[head])
					search->way[length++] = search->queue[head];
				return length;
			}
			if (need->mark == root->priority + 1)
				continue;
			need->mark = root->priority + 1;
			search->came_from[tail] = head;
			search->queue[tail++] = need;
		}
	}
	return SIZE_MAX;
}

static void report_cycle(struct cycle_search *search, struct module *root)
{
	size_t length = find_way_back(search, root);
	struct buffer text = {0};

	if (length == SIZE_MAX)
		return;
	while (length--) {
		buffer_printf(&text, " -> %s", search->way[length]->name);
		mark_told(search, search->way[length]);
	}
	mark_told(search, root);
	if (text.failed)
		error("No memory to report cycles");
	else
		error("Cycle detected: %s%.*s -> %s", root->name, (int)text.size, text.data,
		      root->name);
	buffer_release(&text);
}

static int report_cycles(struct modules *modules)
{
	struct cycle_search search = {
		.queue = calloc(modules->count, sizeof(struct module *)),
		.came_from = calloc(modules->count, sizeof(size_t)),
		.way = calloc(modules->count, sizeof(struct module *)),
	};

	if (search.queue && search.came_from && search.way) {
		for (size_t i = 0; i < modules->count; i++)
			if (modules->modules[i]->nr_users)
				report_cycle(&search, modules->modules[i]);
	} else {
		error("No memory to report cycles");
	}
	free(search.queue);
	free(search.came_from);
	free(search.way);
	error("Found %zu modules in dependency cycles!", search.told);
	return -EINVAL;
}

int depmod_depend(struct depmod *depmod)
{
	struct modules *modules = &depmod->modules;
	struct module **stack;
	int error;

	error = find_all_needs(depmod);
	if (error || !modules->count)
		return error;
	stack = calloc(modules->count, sizeof(struct module *));
	if (!stack)
		return -ENOMEM;
	if (rank_modules(modules, stack) < modules->count)
		error = report_cycles(modules);
	free(stack);
	return error;
}

static int by_rank(const void *left, const void *right)
{
	const struct module *a = *(struct module *const *)left, *b = *(struct module *const *)right;

	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Add what of the module's needs is not yet there. */
static int add_new(struct needs *needs, const struct module *of, uint32_t mark)
{
	struct module **grown;

	if (needs->capacity - needs->count < of->nr_needs) {
		needs->capacity = 2 * needs->capacity + of->nr_needs;
		grown = reallocarray(needs->list, needs->capacity, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		needs->list = grown;
	}
	for (size_t i = 0; i < of->nr_needs; i++) {
		if (of->needs[i]->mark == mark)
			continue;
		of->needs[i]->mark = mark;
		needs->list[needs->count++] = of->needs[i];
	}
	return 0;
}

int depmod_all_needs(struct module *module, struct needs *needs)
{
	uint32_t mark = module->priority + 1;
	int error;

	needs->count = 0;
	module->mark = mark;
	error = add_new(needs, module, mark);
	for (size_t i = 0; i < needs->count && !error; i++)
		error = add_new(needs, needs->list[i], mark);
	if (!error && needs->count)
		qsort(needs->list, needs->count, sizeof(*needs->list), by_rank);
	return error;
}

int depmod_make_lines(struct depmod *depmod)
{
	const struct modules *modules = &depmod->modules;
	struct buffer *lines = &depmod->lines;
	struct needs needs = {0};
	int error = 0;

	depmod->line_starts = calloc(modules->count + 1, sizeof(*depmod->line_starts));
	if (!depmod->line_starts)
		return -ENOMEM;
	for (size_t i = 0; i < modules->count && !error; i++) {
		error = depmod_all_needs(modules->modules[i], &needs);
		buffer_add_text(lines, modules->modules[i]->relative);
		buffer_add_byte(lines, ':');
		for (size_t j = 0; j < needs.count && !error; j++) {
			buffer_add_byte(lines, ' ');
			buffer_add_text(lines, needs.list[j]->relative);
		}
		buffer_add_byte(lines, '\0');
		depmod->line_starts[i + 1] = lines->size;
	}
	free(needs.list);
	return lines->failed ? -ENOMEM : error;
}
