// SPDX-License-Identifier: GPL-2.0-or-later
/* Where module files are, by the configuration's paths. */
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tools/modutils/conf.h"

struct search {
	const struct conf *conf;
	const char *pattern, *type;
	bool first_only;
	struct words *found;
	struct messages *messages;
};

static bool is_module_file(const char *name)
{
	static const char *const endings[] = {".o", ".mod", ".o.gz"};
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending && !strcmp(name + length - ending, endings[i]))
			return true;
	}
	return false;
}

/* In the one directory of a release types are parts of paths. */
static bool is_of_type(const char *below, const char *type)
{
	size_t length = strlen(type);

	for (const char *slash = strchr(below, '/'); slash; slash = strchr(slash + 1, '/'))
		if (!strncmp(slash + 1, type, length) && slash[1 + length] == '/')
			return true;
	return false;
}

static int take(struct search *search, const FTSENT *entry, const struct conf_path *path)
{
	const char *below = entry->fts_path + strlen(path->path);

	if (search->pattern ? fnmatch(search->pattern, entry->fts_name, 0)
			    : !is_module_file(entry->fts_name))
		return 0;
	if (search->type && strcmp(path->type, search->type) && !is_of_type(below, search->type))
		return 0;
	if (!(entry->fts_statp->st_mode & S_IRUSR) || words_contain(search->found, entry->fts_path))
		return 0;
	if (!search->conf->any_owner && !geteuid() && entry->fts_statp->st_uid) {
		tell_error(search->messages, "%s is not owned by root", entry->fts_path);
		return 0;
	}
	return words_add(search->found, entry->fts_path);
}

static int by_name(const FTSENT **left, const FTSENT **right)
{
	return strcmp((*left)->fts_name, (*right)->fts_name);
}

static bool is_done(const struct search *search)
{
	return search->first_only && search->found->count;
}

static int search_path(struct search *search, const struct conf_path *path)
{
	char *const roots[] = {path->path, NULL};
	FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	FTSENT *entry;
	int error = 0;

	if (!tree)
		return errno == ENOMEM ? -ENOMEM : 0;
	while (!error && !is_done(search) && (entry = fts_read(tree))) {
		/* hidden directories are somebody's leftovers, as ring3 build's */
		if (words_contain(&search->conf->prunes, entry->fts_name) ||
		    (entry->fts_level > 0 && *entry->fts_name == '.'))
			fts_set(tree, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_F)
			error = take(search, entry, path);
	}
	fts_close(tree);
	return error;
}

int conf_search(const struct conf *conf, const char *pattern, const char *type, bool first_only,
		struct words *found, struct messages *messages)
{
	struct search search = {.conf = conf,
				.pattern = pattern,
				.type = type,
				.first_only = first_only,
				.found = found,
				.messages = messages};
	int error = 0;

	for (size_t i = 0; i < conf->nr_paths && !error && !is_done(&search); i++)
		error = search_path(&search, &conf->paths[i]);
	return error;
}

char *conf_search_module(const struct conf *conf, const char *name, struct messages *messages)
{
	static const char *const endings[] = {".o", ".mod", ".o.gz", ""};
	struct words found = {};
	char file[512], *path = NULL;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]) && !found.count; i++) {
		snprintf(file, sizeof(file), "%s%s", name, endings[i]);
		if (conf_search(conf, file, NULL, true, &found, messages))
			break;
	}
	if (found.count)
		path = strdup(found.list[0]);
	words_release(&found);
	return path;
}
