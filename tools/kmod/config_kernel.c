// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel's command line has for modules: MODULE.PARAMETER=VALUE, modprobe.blacklist=. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/config.h"
#include "tools/kmod/name.h"

static int add_blacklist(struct config *config, char *names)
{
	char *name, normal[PATH_MAX];
	int error = 0;

	while (!error && (name = strsep(&names, ",")))
		if (*name && !name_of_alias(name, normal))
			error = config_add(config, CONFIG_BLACKLIST, normal, NULL, 0);
	return error;
}

/* "PARAMETER=VALUE" as options have it: a value with blanks in quotes. value may be NULL. */
static int add_options(struct config *config, const char *module, const char *parameter,
		       const char *value, bool was_quoted)
{
	const char *quote = value && was_quoted && strchr(value, ' ') && *value != '"' ? "\"" : "";
	char normal[PATH_MAX], *text;
	int error;

	if (name_of_alias(module, normal))
		return 0;
	if (asprintf(&text, "%s%s%s%s%s", parameter, value ? "=" : "", quote, value ? value : "",
		     quote) < 0)
		return -ENOMEM;
	error = config_add(config, CONFIG_OPTIONS, normal, text, 0);
	free(text);
	return error;
}

/* A word that has no '.' before its '=' is for others. */
static int parse_word(struct config *config, char *word)
{
	size_t length = strlen(word);
	bool is_quoted = length > 1 && *word == '"' && word[length - 1] == '"';
	char *parameter, *value;

	if (is_quoted) {
		word[length - 1] = '\0';
		word++;
	}
	value = strchr(word, '=');
	if (value)
		*value++ = '\0';
	parameter = strchr(word, '.');
	if (!parameter || parameter == word)
		return 0;
	*parameter++ = '\0';
	if (!*parameter || strchr(parameter, '.'))
		return 0; /* an address, or the like */
	if (value && !strcmp(word, "modprobe") && !strcmp(parameter, "blacklist"))
		return add_blacklist(config, value);
	return add_options(config, word, parameter, value, is_quoted);
}

/* Words end at blanks outside of double quotes, as the kernel reads them. */
int config_parse_kernel(struct config *config, char *text, const char *path)
{
	int error = config_begin_file(config, path);
	bool in_quotes = false;
	char *word = text;
	bool at_end;

	for (; !error; text++) {
		in_quotes ^= *text == '"';
		at_end = !*text || *text == '\n';
		if (!at_end && (in_quotes || *text != ' '))
			continue;
		*text = '\0';
		error = parse_word(config, word);
		if (at_end)
			break;
		word = text + 1;
	}
	return error;
}
