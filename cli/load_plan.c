// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cli/load_plan.h"

/*
 * One string of parameters. A value with blanks is put into quotes, as
 * modprobe does; the shell has taken the user's own.
 */
static char *join_parameters(char **words, unsigned int count)
{
	size_t size = 0;
	unsigned int i;
	char *text;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (i = 0; i < count; i++) {
		const char *equals = strchr(words[i], '=');

		if (i)
			fputc(' ', out);
		if (equals && strpbrk(equals, " \t\n") && !strchr(equals, '"'))
			fprintf(out, "%.*s=\"%s\"", (int)(equals - words[i]), words[i], equals + 1);
		else
			fputs(words[i], out);
	}
	if (fclose(out))
		return NULL;
	return text;
}

static struct load_item *new_module(struct load_plan *plan)
{
	struct load_item **modules, **order, *module;
	unsigned int n = plan->nr_modules;

	modules = realloc(plan->modules, (n + 1) * sizeof(struct load_item *));
	if (!modules)
		return NULL;
	plan->modules = modules;
	order = realloc(plan->order, (n + 1) * sizeof(struct load_item *));
	if (!order)
		return NULL;
	plan->order = order;
	module = calloc(1, sizeof(*module));
	if (module)
		modules[plan->nr_modules++] = module;
	return module;
}

static int add_file(struct load_plan *plan, struct term *term, const char *path,
		    struct load_item **result)
{
	struct load_item *module = new_module(plan);
	struct elf_problem problem;
	int error;

	if (!module)
		return -ENOMEM;
	error = module_file_read(&module->file, path, &problem);
	if (error == -ENOENT || error == -EACCES || error == -ENOMEM) {
		term_error(term, "could not load module %s: %s", path, strerror(-error));
		return error;
	}
	*result = module; /* whatever else is wrong with it, the loader says */
	return 0;
}

int load_plan_add(struct load_plan *plan, struct term *term, const char *path, char **parameters,
		  unsigned int nr_parameters)
{
	struct load_item *module;
	int error = add_file(plan, term, path, &module);

	if (error)
		return error;
	module->parameters = join_parameters(parameters, nr_parameters);
	module->words = calloc(nr_parameters + 1, sizeof(*module->words));
	if (!module->parameters || !module->words)
		return -ENOMEM;
	memcpy(module->words, parameters, nr_parameters * sizeof(*module->words));
	return 0;
}

struct load_item *load_plan_find(const struct load_plan *plan, const char *name)
{
	unsigned int i;

	for (i = 0; i < plan->nr_modules; i++)
		if (strcmp(plan->modules[i]->file.name, name) == 0)
			return plan->modules[i];
	return NULL;
}

static int place(struct load_plan *plan, struct term *term, struct load_item *module);

static int place_dependency(struct load_plan *plan, struct term *term, struct load_item *user,
			    const char *name)
{
	struct load_item *module = load_plan_find(plan, name);
	char *path;
	int error;

	if (module)
		return place(plan, term, module);
	path = finder_find(&plan->finder, name, user->file.path);
	if (!path) {
		term_error(term, "%s depends on %s, which is neither beside it nor in %s",
			   user->file.name, name,
			   plan->finder.tree ? plan->finder.tree : "a module tree");
		term_advice(term, "name the folder it is in with --modules-dir");
		return 0;
	}
	error = add_file(plan, term, path, &module);
	free(path);
	if (error)
		return error;
	module->dependency = true;
	module->parameters = strdup("");
	if (!module->parameters)
		return -ENOMEM;
	return place(plan, term, module);
}

/* A module is marked before its dependencies are: a cycle of them ends here. */
static int place(struct load_plan *plan, struct term *term, struct load_item *module)
{
	const char *list = module->file.depends;
	int error = 0;
	char *name;

	if (module->placed)
		return 0;
	module->placed = true;
	while (!error && (name = next_dependency(&list))) {
		error = place_dependency(plan, term, module, name);
		free(name);
	}
	if (!error)
		plan->order[plan->nr_order++] = module;
	return error;
}

int load_plan_order(struct load_plan *plan, struct term *term, const char *tree)
{
	unsigned int i, asked = plan->nr_modules;
	int error = 0;

	finder_init(&plan->finder, tree);
	for (i = 0; !error && i < asked; i++)
		error = place(plan, term, plan->modules[i]);
	return error;
}

/* Their names: nothing in the files says it, so the files' own do. */
void load_plan_order24(struct load_plan *plan)
{
	for (plan->nr_order = 0; plan->nr_order < plan->nr_modules; plan->nr_order++) {
		struct load_item *module = plan->modules[plan->nr_order];
		char *suffix = strrchr(module->file.name, '.');

		if (suffix && !strcmp(suffix, ".o"))
			*suffix = '\0';
		plan->order[plan->nr_order] = module;
	}
}

void load_plan_release(struct load_plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->nr_modules; i++) {
		module_file_release(&plan->modules[i]->file);
		free(plan->modules[i]->parameters);
		free(plan->modules[i]->words);
		free(plan->modules[i]->message);
		free(plan->modules[i]);
	}
	free(plan->modules);
	free(plan->order);
	finder_release(&plan->finder);
}
