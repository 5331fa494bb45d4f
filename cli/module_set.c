// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "cli/module_set.h"
#include "loader/loader.h"
#include "target/target.h"

/* Nodes of the search trees; each begins with its key. */
struct export_node {
	const char *name;
	const struct module_export *export;
	struct judged_module *owner;
};

struct kernel_node { /* symbol_available's answer, asked once a symbol */
	const char *name;
	int error;
	bool gpl_only;
	uint32_t crc;
	const char *namespace;
};

struct name_node {
	const char *name;
	struct judged_module *module;
};

static int compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void *find_node(void *const *tree, const char *name)
{
	void *found = tfind(&name, tree, compare);

	return found ? *(void **)found : NULL;
}

/* Keeps a node that is there already: 1 then, and node is freed. */
static int insert_node(void **tree, void *node)
{
	void *found = node ? tsearch(node, tree, compare) : NULL;

	if (found && *(void **)found == node)
		return 0;
	free(node);
	return found ? 1 : -ENOMEM;
}

static int insert_module(struct module_set *set, struct judged_module *module)
{
	struct name_node *node = malloc(sizeof(*node));

	if (node)
		*node = (struct name_node){module->file.name, module};
	return insert_node(&set->by_name, node);
}

static int insert_exports(struct module_set *set, struct judged_module *module)
{
	struct export_node *node;
	unsigned int i;

	for (i = 0; i < module->file.nr_exports; i++) {
		node = malloc(sizeof(*node));
		if (node)
			*node = (struct export_node){module->file.exports[i].name,
						     &module->file.exports[i], module};
		if (insert_node(&set->by_export, node) < 0)
			return -ENOMEM;
	}
	return 0;
}

int module_set_add(struct module_set *set, struct judged_module *module)
{
	struct judged_module **modules;
	int error;

	modules = realloc(set->modules, (set->nr_modules + 1) * sizeof(struct judged_module *));
	if (!modules)
		return -ENOMEM;
	set->modules = modules;
	modules[set->nr_modules++] = module;
	if (module->error)
		return 0;
	error = insert_module(set, module);
	if (error) /* a namesake came first, as in an updates/ folder */
		return error < 0 ? error : 0;
	return insert_exports(set, module);
}

struct judged_module *judged_module_read(const char *path)
{
	struct judged_module *module = calloc(1, sizeof(*module));

	if (module)
		module->error = module_file_read(&module->file, path, &module->problem);
	return module;
}

static int add_dependency(struct module_set *set, struct finder *finder, const char *name,
			  const char *beside)
{
	struct judged_module *module;
	char *path;

	if (module_set_find(set, name))
		return 0;
	path = finder_find(finder, name, beside);
	if (!path)
		return 0;
	module = judged_module_read(path);
	free(path);
	return module ? module_set_add(set, module) : -ENOMEM;
}

int module_set_add_dependencies(struct module_set *set, struct finder *finder)
{
	const char *list;
	unsigned int i;
	int error = 0;
	char *name;

	for (i = 0; !error && i < set->nr_modules; i++) {
		list = set->modules[i]->file.depends;
		while (!error && (name = next_dependency(&list))) {
			error = add_dependency(set, finder, name, set->modules[i]->file.path);
			free(name);
		}
	}
	return error;
}

struct judged_module *module_set_find(const struct module_set *set, const char *name)
{
	struct name_node *node = find_node(&set->by_name, name);

	return node ? node->module : NULL;
}

static const struct kernel_node *ask_kernel(struct module_set *set, const char *name)
{
	struct kernel_node *node = find_node(&set->kernel, name);

	if (node)
		return node;
	node = calloc(1, sizeof(*node));
	if (!node)
		return NULL;
	node->name = name;
	node->error =
		symbol_available(set->box, name, &node->gpl_only, &node->crc, &node->namespace);
	return insert_node(&set->kernel, node) ? NULL : node;
}

