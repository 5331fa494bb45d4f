// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Debian's header packages name each other by absolute paths: the Makefile of
 * linux-headers-RELEASE includes /usr/src/linux-headers-...-common, and scripts/
 * links to linux-kbuild. Where they were unpacked elsewhere than in /, Kbuild
 * gets a directory of links that leads to the right places.
 */
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "target/internal.h"

/* The path in "include PATH" of the Makefile, malloc'd; NULL: a tree of its own. */
static char *included_makefile(const char *headers)
{
	char *path = format_path("%s/Makefile", headers), *text = NULL, *result = NULL, *at;

	if (path && !read_file(path, &text, NULL)) {
		for (at = text; at && *at; at = strchr(at, '\n')) {
			at += strspn(at, "\n \t");
			if (!strncmp(at, "include /", 9)) {
				result = format_path("%.*s", (int)strcspn(at + 8, " \t\n"), at + 8);
				break;
			}
			if (*at && *at != '#')
				break;
		}
	}
	free(path);
	free(text);
	return result;
}

/* linux-kbuild-X.Y, which headers/scripts links into. */
static char *find_kbuild(const char *headers)
{
	char *link = format_path("%s/scripts", headers), *candidates[4] = {0}, *found = NULL;
	char text[PATH_MAX];
	ssize_t length;
	char *name;

	if (!link)
		return NULL;
	length = readlink(link, text, sizeof(text) - 1);
	if (length > 0) {
		text[length] = '\0';
		name = basename(dirname(text));
		candidates[0] = format_path("%s/..", link);
		candidates[1] = format_path("%s/../../lib/%s", headers, name);
		candidates[2] = format_path("%s/../%s", headers, name);
		candidates[3] = format_path("/usr/lib/%s", name);
	}
	/* "scripts/.." is the directory that the link's target is in */
	for (unsigned int i = 0; i < 4; i++) {
		char *probe = candidates[i]
				      ? format_path("%s/scripts/Makefile.build", candidates[i])
				      : NULL;

		if (!found && probe && !access(probe, R_OK))
			found = realpath(candidates[i], NULL);
		free(probe);
		free(candidates[i]);
	}
	free(link);
	return found;
}

/* The directory of the included Makefile: beside the headers, or where it says. */
static char *find_common(const char *headers, const char *included)
{
	char *copy = strdup(included), *path = copy ? dirname(copy) : NULL, *beside = NULL;

	if (path)
		beside = format_path("%s/../%s", headers, strrchr(path, '/') + 1);
	if (beside && access(beside, R_OK)) {
		free(beside);
		beside = access(path, R_OK) ? NULL : strdup(path);
	}
	free(copy);
	return beside;
}

static int link_entries(const char *from, const char *to)
{
	DIR *dir = opendir(from);
	struct dirent *entry;
	int error = 0;

	if (!dir)
		return -errno;
	while (!error && (entry = readdir(dir))) {
		char *source, *name;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (!strcmp(entry->d_name, "scripts") || !strcmp(entry->d_name, "tools"))
			continue;
		source = format_path("%s/%s", from, entry->d_name);
		name = format_path("%s/%s", to, entry->d_name);
		if (!source || !name || (symlink(source, name) && errno != EEXIST))
			error = -errno;
		free(source);
		free(name);
	}
	closedir(dir);
	return error;
}

static int link_kbuild(const char *kbuild, const char *to)
{
	static const char *const names[] = {"scripts", "tools"};
	int error = 0;

	for (unsigned int i = 0; i < 2 && !error; i++) {
		char *source = format_path("%s/%s", kbuild, names[i]);
		char *name = format_path("%s/%s", to, names[i]);

		if (!source || !name || (symlink(source, name) && errno != EEXIST))
			error = -errno;
		free(source);
		free(name);
	}
	return error;
}

static int write_makefile(const char *objects, const char *common)
{
	char *path = format_path("%s/Makefile", objects);
	FILE *file;
	int error = 0;

	if (!path)
		return -ENOMEM;
	unlink(path);
	file = fopen(path, "we");
	if (!file || fprintf(file, "include %s/Makefile\n", common) < 0)
		error = -EIO;
	if (file && fclose(file))
		error = -EIO;
	free(path);
	return error;
}

static int build_links(struct target *target, const char *common, const char *kbuild)
{
	char *objects = format_path("%s/tree/obj", target->directory);
	char *sources = format_path("%s/tree/common", target->directory);
	char *stamp = format_path("%s/tree/obj/Makefile", target->directory);
	int error = -ENOMEM;

	if (!objects || !sources || !stamp)
		goto out;
	error = 0;
	if (!access(stamp, R_OK))
		goto found;
	error = make_directories(objects);
	if (!error)
		error = make_directories(sources);
	if (!error)
		error = link_entries(target->headers, objects);
	if (!error)
		error = link_entries(common, sources);
	if (!error)
		error = link_kbuild(kbuild, objects);
	if (!error)
		error = link_kbuild(kbuild, sources);
	if (!error)
		error = write_makefile(objects, sources);
found:
	if (!error) {
		target->tree = objects;
		objects = NULL;
	}
out:
	free(stamp);
	free(objects);
	free(sources);
	return error;
}

int tree_prepare(struct target *target)
{
	char *included = included_makefile(target->headers), *common = NULL, *kbuild = NULL;
	char *probe = format_path("%s/scripts/Makefile.build", target->headers);
	int error;

	if (!included || (!access(included, R_OK) && probe && !access(probe, R_OK))) {
		target->tree = strdup(target->headers);
		error = target->tree ? 0 : -ENOMEM;
		goto out;
	}
	common = find_common(target->headers, included);
	if (!common) {
		error = r3_fail(-ENOENT,
				"the headers in %s need %s beside them: install or unpack the "
				"package of that name",
				target->headers, basename(dirname(included)));
		goto out;
	}
	kbuild = find_kbuild(target->headers);
	if (!kbuild) {
		error = r3_fail(-ENOENT,
				"the headers in %s need the package linux-kbuild of their version",
				target->headers);
		goto out;
	}
	error = build_links(target, common, kbuild);
	if (error)
		r3_fail(error, "cannot prepare the headers of %s in %s: %s", target->release,
			target->directory, strerror(-error));
out:
	free(included);
	free(common);
	free(kbuild);
	free(probe);
	return error;
}
