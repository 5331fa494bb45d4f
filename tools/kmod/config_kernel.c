// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel's command line has for modules: MODULE.PARAMETER=VALUE, modprobe.blacklist=. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/config.h"
#include "tools/kmod/log.h"
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

/* The names after "modprobe.blacklist=", which may stand in quotes. */
static int add_quoted_blacklist(struct config *config, char *names)
{
	if (*names == '"')
		names++;
	names[strcspn(names, "\"")] = '\0';
	return add_blacklist(config, names);
}

/* "PARAMETER=VALUE" as options have it; value may be NULL. */
static int add_options(struct config *config, const char *module, const char *parameter,
		       const char *value, const char *quote)
{
	char normal[PATH_MAX], *text;
	int error;

	if (name_of_alias(module, normal)) {
		error("Ignoring bad option on kernel command line while parsing module name: '%s'",
		      module);
		return 0;
	}
	if (asprintf(&text, "%s%s%s%s", parameter, value ? "=" : "", quote, value ? value : "") < 0)
		return -ENOMEM;
	error = config_add(config, CONFIG_OPTIONS, normal, text, 0);
	free(text);
	return error;
}

/* Where text's name ends, which has none of these in it; NULL: with the text. */
static char *end_of_name(char *text)
{
	return strpbrk(text, ".=\" \t");
}

/*
 * MODULE.PARAMETER, MODULE.PARAMETER=VALUE, the value or all of it in quotes;
 * a boot loader may move them: "MODULE.PARAMETER=VALUE". What looks otherwise
 * is not for modules.
 */
static int parse_word(struct config *config, char *word)
{
	const char *quote = "";
	char *parameter, *value;

	if (*word == '"') {
		/* the closing one stands behind the value */
		quote = "\"";
		word++;
	}
	parameter = end_of_name(word);
	if (!parameter || parameter == word || *parameter != '.')
		return 0;
	*parameter++ = '\0';
	value = end_of_name(parameter);
	if (value == parameter || !*parameter || (value && *value != '='))
		return 0;
	if (value)
		*value++ = '\0';
	if (value && !strcmp(word, "modprobe") && !strcmp(parameter, "blacklist"))
		return add_quoted_blacklist(config, value);
	return add_options(config, word, parameter, value, quote);
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
		if (!at_end && (in_quotes || !isspace((unsigned char)*text)))
			continue;
		*text = '\0';
		if (!in_quotes)
			error = parse_word(config, word);
		if (at_end)
			break;
		word = text + 1;
	}
	return error;
}
