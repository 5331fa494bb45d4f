// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wordexp.h>
#include "tools/kmod/buffer.h"
#include "tools/modutils/words.h"

int words_add(struct words *words, const char *text)
{
	char **grown = reallocarray(words->list, words->count + 2, sizeof(*grown));
	char *copy = strdup(text);

	if (grown)
		words->list = grown;
	if (!grown || !copy) {
		free(copy);
		return -ENOMEM;
	}
	words->list[words->count++] = copy;
	words->list[words->count] = NULL;
	return 0;
}

bool words_contain(const struct words *words, const char *text)
{
	for (size_t i = 0; i < words->count; i++)
		if (!strcmp(words->list[i], text))
			return true;
	return false;
}

void words_release(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->list[i]);
	free(words->list);
	*words = (struct words){};
}

/* `uname -r`, which depmod may have been told to answer otherwise. */
static char *put_release(const char *line, const char *release)
{
	const char *second = strchr(release, '.');
	size_t major = second ? (size_t)(second - release) + 1 + strcspn(second + 1, ".")
			      : strlen(release);
	struct buffer text = {};

	while (*line) {
		const char *end = *line == '`' ? strchr(line + 1, '`') : NULL;
		const char *command = line + 1;

		while (end && isspace((unsigned char)*command))
			command++;
		if (end && !strncmp(command, "uname -r", 8)) {
			buffer_add_text(&text, release);
			line = end + 1;
		} else if (end && !strncmp(command, "kernelversion", 13)) {
			buffer_add(&text, release, major);
			line = end + 1;
		} else {
			buffer_add_byte(&text, *line++);
		}
	}
	buffer_add_byte(&text, '\0');
	if (text.failed)
		buffer_release(&text);
	return text.data;
}

static int split(struct words *words, char *line)
{
	int error = 0;

	while (!error && *(line += strspn(line, " \t\n"))) {
		char *next = words_next(line);

		error = words_add(words, line);
		line = next;
	}
	return error;
}

int words_expand(struct words *words, const char *line, const char *release, bool runs_commands)
{
	char *text = put_release(line, release);
	wordexp_t found;
	int error = 0;

	if (!text)
		return -ENOMEM;
	switch (wordexp(text, &found, runs_commands ? 0 : WRDE_NOCMD)) {
	case 0:
		for (size_t i = 0; i < found.we_wordc && !error; i++)
			error = words_add(words, found.we_wordv[i]);
		wordfree(&found);
		break;
	case WRDE_NOSPACE:
		wordfree(&found);
		error = -ENOMEM;
		break;
	default:
		error = split(words, text);
	}
	free(text);
	return error;
}

char *words_next(char *line)
{
	char quote = 0;

	for (; *line && (quote || !isspace((unsigned char)*line)); line++) {
		if (quote && *line == '\\' && line[1] == quote)
			line++;
		else if (*line == quote)
			quote = 0;
		else if (!quote && strchr("\"'`", *line))
			quote = *line;
	}
	if (*line)
		*line++ = '\0';
	return line + strspn(line, " \t\n");
}
