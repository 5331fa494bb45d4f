// SPDX-License-Identifier: GPL-2.0-or-later
/* What took long to find out about files, kept in the user's cache directory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "target/internal.h"

static char *kept_path(const char *kind, const char *key)
{
	char *cache = cache_directory(), *path = NULL, *directory = NULL;

	if (cache)
		directory = format_path("%s/%s", cache, kind);
	if (directory && !make_directories(directory))
		path = format_path("%s/%s", directory, key);
	free(directory);
	free(cache);
	return path;
}

void kept_key(const char *const *paths, size_t count, char key[KEPT_KEY])
{
	struct digest digest = {count, 0};

	for (size_t i = 0; i < count; i++)
		digest = digest_stat(digest, paths[i]);
	digest_text(digest, key);
}

int kept_read(const char *kind, const char *key, char **text)
{
	struct mapping mapping;
	char *path = kept_path(kind, key);
	int error;

	if (!path)
		return -ENOMEM;
	error = sealed_map(path, &mapping);
	free(path);
	if (error)
		return error;
	*text = malloc(mapping.size + 1);
	if (*text) {
		memcpy(*text, mapping.data, mapping.size);
		(*text)[mapping.size] = '\0';
	}
	mapping_close(&mapping);
	return *text ? 0 : -ENOMEM;
}

int kept_write(const char *kind, const char *key, const char *text)
{
	char *path = kept_path(kind, key);
	int error;

	if (!path)
		return -ENOMEM;
	error = sealed_write(path, text, strlen(text));
	free(path);
	return error;
}
