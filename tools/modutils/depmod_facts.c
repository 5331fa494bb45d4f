// SPDX-License-Identifier: GPL-2.0-or-later
/* What modules want and export, and what the kernel does. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/modutils/depmod.h"
#include "tools/modutils/kernel.h"
#include "tools/modutils/object.h"

#define GPL_ONLY "GPLONLY_"

static int add_export(struct dep *dep, const char *name, size_t module)
{
	size_t capacity = dep->capacity ? 2 * dep->capacity : 256;
	bool is_gpl_only = !strncmp(name, GPL_ONLY, strlen(GPL_ONLY));
	struct dep_export *grown = dep->exports, *added;

	if (dep->nr_exports == dep->capacity) {
		grown = reallocarray(dep->exports, capacity, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		dep->exports = grown;
		dep->capacity = capacity;
	}
	name += is_gpl_only ? strlen(GPL_ONLY) : 0;
	added = &grown[dep->nr_exports];
	*added = (struct dep_export){.name = strdup(name),
				     .base = version_base_length(name, ""),
				     .module = module,
				     .is_gpl_only = is_gpl_only};
	if (!added->name)
		return -ENOMEM;
	dep->nr_exports++;
	return 0;
}

static int visit_export(void *context, const char *name)
{
	struct dep *dep = context;

	return add_export(dep, name, dep->nr_modules);
}

static int read_facts(struct dep *dep, const struct object *object, struct dep_module *module)
{
	const char *license;
	int error = object_each_export(object, visit_export, dep);

	module->is_gpl = object_is_gpl(object, &license);
	for (size_t i = 0; i < object->nr_symbols && !error; i++) {
		const struct symbol *symbol = object->symbols[i];

		/* insmod's own, in front of the object */
		if (symbol->place == PLACE_UNDEFINED && symbol->bind != STB_WEAK &&
		    !symbol->is_shadowed && strcmp(symbol->name, "__this_module"))
			error = words_add(&module->wants, symbol->name);
	}
	return error ? error : dep_read_devices(object, module);
}

static void release_module(struct dep_module *module)
{
	words_release(&module->wants);
	words_release(&module->lacks);
	free(module->needs);
	free(module->devices);
	free(module->path);
}

static int add_object(struct dep *dep, const struct module_image *image, const char *path)
{
	struct dep_module module = {.path = strdup(path)}, *grown;
	struct object object = {};
	int error = module.path ? 0 : -ENOMEM;

	if (!error)
		error = object_read(&object, image->data, image->size, dep->messages);
	if (!error)
		error = read_facts(dep, &object, &module);
	object_release(&object);
	grown = error ? NULL
		      : reallocarray(dep->modules, dep->nr_modules + 1, sizeof(*dep->modules));
	if (!grown) {
		release_module(&module);
		return error == -ENOEXEC ? 0 : -ENOMEM;
	}
	dep->modules = grown;
	grown[dep->nr_modules++] = module;
	return 0;
}

int dep_add_module(struct dep *dep, const char *path)
{
	const char *from = dep->messages->from;
	struct elf_problem problem = {};
	struct module_image image;
	int error = image_read_file(&image, path, &problem);

	if (error) {
		tell_error(dep->messages, "%s: %s", path,
			   *problem.message ? problem.message : strerror(-error));
		return 0;
	}
	dep->messages->from = path;
	error = add_object(dep, &image, path);
	dep->messages->from = from;
	image_release(&image);
	return error;
}

/* "ADDRESS LETTER NAME" or "ADDRESS NAME [MODULE]". */
static int add_line(struct dep *dep, char *line)
{
	char *rest = line, *words[4] = {};
	size_t count = 0;

	while (count < 4 && (words[count] = strsep(&rest, " \t\n")))
		count += *words[count] != '\0';
	if (count < 2 || (count > 2 && *words[2] == '[')) /* another module's */
		return 0;
	if (strlen(words[1]) == 1 && count > 2)
		return strchr("ABCDGRSTVW", *words[1]) ? add_export(dep, words[2], DEP_KERNEL) : 0;
	return add_export(dep, words[1], DEP_KERNEL);
}

