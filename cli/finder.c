// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "cli/finder.h"
#include "cli/module_file.h"

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

__attribute__((format(printf, 1, 2))) static char *directory(const char *format, ...)
{
	char *path;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&path, format, args);
	va_end(args);
	if (length < 0)
		return NULL;
	if (is_directory(path))
		return path;
	free(path);
	return NULL;
}

/* The part of path up to and including "/lib/modules/RELEASE". */
static char *enclosing_tree(const char *path, const char *release)
{
	char real[PATH_MAX], mark[PATH_MAX];
	char *found;
	size_t length;

	if (!path || !realpath(path, real))
		return NULL;
	length = snprintf(mark, sizeof(mark), "/lib/modules/%s/", release);
	if (length >= sizeof(mark))
		return NULL;
	found = strstr(real, mark);
	if (!found)
		return NULL;
	return strndup(real, found - real + length - 1);
}

char *finder_tree(const char *dir, const char *release, const char *path)
{
	char *tree = NULL;

	if (dir) {
		if (release)
			tree = directory("%s/lib/modules/%s", dir, release);
		if (!tree && release)
			tree = directory("%s/%s", dir, release);
		return tree ? tree : directory("%s", dir);
	}
	if (!release)
		return NULL;
	tree = enclosing_tree(path, release);
	return tree ? tree : directory("/lib/modules/%s", release);
}

void finder_init(struct finder *finder, const char *tree)
{
	*finder = (struct finder){.tree = tree ? strdup(tree) : NULL};
}

void finder_release(struct finder *finder)
{
	size_t i;

	for (i = 0; i < finder->nr_entries; i++) {
		free(finder->entries[i].name);
		free(finder->entries[i].path);
	}
	free(finder->entries);
	free(finder->tree);
	*finder = (struct finder){0};
}

/* Modules in updates/ win over others of the same name, as depmod's default has it. */
static bool is_update(const char *path)
{
	return strstr(path, "/updates/") != NULL;
}

static int compare(const void *left, const void *right)
{
	const struct finder_entry *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (order == 0)
		order = is_update(b->path) - is_update(a->path);
	return order ? order : strcmp(a->path, b->path);
}

static int add(struct finder *finder, const char *path)
{
	struct finder_entry *entry;

	if (finder->nr_entries == finder->room) {
		size_t room = finder->room ? finder->room * 2 : 256;

		entry = realloc(finder->entries, room * sizeof(*entry));
		if (!entry)
			return -ENOMEM;
		finder->entries = entry;
		finder->room = room;
	}
	entry = &finder->entries[finder->nr_entries];
	entry->name = module_name_of_path(path);
	entry->path = strdup(path);
	if (!entry->name || !entry->path)
		return -ENOMEM;
	finder->nr_entries++;
	return 0;
}

int finder_read_tree(struct finder *finder)
{
	char *roots[] = {finder->tree, NULL};
	FTSENT *node;
	FTS *walk;
	int error = 0;

	if (!finder->tree || finder->entries)
		return 0;
	walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	if (!walk)
		return -errno;
	while (!error && (node = fts_read(walk))) {
		if (node->fts_info == FTS_F && is_module_path(node->fts_path))
			error = add(finder, node->fts_path);
		else if (node->fts_info == FTS_DNR || node->fts_info == FTS_ERR)
			error = -node->fts_errno;
		else if (node->fts_info == FTS_NS && node->fts_level == 0)
			error = -node->fts_errno;
	}
	fts_close(walk);
	if (finder->nr_entries)
		qsort(finder->entries, finder->nr_entries, sizeof(*finder->entries), compare);
	return error;
}

static char *find_beside(const char *name, const char *beside)
{
	const char *slash = strrchr(beside, '/');
	char *folder = slash ? strndup(beside, slash - beside + 1) : strdup("./");
	struct dirent *item;
	char *path = NULL, *candidate;
	DIR *dir = folder ? opendir(folder) : NULL;

	while (dir && !path && (item = readdir(dir))) {
		if (!is_module_path(item->d_name))
			continue;
		candidate = module_name_of_path(item->d_name);
		if (candidate && strcmp(candidate, name) == 0 &&
		    asprintf(&path, "%s%s", slash ? folder : "", item->d_name) < 0)
			path = NULL;
		free(candidate);
	}
	if (dir)
		closedir(dir);
	free(folder);
	return path;
}

static char *find_in_tree(struct finder *finder, const char *name)
{
	size_t low = 0, high;

	finder_read_tree(finder);
	high = finder->nr_entries;
	while (low < high) { /* the first entry of that name */
		size_t middle = low + (high - low) / 2;

		if (strcmp(finder->entries[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == finder->nr_entries || strcmp(finder->entries[low].name, name))
		return NULL;
	return strdup(finder->entries[low].path);
}

char *finder_find(struct finder *finder, const char *name, const char *beside)
{
	char *path = beside ? find_beside(name, beside) : NULL;

	return path ? path : find_in_tree(finder, name);
}
