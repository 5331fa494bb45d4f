// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/parameters.h"

char *parameters_join(char *const *arguments)
{
	const char *value;
	size_t size = 1;
	char *text, *at;

	for (char *const *argument = arguments; *argument; argument++)
		size += strlen(*argument) + strlen(" \"\"");
	text = malloc(size);
	if (!text)
		return NULL;
	*text = '\0';
	for (at = text; *arguments; arguments++) {
		if (at != text)
			*at++ = ' ';
		value = strchr(*arguments, '=');
		if (value && strchr(value, ' ') && !strchr("\"'", value[1])) {
			value++;
			at = mempcpy(at, *arguments, value - *arguments);
			*at++ = '"';
			at = stpcpy(at, value);
			at = stpcpy(at, "\"");
		} else {
			at = stpcpy(at, *arguments);
		}
	}
	return text;
}
