// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which file `modprobe NAME' would load. Names come from the directory tree,
 * aliases from the modules' own .modinfo; both are read when first needed.
 */
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include "elf/elf_view.h"
#include "loader/module_catalogue.h"

struct file {
	char *path;
	const char *name; /* in path */
	size_t length;    /* of the name without its endings */
};

struct alias {
	char *pattern;
	const char *path;
};

struct catalogue {
	struct file *files;
	size_t nr_files;
	struct alias *aliases;
	size_t nr_aliases;
	bool aliases_read;
};

static bool is_module_file(const char *name, size_t *length)
{
	static const char *const endings[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst"};
	size_t whole = strlen(name);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i]);

		if (whole > ending && !strcmp(name + whole - ending, endings[i])) {
			*length = whole - ending;
			return true;
		}
	}
	return false;
}

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

static int add_file(struct catalogue *catalogue, const FTSENT *entry, size_t length)
{
	size_t count = catalogue->nr_files;
	struct file *files = catalogue->files;

	if (!(count & (count - 1))) {
		files = reallocarray(files, count ? 2 * count : 1, sizeof(*files));
		if (!files)
			return -ENOMEM;
		catalogue->files = files;
	}
	files[count].path = strdup(entry->fts_path);
	if (!files[count].path)
		return -ENOMEM;
	files[count].name = files[count].path + entry->fts_pathlen - entry->fts_namelen;
	files[count].length = length;
	catalogue->nr_files++;
	return 0;
}

static int read_tree(struct catalogue *catalogue, const char *directory)
{
	char *paths[] = {(char *)directory, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	size_t length;
	int error = 0;

	if (!tree)
		return -errno;
	while (!error && (entry = fts_read(tree)))
		if (entry->fts_info == FTS_F && is_module_file(entry->fts_name, &length))
			error = add_file(catalogue, entry, length);
	fts_close(tree);
	return error;
}

static int add_alias(struct catalogue *catalogue, const char *pattern, const char *path)
{
	size_t count = catalogue->nr_aliases;
	struct alias *aliases = catalogue->aliases;

	if (!(count & (count - 1))) {
		aliases = reallocarray(aliases, count ? 2 * count : 1, sizeof(*aliases));
		if (!aliases)
			return -ENOMEM;
		catalogue->aliases = aliases;
	}
	aliases[count] = (struct alias){strdup(pattern), path};
	if (!aliases[count].pattern)
		return -ENOMEM;
	catalogue->nr_aliases++;
	return 0;
}

/* A file that cannot be read has no aliases; modprobe would not find it, either. */
static int read_aliases_of(struct catalogue *catalogue, const struct file *file)
{
	struct module_image image;
	struct elf_problem problem;
	const char *alias = NULL;
	struct elf_view view;
	int error = 0;

	if (image_read_file(&image, file->path, NULL))
		return 0;
	if (!elf_open(&view, image.data, image.size, &problem))
		while (!error && (alias = elf_modinfo_next(&view, "alias", alias)))
			error = add_alias(catalogue, alias, file->path);
	image_release(&image);
	return error;
}

static struct catalogue *catalogue_of(struct r3_box *box)
{
	if (box->catalogue)
		return box->catalogue;
	box->catalogue = calloc(1, sizeof(*box->catalogue));
	if (box->catalogue && read_tree(box->catalogue, box->options.modules_dir)) {
		module_catalogue_free(box);
		return NULL;
	}
	return box->catalogue;
}

void module_catalogue_free(struct r3_box *box)
{
	struct catalogue *catalogue = box->catalogue;

	if (!catalogue)
		return;
	for (size_t i = 0; i < catalogue->nr_files; i++)
		free(catalogue->files[i].path);
	for (size_t i = 0; i < catalogue->nr_aliases; i++)
		free(catalogue->aliases[i].pattern);
	free(catalogue->files);
	free(catalogue->aliases);
	free(catalogue);
	box->catalogue = NULL;
}

static int visit_aliases(struct r3_box *box, struct catalogue *catalogue, const char *name,
			 int (*visit)(void *context, const char *path), void *context)
{
	int result = -ENOENT, error = 0;

	for (size_t i = 0; i < catalogue->nr_files && !catalogue->aliases_read && !error; i++) {
		if (box->options.progress)
			box->options.progress(box->options.context, "reading aliases", i + 1,
					      catalogue->nr_files);
		error = read_aliases_of(catalogue, &catalogue->files[i]);
	}
	if (error)
		return error;
	catalogue->aliases_read = true;
	for (size_t i = 0; i < catalogue->nr_aliases; i++) {
		if (fnmatch(catalogue->aliases[i].pattern, name, 0))
			continue;
		/* As modprobe: one that fails does not keep the others away. */
		error = visit(context, catalogue->aliases[i].path);
		if (!error || result)
			result = error;
	}
	return result;
}

int module_catalogue_find(struct r3_box *box, const char *name, size_t length,
			  int (*visit)(void *context, const char *path), void *context)
{
	struct catalogue *catalogue = catalogue_of(box);
	char *copy;
	int result;

	if (!catalogue)
		return -ENOENT;
	for (size_t i = 0; i < catalogue->nr_files; i++)
		if (catalogue->files[i].length == length &&
		    same_name(catalogue->files[i].name, name, length))
			return visit(context, catalogue->files[i].path);
	copy = strndup(name, length);
	if (!copy)
		return -ENOMEM;
	result = visit_aliases(box, catalogue, copy, visit, context);
	free(copy);
	return result;
}
