// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a release's headers, Linux's sources, our kernel code and the cache are. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "target/internal.h"

static bool is_headers(const char *path)
{
	char *file = format_path("%s/include/generated/utsrelease.h", path);
	bool found = file && !access(file, R_OK);

	free(file);
	return found;
}

/* #define UTS_RELEASE "6.1.0-56-amd64" */
static bool headers_are_of(const char *path, const char *release)
{
	char *file = format_path("%s/include/generated/utsrelease.h", path);
	char *quoted = format_path("\"%s\"", release);
	char *text = NULL;
	bool same = file && quoted && !read_file(file, &text, NULL) && strstr(text, quoted);

	free(file);
	free(quoted);
	free(text);
	return same;
}

static char *first_headers(char **candidates, unsigned int count)
{
	char *found = NULL;

	for (unsigned int i = 0; i < count; i++) {
		if (!found && candidates[i] && is_headers(candidates[i]))
			found = realpath(candidates[i], NULL);
		free(candidates[i]);
	}
	return found;
}

int locate_headers(struct target *target)
{
	const char *given = target->options.headers, *release = target->release;

	if (given) {
		char *candidates[] = {format_path("%s", given),
				      format_path("%s/linux-headers-%s", given, release),
				      format_path("%s/usr/src/linux-headers-%s", given, release)};

		target->headers = first_headers(candidates, 3);
		if (!target->headers)
			return r3_fail(-ENOENT,
				       "no kernel headers in %s (--headers): it should be the "
				       "directory of linux-headers-%s",
				       given, release);
		if (!headers_are_of(target->headers, release))
			return r3_fail(-ENOENT, "the headers in %s are not of Linux %s", given,
				       release);
		return 0;
	}
	char *candidates[] = {format_path("/lib/modules/%s/build", release),
			      format_path("/usr/src/linux-headers-%s", release)};

	target->headers = first_headers(candidates, 2);
	if (target->headers)
		return 0;
	return r3_fail(-ENOENT,
		       "Linux %s needs its headers: install the package linux-headers-%s, or name "
		       "them with --headers DIR",
		       release, release);
}

static bool is_source(const char *path)
{
	char *file = format_path("%s/lib/vsprintf.c", path);
	bool found = file && !access(file, R_OK);

	free(file);
	return found;
}

/* A tree or a tarball at path, or linux-source-VERSION(.tar.*) in that directory. */
static char *source_at(const char *path, const char *version)
{
	static const char *const suffixes[] = {"", ".tar.xz", ".tar.zst", ".tar.gz", ".tar"};
	struct stat st;

	if (stat(path, &st))
		return NULL;
	if (S_ISREG(st.st_mode) || is_source(path))
		return realpath(path, NULL);
	for (unsigned int i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char *inside = format_path("%s/linux-source-%s%s", path, version, suffixes[i]);
		char *found = NULL;

		if (inside && !stat(inside, &st) && (S_ISREG(st.st_mode) || is_source(inside)))
			found = realpath(inside, NULL);
		free(inside);
		if (found)
			return found;
	}
	return NULL;
}

int locate_source(struct target *target)
{
	const char *given = target->options.source;
	const char *dot = strchr(target->release, '.');
	int length = (int)strcspn(target->release, ".");
	char *version;

	if (target->source)
		return 0;
	if (dot)
		length += 1 + (int)strspn(dot + 1, "0123456789");
	version = format_path("%.*s", length, target->release);
	if (!version)
		return -ENOMEM;
	target->source = source_at(given ? given : "/usr/src", version);
	if (!target->source && given)
		r3_fail(-ENOENT, "no Linux %s sources in %s (--source)", version, given);
	else if (!target->source)
		r3_fail(-ENOENT,
			"Linux %s needs its sources: install the package linux-source-%s, or name "
			"a tree or tarball with --source",
			target->release, version);
	free(version);
	return target->source ? 0 : -ENOENT;
}

int locate_data(struct target *target)
{
	const char *given = getenv("RING3_DATA");
	const char *const places[] = {given ? given : R3_SOURCE_DATADIR, given ? NULL : R3_DATADIR};

	for (unsigned int i = 0; i < 2; i++) {
		char *file = NULL;
		bool found;

		if (!places[i])
			continue;
		file = format_path("%s/runtime/linux/library.list", places[i]);
		found = file && !access(file, R_OK);
		free(file);
		if (found) {
			target->data = realpath(places[i], NULL);
			return target->data ? 0 : -ENOMEM;
		}
	}
	return r3_fail(-ENOENT, "ring3's own kernel code is not in %s (RING3_DATA)",
		       given ? given : R3_DATADIR);
}

char *cache_directory(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct passwd *user;

	if (cache && *cache == '/')
		return format_path("%s/ring3", cache);
	if (!home || *home != '/') {
		user = getpwuid(getuid());
		home = user ? user->pw_dir : "/tmp";
	}
	return format_path("%s/.cache/ring3", home);
}

int locate_cache(struct target *target)
{
	target->cache = cache_directory();
	return target->cache ? 0 : -ENOMEM;
}
