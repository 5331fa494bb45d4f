// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include "box/cmdline.h"

const char *cmdline_find(const struct r3_box *box, const char *name)
{
	const char *word = box->options.cmdline, *found = NULL;
	size_t length = strlen(name);

	while (word && *(word += strspn(word, " "))) {
		size_t size = strcspn(word, " ");

		if (size >= length && !strncmp(word, name, length) &&
		    (size == length || word[length] == '='))
			found = word + length + (size > length);
		word += size;
	}
	return found;
}
