// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
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

char **parameters_split(const char *text)
{
	size_t size = strlen(text) + 1, count = 0;
	/* at most each second byte is a blank */
	char **list = malloc((size / 2 + 2) * sizeof(*list) + size), *at;
	bool in_quotes = false, in_word = false;

	if (!list)
		return NULL;
	at = (char *)(list + size / 2 + 2);
	for (; *text; text++) {
		if (*text == ' ' && !in_quotes) {
			if (in_word)
				*at++ = '\0';
			in_word = false;
			continue;
		}
		if (!in_word)
			list[count++] = at;
		in_word = true;
		if (*text == '"')
			in_quotes = !in_quotes;
		else
			*at++ = *text;
	}
	*at = '\0';
	list[count] = NULL;
	return list;
}