static bool imports_namespace(const struct module_file *file, const char *namespace)
{
	size_t i;

	for (i = 0; file->namespaces && file->namespaces[i]; i++)
		if (strcmp(file->namespaces[i], namespace) == 0)
			return true;
	return false;
}

/* An export is there: may this module have it? The order is that of Linux's resolve_symbol(). */
static enum import_state judge(const struct module_file *file, const struct module_import *import,
			       bool gpl_only, const char *namespace, bool has_crc, uint32_t crc)
{
	if (gpl_only && !file->gpl_compatible)
		return IMPORT_GPL_ONLY;
	if (has_crc && file->has_versions && !import->has_crc)
		return IMPORT_NO_VERSION;
	if (has_crc && file->has_versions && import->crc != crc)
		return IMPORT_VERSION;
	if (namespace && *namespace && !imports_namespace(file, namespace))
		return IMPORT_NAMESPACE;
	return IMPORT_FOUND;
}

static int answer(struct module_set *set, const struct module_file *file,
		  const struct module_import *import, struct import_answer *answer)
{
	const struct kernel_node *kernel = ask_kernel(set, import->name);
	const struct export_node *other;

	if (!kernel)
		return -ENOMEM;
	if (kernel->error == 0) {
		answer->namespace = kernel->namespace;
		answer->state = judge(file, import, kernel->gpl_only, kernel->namespace,
				      kernel->crc != 0, kernel->crc);
		return 0;
	}
	other = find_node(&set->by_export, import->name);
	if (other) {
		answer->provider = other->owner;
		answer->namespace = other->export->namespace;
		answer->state =
			judge(file, import, other->export->gpl_only, other->export->namespace,
			      other->export->has_crc, other->export->crc);
	} else if (import->weak) {
		answer->state = IMPORT_WEAK;
	} else {
		answer->state =
			kernel->error == -ENOSYS ? IMPORT_NOT_IMPLEMENTED : IMPORT_NOT_EXPORTED;
	}
	return 0;
}

const char *module_set_vermagic(const struct module_set *set)
{
	return set->box ? set->box->data->vermagic : NULL;
}

/* same_magic() of Linux: with CRCs the release, the first word, may differ. */
static bool vermagic_matches(const struct module_file *file, const char *vermagic)
{
	const char *own = file->vermagic;

	if (!own || !vermagic) /* without one it is a forced load */
		return true;
	if (file->has_versions) {
		own += strcspn(own, " ");
		vermagic += strcspn(vermagic, " ");
	}
	return strcmp(own, vermagic) == 0;
}

static void check_versions(struct module_set *set, struct judged_module *module)
{
	const struct module_file *file = &module->file;
	struct target_export layout;

	module->wrong_vermagic = !vermagic_matches(file, module_set_vermagic(set));
	if (!file->has_versions || !target_export(set->box->target, "module_layout", &layout))
		return;
	module->wrong_layout = !file->has_layout_crc || file->layout_crc != layout.crc;
}

static int resolve_imports(struct module_set *set, struct judged_module *module)
{
	unsigned int i;
	int error;

	module->answers = calloc(module->file.nr_imports + 1, sizeof(*module->answers));
	if (!module->answers)
		return -ENOMEM;
	for (i = 0; i < module->file.nr_imports; i++) {
		error = answer(set, &module->file, &module->file.imports[i], &module->answers[i]);
		if (error)
			return error;
		module->nr_missing += import_is_missing(module->answers[i].state);
	}
	return 0;
}

static int resolve_dependencies(struct module_set *set, struct judged_module *module)
{
	const char *list = module->file.depends;
	struct judged_dependency *grown;
	char *name;

	while ((name = next_dependency(&list))) {
		grown = realloc(module->dependencies,
				(module->nr_dependencies + 1) * sizeof(*grown));
		if (!grown) {
			free(name);
			return -ENOMEM;
		}
		module->dependencies = grown;
		grown[module->nr_dependencies++] =
			(struct judged_dependency){name, module_set_find(set, name)};
	}
	return 0;
}