static int add_file(struct dep *dep, const char *path)
{
	FILE *in = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	int error = 0;

	if (!in) {
		error = -errno;
		tell_error(dep->messages, "Can't read %s: %s", path, strerror(-error));
		return error;
	}
	while (!error && getline(&line, &room, in) >= 0)
		error = add_line(dep, line);
	free(line);
	fclose(in);
	return error;
}

int dep_add_kernel(struct dep *dep, const char *file)
{
	struct kernel kernel;
	int error;

	if (file) {
		dep->ignores_versions = true;
		return add_file(dep, file);
	}
	error = kernel_read(&kernel, &kernel_calls, KERNEL_SYMBOLS, dep->messages);
	if (error)
		tell_hint(dep->messages, "-F names a file with the kernel's symbols");
	for (size_t i = 0; i < kernel.symbols.count && !error; i++)
		error = add_export(dep, kernel.symbols.list[i].name, DEP_KERNEL);
	kernel_release(&kernel);
	return error;
}

/* Bases first, then the order in which they were added, the kernel's in front. */
static int by_base(const void *left, const void *right)
{
	const struct dep_export *a = left, *b = right;
	size_t length = a->base < b->base ? a->base : b->base;
	int order = memcmp(a->name, b->name, length);

	if (order)
		return order;
	if (a->base != b->base)
		return a->base < b->base ? -1 : 1;
	if (a->module != b->module)
		return a->module + 1 < b->module + 1 ? -1 : 1;
	return strcmp(a->name, b->name);
}

static bool fits(const struct dep *dep, const struct dep_export *export, const char *name,
		 size_t base)
{
	bool has_version = name[base], exports_version = export->name[export->base];

	if (!has_version || !exports_version)
		return true; /* insmod will look at the release instead */
	if (dep->ignores_versions && export->module == DEP_KERNEL)
		return true;
	return !strcmp(export->name, name);
}

/* The first export that a module may use by that name; NULL: there is none. */
static const struct dep_export *find_export(const struct dep *dep, const char *name, bool is_gpl)
{
	size_t base = version_base_length(name, ""), first = 0, end = dep->nr_exports;
	const struct dep_export key = {.name = (char *)name, .base = base, .module = DEP_KERNEL};

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		const struct dep_export *export = &dep->exports[middle];
		size_t length = export->base < base ? export->base : base;
		int order = memcmp(export->name, key.name, length);

		if (order < 0 || (!order && export->base < base))
			first = middle + 1;
		else
			end = middle;
	}
	for (; first < dep->nr_exports; first++) {
		const struct dep_export *export = &dep->exports[first];

		if (export->base != base || memcmp(export->name, name, base))
			return NULL;
		if (fits(dep, export, name, base) && (is_gpl || !export->is_gpl_only))
			return export;
	}
	return NULL;
}

static int add_need(struct dep_module *module, size_t needed)
{
	size_t *grown;

	for (size_t i = 0; i < module->nr_needs; i++)
		if (module->needs[i] == needed)
			return 0;
	grown = reallocarray(module->needs, module->nr_needs + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	module->needs = grown;
	grown[module->nr_needs++] = needed;
	return 0;
}

int dep_resolve(struct dep *dep)
{
	int error = 0;

	if (dep->nr_exports)
		qsort(dep->exports, dep->nr_exports, sizeof(*dep->exports), by_base);
	for (size_t i = 0; i < dep->nr_modules; i++) {
		struct dep_module *module = &dep->modules[i];

		for (size_t j = 0; j < module->wants.count && !error; j++) {
			const char *name = module->wants.list[j];
			const struct dep_export *export = find_export(dep, name, module->is_gpl);

			if (!export)
				error = words_add(&module->lacks, name);
			else if (export->module != DEP_KERNEL && export->module != i)
				error = add_need(module, export->module);
		}
	}
	return error;
}

void dep_release(struct dep *dep)
{
	for (size_t i = 0; i < dep->nr_modules; i++)
		release_module(&dep->modules[i]);
	for (size_t i = 0; i < dep->nr_exports; i++)
		free(dep->exports[i].name);
	free(dep->modules);
	free(dep->exports);
}
