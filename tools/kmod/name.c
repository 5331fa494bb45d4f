// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include "tools/kmod/name.h"

void name_normalize(const char *from, char name[PATH_MAX])
{
	size_t i;

	for (i = 0; from[i] && from[i] != '.' && i < PATH_MAX - 1; i++)
		name[i] = from[i] == '-' ? '_' : from[i];
	name[i] = '\0';
}

void name_from_path(const char *path, char name[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	name_normalize(slash ? slash + 1 : path, name);
}

int name_of_alias(const char *alias, char name[PATH_MAX])
{
	bool in_brackets = false;
	size_t i;

	for (i = 0; alias[i]; i++) {
		if (i == PATH_MAX - 1)
			return -ENAMETOOLONG;
		name[i] = alias[i];
		if (in_brackets) {
			in_brackets = alias[i] != ']';
			continue;
		}
		if (alias[i] == ']')
			return -EINVAL;
		in_brackets = alias[i] == '[';
		if (alias[i] == '-')
			name[i] = '_';
	}
	name[i] = '\0';
	return in_brackets ? -EINVAL : 0;
}

bool name_is_module_file(const char *path)
{
	static const char *const endings[] = {".ko", ".ko.gz", ".ko.xz", ".ko.zst"};
	size_t length = strlen(path), ending;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		ending = strlen(endings[i]);
		if (length > ending && !strcmp(path + length - ending, endings[i]))
			return true;
	}
	return false;
}