static enum verdict judge_module(struct judged_module *module)
{
	struct judged_dependency *dependency;
	unsigned int i;

	if (module->verdict != VERDICT_OPEN)
		return module->verdict;
	if (module->error)
		return module->verdict = VERDICT_INVALID;
	if (module->nr_missing || module->wrong_vermagic || module->wrong_layout)
		return module->verdict = VERDICT_BLOCKED;
	module->verdict = VERDICT_LOADS; /* ends a cycle */
	for (i = 0; i < module->nr_dependencies; i++) {
		dependency = &module->dependencies[i];
		if (!dependency->module || judge_module(dependency->module) != VERDICT_LOADS)
			module->verdict = VERDICT_DEPENDENCY;
	}
	return module->verdict;
}

int module_set_resolve(struct module_set *set)
{
	struct judged_module *module;
	unsigned int i;
	int error = 0;

	for (i = 0; !error && i < set->nr_modules; i++) {
		module = set->modules[i];
		if (module->error)
			continue;
		error = resolve_dependencies(set, module);
		if (error || !set->box)
			continue;
		check_versions(set, module);
		error = resolve_imports(set, module);
	}
	for (i = 0; !error && i < set->nr_modules; i++)
		if (set->box || set->modules[i]->error)
			judge_module(set->modules[i]);
	return error;
}

void module_set_release(struct module_set *set)
{
	struct judged_module *module;
	unsigned int i, k;

	tdestroy(set->by_name, free);
	tdestroy(set->by_export, free);
	tdestroy(set->kernel, free);
	for (i = 0; i < set->nr_modules; i++) {
		module = set->modules[i];
		for (k = 0; k < module->nr_dependencies; k++)
			free(module->dependencies[k].name);
		free(module->dependencies);
		free(module->answers);
		module_file_release(&module->file);
		free(module);
	}
	free(set->modules);
	*set = (struct module_set){0};
}

bool import_is_missing(enum import_state state)
{
	return state != IMPORT_FOUND && state != IMPORT_WEAK;
}

const char *import_state_text(enum import_state state)
{
	static const char *const texts[] = {
		[IMPORT_FOUND] = "are found",
		[IMPORT_WEAK] = "are weak and stay unresolved",
		[IMPORT_NOT_IMPLEMENTED] = "this kernel exports, but ring3 does not have",
		[IMPORT_NOT_EXPORTED] = "this kernel does not export",
		[IMPORT_GPL_ONLY] = "are exported for GPL-compatible modules only",
		[IMPORT_NAMESPACE] = "are in a namespace that the module does not import",
		[IMPORT_VERSION] = "have another version (CRC)",
		[IMPORT_NO_VERSION] = "have a version (CRC) where the module names none",
	};

	return texts[state];
}

const char *import_state_word(enum import_state state)
{
	static const char *const words[] = {
		[IMPORT_FOUND] = "found",
		[IMPORT_WEAK] = "weak",
		[IMPORT_NOT_IMPLEMENTED] = "not-implemented",
		[IMPORT_NOT_EXPORTED] = "not-exported",
		[IMPORT_GPL_ONLY] = "gpl-only",
		[IMPORT_NAMESPACE] = "namespace",
		[IMPORT_VERSION] = "version",
		[IMPORT_NO_VERSION] = "no-version",
	};

	return words[state];
}

const char *verdict_word(enum verdict verdict)
{
	static const char *const words[] = {
		[VERDICT_OPEN] = "unknown",    [VERDICT_LOADS] = "loads",
		[VERDICT_BLOCKED] = "blocked", [VERDICT_DEPENDENCY] = "dependency",
		[VERDICT_INVALID] = "invalid",
	};

	return words[verdict];
}
