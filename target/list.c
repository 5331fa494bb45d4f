// SPDX-License-Identifier: GPL-2.0-or-later
/* library.list: which of Linux's sources may be members of the library, and how. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "target/internal.h"

static unsigned int version_code(const char *text)
{
	unsigned int major = 0, minor = 0;

	if (sscanf(text, "%u.%u", &major, &minor) < 1)
		return 0;
	return major << 16 | minor;
}

/* [6.1] [6.2-] [-6.5] [6.2-6.5]: does the release lie in it? Cuts it off the line. */
static bool in_range(char **line, const char *release)
{
	unsigned int version = version_code(release), low, high;
	char *range = *line, *end, *dash;

	if (*range != '[')
		return true;
	end = strchr(range, ']');
	if (!end)
		return false;
	*end = '\0';
	*line = end + 1 + strspn(end + 1, " \t");
	dash = strchr(range, '-');
	low = dash == range + 1 ? 0 : version_code(range + 1);
	high = dash ? (dash[1] ? version_code(dash + 1) : UINT32_MAX) : low;
	return version >= low && version <= high;
}

static void *grow(void *array, unsigned int count, size_t size)
{
	if (count & (count - 1))
		return array;
	return realloc(array, (count ? count * 2UL : 1UL) * size);
}

static int add_rule(struct library_list *list, struct list_rule rule)
{
	struct list_rule *rules = grow(list->rules, list->nr_rules, sizeof(rule));

	if (!rules)
		return -ENOMEM;
	list->rules = rules;
	rules[list->nr_rules++] = rule;
	return 0;
}

static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " \t");

	if (!*word)
		return NULL;
	*at = word + strcspn(word, " \t");
	if (**at)
		*(*at)++ = '\0';
	return word;
}

/* "member PATTERN...", "except PATTERN..." */
static int parse_patterns(struct library_list *list, char *line, bool exclude)
{
	int error = 0;
	char *word;

	while (!error && (word = next_word(&line)))
		error = add_rule(list, (struct list_rule){.pattern = word, .exclude = exclude});
	return error;
}

/* "extra FILE [prelude=FILE] [flags=...]": a file that Kbuild itself includes in another one. */
static int parse_extra(struct library_list *list, char *line, bool forced)
{
	struct list_rule rule = {.pattern = next_word(&line), .forced = forced};

	if (!rule.pattern)
		return -EINVAL;
	for (line += strspn(line, " \t"); *line; line += strspn(line, " \t")) {
		if (!strncmp(line, "flags=", 6)) {
			rule.flags = line + 6;
			break;
		}
		if (strncmp(line, "prelude=", 8))
			return -EINVAL;
		rule.prelude = next_word(&line) + 8;
	}
	return add_rule(list, rule);
}

static int parse_group(struct list_group **array, unsigned int *count, char *line)
{
	struct list_group *groups = grow(*array, *count, sizeof(*groups));
	struct list_group *group;
	char *word, **names;

	if (!groups)
		return -ENOMEM;
	*array = groups;
	group = &groups[(*count)++];
	*group = (struct list_group){0};
	while ((word = next_word(&line))) {
		names = grow(group->names, group->count, sizeof(*names));
		if (!names)
			return -ENOMEM;
		group->names = names;
		names[group->count++] = word;
	}
	return 0;
}

/* "function SYMBOL FILE", "variable SYMBOL FILE": what the scanner cannot see */
static int parse_alias(struct library_list *list, char *line, bool data)
{
	struct list_alias *aliases = grow(list->aliases, list->nr_aliases, sizeof(*aliases));
	struct list_alias alias = {.data = data};

	if (!aliases)
		return -ENOMEM;
	list->aliases = aliases;
	alias.symbol = next_word(&line);
	alias.file = next_word(&line);
	if (!alias.file)
		return -EINVAL;
	aliases[list->nr_aliases++] = alias;
	return 0;
}

static int parse_unpack(struct library_list *list, char *line)
{
	const char **unpack;
	char *word;

	while ((word = next_word(&line))) {
		unpack = grow(list->unpack, list->nr_unpack, sizeof(*unpack));
		if (!unpack)
			return -ENOMEM;
		list->unpack = unpack;
		unpack[list->nr_unpack++] = word;
	}
	return 0;
}

static int parse_line(struct library_list *list, char *line)
{
	char *keyword = next_word(&line);

	if (!strcmp(keyword, "member"))
		return parse_patterns(list, line, false);
	if (!strcmp(keyword, "except"))
		return parse_patterns(list, line, true);
	if (!strcmp(keyword, "extra"))
		return parse_extra(list, line, true);
	if (!strcmp(keyword, "adjust"))
		return parse_extra(list, line, false);
	if (!strcmp(keyword, "group"))
		return parse_group(&list->groups, &list->nr_groups, line);
	if (!strcmp(keyword, "with"))
		return parse_group(&list->withs, &list->nr_withs, line);
	if (!strcmp(keyword, "function"))
		return parse_alias(list, line, false);
	if (!strcmp(keyword, "variable"))
		return parse_alias(list, line, true);
	if (!strcmp(keyword, "unpack"))
		return parse_unpack(list, line);
	return -EINVAL;
}

/*
 * Lines that begin with a tab are makefile rules for the member above them.
 * They are moved together, ended by a NUL; returns where parsing goes on.
 */
static char *take_rules(struct library_list *list, char *start, bool wanted)
{
	char *from = start, *to = start;

	while (*from == '\t') {
		size_t length = strcspn(from, "\n");

		memmove(to, from + 1, length - 1);
		to += length - 1;
		from += length;
		*to++ = '\n';
		from += *from == '\n';
	}
	if (to == start)
		return start;
	to[-1] = '\0';
	if (wanted && list->nr_rules)
		list->rules[list->nr_rules - 1].generate = start;
	return from;
}

int list_read(struct library_list *list, const char *path, const char *release)
{
	int error = read_file(path, &list->text, NULL);
	unsigned int number = 1;
	char *at, *line, *end;
	bool wanted = false;

	if (error)
		return r3_fail(error, "cannot read %s: %s", path, strerror(-error));
	for (at = list->text; *at && !error; number++) {
		if (*at == '\t') {
			at = take_rules(list, at, wanted);
			continue;
		}
		line = at;
		end = at + strcspn(at, "\n");
		at = end + !!*end;
		*end = '\0';
		line[strcspn(line, "#")] = '\0';
		for (end = line + strlen(line); end > line && (end[-1] == ' ' || end[-1] == '\t');)
			*--end = '\0';
		wanted = in_range(&line, release);
		if (*line && wanted)
			error = parse_line(list, line);
	}
	if (error)
		r3_fail(error, "%s: line %u is not understood", path, number - 1);
	return error;
}

void list_release(struct library_list *list)
{
	for (unsigned int i = 0; i < list->nr_groups; i++)
		free(list->groups[i].names);
	for (unsigned int i = 0; i < list->nr_withs; i++)
		free(list->withs[i].names);
	free(list->groups);
	free(list->withs);
	free(list->rules);
	free(list->aliases);
	free(list->unpack);
	free(list->text);
	*list = (struct library_list){0};
}

const struct list_rule *list_find(const struct library_list *list, const char *path)
{
	for (unsigned int i = list->nr_rules; i-- > 0;) {
		if (!fnmatch(list->rules[i].pattern, path, FNM_PATHNAME))
			return &list->rules[i];
	}
	return NULL;
}
