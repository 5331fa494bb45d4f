// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which file `modprobe NAME' would load: names come from the directory tree.
 * The tree and the aliases are read when they are first needed.
 */
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include "box/sched.h"
#include "loader/internal.h"
#include "loader/module_aliases.h"
#include "loader/module_catalogue.h"

struct catalogue {
	char **paths;
	size_t count;
	struct aliases aliases;
	bool tree_read, aliases_read;
};

/* '-' and '_' are equal in names of modules. */
static bool same_name(const char *left, const char *right, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char a = left[i] == '-' ? '_' : left[i], b = right[i] == '-' ? '_' : right[i];

		if (a != b)
			return false;
	}
	return true;
}

static int add_path(struct catalogue *catalogue, const char *path)
{
	size_t count = catalogue->count;
	char **paths = catalogue->paths;

	if (!(count & (count - 1))) {
		paths = reallocarray(paths, count ? 2 * count : 1, sizeof(*paths));
		if (!paths)
			return -ENOMEM;
		catalogue->paths = paths;
	}
	paths[count] = strdup(path);
	if (!paths[count])
		return -ENOMEM;
	catalogue->count++;
	return 0;
}

static void forget_paths(struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->count; i++)
		free(catalogue->paths[i]);
	free(catalogue->paths);
	catalogue->paths = NULL;
	catalogue->count = 0;
}

/* All of it, or nothing: a tree that is read in part would hide modules. */
static int read_tree(struct catalogue *catalogue, const char *directory)
{
	char *paths[] = {(char *)directory, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	const char *name;
	int error = 0;

	if (!tree)
		return -errno;
	while (!error && (entry = fts_read(tree)))
		if (entry->fts_info == FTS_F && module_file_name(entry->fts_path, &name))
			error = add_path(catalogue, entry->fts_path);
	fts_close(tree);
	if (error)
		forget_paths(catalogue);
	return error;
}

/* Other threads of the box run on meanwhile: files are read without a vCPU. */
static int catalogue_read(struct r3_box *box, bool aliases)
{
	struct thread *thread = thread_current();
	bool release = thread && thread->vcpu >= 0 && !thread_is_atomic(thread);
	struct catalogue *catalogue;
	int error = 0;

	if (release)
		vcpu_release(thread);
	pthread_mutex_lock(&box->catalogue_lock);
	if (!box->catalogue)
		box->catalogue = calloc(1, sizeof(*box->catalogue));
	catalogue = box->catalogue;
	if (!catalogue)
		error = -ENOMEM;
	if (!error && !catalogue->tree_read) {
		error = read_tree(catalogue, box->options.modules_dir);
		catalogue->tree_read = !error;
	}
	if (!error && aliases && !catalogue->aliases_read) {
		error = aliases_read(&catalogue->aliases, &box->options,
				     (const char *const *)catalogue->paths, catalogue->count);
		catalogue->aliases_read = !error;
	}
	pthread_mutex_unlock(&box->catalogue_lock);
	if (release)
		vcpu_acquire(thread);
	return error;
}

void module_catalogue_free(struct r3_box *box)
{
	struct catalogue *catalogue = box->catalogue;

	if (!catalogue)
		return;
	forget_paths(catalogue);
	aliases_free(&catalogue->aliases);
	free(catalogue);
	box->catalogue = NULL;
}

static const char *path_of(const struct catalogue *catalogue, const char *name, size_t length)
{
	for (size_t i = 0; i < catalogue->count; i++) {
		const char *of_file;

		if (module_file_name(catalogue->paths[i], &of_file) == length &&
		    same_name(of_file, name, length))
			return catalogue->paths[i];
	}
	return NULL;
}

static int visit_aliases(const struct catalogue *catalogue, const char *name,
			 int (*visit)(void *context, const char *path), void *context)
{
	int result = -ENOENT, error;

	for (size_t i = 0; i < catalogue->aliases.count; i++) {
		const struct alias *alias = &catalogue->aliases.all[i];
		const char *path;

		if (fnmatch(alias->pattern, name, 0))
			continue;
		path = path_of(catalogue, alias->module, strlen(alias->module));
		if (!path)
			continue;
		/* As modprobe: one that fails does not keep the others away. */
		error = visit(context, path);
		if (!error || result)
			result = error;
	}
	return result;
}

int module_catalogue_find(struct r3_box *box, const char *name, size_t length,
			  int (*visit)(void *context, const char *path), void *context)
{
	const char *path;
	char *copy;
	int result;

	if (catalogue_read(box, false))
		return -ENOENT;
	path = path_of(box->catalogue, name, length);
	if (path)
		return visit(context, path);
	result = catalogue_read(box, true);
	if (result)
		return result;
	copy = strndup(name, length);
	if (!copy)
		return -ENOMEM;
	result = visit_aliases(box->catalogue, copy, visit, context);
	free(copy);
	return result;
}
