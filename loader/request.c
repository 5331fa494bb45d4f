// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * request_module() of kernel code: what modprobe would do, from the box's
 * modules directory: NAME.ko somewhere below it, dependencies first.
 */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loader/internal.h"
#include "loader/request.h"

#define NOT_FOUND (1 << 8) /* modprobe's exit status 1, as wait() gives it */

static bool is_same_name(const char *file, const char *name, size_t length)
{
	static const char *const endings[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst"};

	for (size_t i = 0; i < length; i++) {
		char a = file[i] == '-' ? '_' : file[i], b = name[i] == '-' ? '_' : name[i];

		if (a != b)
			return false;
	}
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (!strcmp(file + length, endings[i]))
			return true;
	return false;
}

/* The path of a module's file below directory; the caller's, NULL: none. */
static char *find_module_file(const char *directory, const char *name, size_t length)
{
	char *paths[] = {(char *)directory, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	char *found = NULL;
	FTSENT *entry;

	if (!tree)
		return NULL;
	while (!found && (entry = fts_read(tree)))
		if (entry->fts_info == FTS_F && entry->fts_namelen > length &&
		    is_same_name(entry->fts_name, name, length))
			found = strdup(entry->fts_path);
	fts_close(tree);
	return found;
}

static int load_with_dependencies(struct r3_box *box, const char *name, size_t length,
				  unsigned int depth);

static int load_dependencies(struct r3_box *box, const struct module_image *image,
			     unsigned int depth)
{
	struct elf_problem problem;
	struct elf_view view;
	const char *names;
	int error = elf_open(&view, image->data, image->size, &problem);

	if (error)
		return error;
	names = elf_modinfo(&view, "depends");
	while (names && *names && !error) {
		size_t length = strcspn(names, ",");

		error = load_with_dependencies(box, names, length, depth + 1);
		names += length + (names[length] == ',');
	}
	return error;
}

static int load_with_dependencies(struct r3_box *box, const char *name, size_t length,
				  unsigned int depth)
{
	struct module_image image;
	char *path;
	int error;

	if (depth > 32)
		return -ELOOP;
	path = find_module_file(box->options.modules_dir, name, length);
	if (!path)
		return -ENOENT;
	error = image_read_file(&image, path, NULL);
	free(path);
	if (error)
		return error;
	error = load_dependencies(box, &image, depth);
	if (!error)
		error = load_module(box, &image, "", 0, NULL);
	image_release(&image);
	return error == -EEXIST ? 0 : error;
}

int request_module(struct r3_box *box, const char *name, int wait)
{
	if (!box->options.modules_dir)
		return NOT_FOUND;
	return load_with_dependencies(box, name, strlen(name), 0) ? NOT_FOUND : 0;
}
