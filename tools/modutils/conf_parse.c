// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of modules.conf (modules.conf(5) of modutils). */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tools/kmod/buffer.h"
#include "tools/modutils/conf.h"

#define MAX_LEVEL    20
#define MAX_INCLUDES 20

/* Of an if: its lines count, they do not yet, others of it did. */
enum branch { BRANCH_SKIPPED, BRANCH_TAKEN, BRANCH_DONE };

struct parser {
	struct conf *conf;
	struct messages *messages;
	const char *path;
	FILE *in;
	unsigned int line, depth;
	enum branch branches[MAX_LEVEL + 1];
	unsigned int level;
	bool keeps_paths; /* a path adds to those that there are */
};

static int parse_file(struct parser *parser);

/* A line up to a comment, with those that it goes on in. 1, 0 at the end, -ENOMEM. */
static int read_line(struct parser *parser, char **line)
{
	struct buffer text = {};
	size_t room = 0, length;
	char *part = NULL, *start;
	bool goes_on = true, found = false;

	while (goes_on && getline(&part, &room, parser->in) >= 0) {
		found = true;
		parser->line++;
		start = part;
		start[strcspn(start, "#")] = '\0';
		length = strlen(start);
		while (length && isspace((unsigned char)start[length - 1]))
			start[--length] = '\0';
		goes_on = length && start[length - 1] == '\\';
		if (goes_on)
			start[--length] = '\0';
		if (text.size) { /* blanks before what follows are one */
			size_t blanks = strspn(start, " \t");

			buffer_add(&text, " ", blanks ? 1 : 0);
			start += blanks;
		}
		buffer_add_text(&text, start);
	}
	free(part);
	buffer_add_byte(&text, '\0');
	*line = text.data;
	if (!text.failed && found)
		return 1;
	buffer_release(&text);
	return text.failed ? -ENOMEM : 0;
}

static int expand(struct parser *parser, const char *text, struct words *words)
{
	return words_expand(words, text, parser->conf->release, parser->conf->runs_commands);
}

/* The first word that text becomes; owned by the caller; NULL: none, or no memory. */
static char *expand_one(struct parser *parser, const char *text)
{
	struct words words = {};
	char *first = NULL;

	if (!expand(parser, text, &words) && words.count)
		first = strdup(words.list[0]);
	words_release(&words);
	return first;
}

/* "KEYWORD NAME WORDS"; a later line of a name replaces an earlier one, unless it says add. */
static int take_entry(struct parser *parser, enum conf_list list, char *name, bool is_adding)
{
	struct conf *conf = parser->conf;
	struct conf_entry *entry, *grown;
	char *words = words_next(name);
	bool stays = list == CONF_OPTIONS && !strcmp(name, "-k");

	if (stays) {
		name = words;
		words = words_next(name);
	}
	entry = (struct conf_entry *)conf_find(conf, list, name);
	if (!entry) {
		grown = reallocarray(conf->lists[list].entries, conf->lists[list].count + 1,
				     sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		conf->lists[list].entries = grown;
		entry = &grown[conf->lists[list].count];
		*entry = (struct conf_entry){.name = strdup(name)};
		if (!entry->name)
			return -ENOMEM;
		conf->lists[list].count++;
	} else if (!is_adding || list == CONF_ALIAS) {
		words_release(&entry->words);
	}
	entry->stays |= stays;
	return expand(parser, words, &entry->words);
}

static int take_command(struct parser *parser, enum conf_when when, char *module)
{
	struct conf *conf = parser->conf;
	const char *command = words_next(module);
	struct conf_command *grown =
		reallocarray(conf->commands, conf->nr_commands + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	conf->commands = grown;
	grown[conf->nr_commands] = (struct conf_command){
		.when = when, .module = strdup(module), .command = strdup(command)};
	conf->nr_commands++;
	return grown[conf->nr_commands - 1].module && grown[conf->nr_commands - 1].command
		       ? 0
		       : -ENOMEM;
}

/* path[TYPE]=PATTERN */
static int take_path(struct parser *parser, char *type, const char *value)
{
	struct conf *conf = parser->conf;
	struct words words = {};
	int error = expand(parser, value, &words);

	type[strcspn(type, "]")] = '\0';
	if (!parser->keeps_paths) {
		for (size_t i = 0; i < conf->nr_paths; i++) {
			free(conf->paths[i].type);
			free(conf->paths[i].path);
		}
		conf->nr_paths = 0;
		parser->keeps_paths = true;
	}
	for (size_t i = 0; i < words.count && !error; i++)
		error = conf_add_path(conf, *type == '[' ? type + 1 : "misc", words.list[i]);
	words_release(&words);
	return error;
}

static int take_include(struct parser *parser, const char *file)
{
	struct parser included = {.conf = parser->conf,
				  .messages = parser->messages,
				  .depth = parser->depth + 1,
				  .keeps_paths = parser->keeps_paths};
	int error = -ENOENT;

	included.path = file;
	if (included.depth <= MAX_INCLUDES)
		included.in = fopen(file, "re");
	if (included.in) {
		error = parse_file(&included);
		fclose(included.in);
	}
	if (error)
		tell_error(parser->messages, "include %s failed", file);
	return error;
}

/* define NAME WORD */
static int take_define(struct parser *parser, char *name)
{
	char *value = expand_one(parser, words_next(name));
	int error = setenv(name, value ? value : "", 1) ? -EINVAL : 0;

	free(value);
	return error;
}

static int take_text(char **place, const char *value)
{
	free(*place);
	*place = strdup(value);
	return *place ? 0 : -ENOMEM;
}

static int take_file(struct parser *parser, char **place, const char *value)
{
	char *file = expand_one(parser, value);
	int error = 0;

	if (!file)
		return -EINVAL;
	free(*place);
	if (asprintf(place, "%s%s", parser->conf->root, file) < 0) {
		*place = NULL;
		error = -ENOMEM;
	}
	free(file);
	return error;
}

/* NAME=VALUE. -EINVAL: there is no such name. */
static int take_assignment(struct parser *parser, char *name, const char *value)
{
	/* what depmod writes beside modules.dep, and rmmod -e: left out here */
	static const char *const ignored[] = {
		"generic_stringfile", "isapnpmapfile",  "usbmapfile", "parportmapfile",
		"ieee1394mapfile",    "pnpbiosmapfile", "persistdir"};

	if (!strncmp(name, "path", 4) && (!name[4] || name[4] == '['))
		return take_path(parser, name + 4, value);
	if (!strcmp(name, "insmod_opt"))
		return take_text(&parser->conf->insmod_options, value);
	if (!strcmp(name, "depfile"))
		return take_file(parser, &parser->conf->depfile, value);
	if (!strcmp(name, "pcimapfile"))
		return take_file(parser, &parser->conf->pcimapfile, value);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (!strcmp(name, ignored[i]))
			return 0;
	return -EINVAL;
}

/* KEYWORD REST. -EINVAL: there is no such keyword. */
static int take_keyword(struct parser *parser, const char *keyword, char *rest, bool is_adding)
{
	if (!strcmp(keyword, "define"))
		return take_define(parser, rest);
	if (!strcmp(keyword, "include"))
		return take_include(parser, rest);
	if (!strcmp(keyword, "keep")) {
		parser->keeps_paths = true;
		return 0;
	}
	if (!strcmp(keyword, "prune"))
		return expand(parser, rest, &parser->conf->prunes);
	for (int list = 0; list < NR_CONF_LISTS; list++)
		if (!strcmp(keyword, conf_list_names[list]))
			return parser->conf->paths_only ? 0
							: take_entry(parser, list, rest, is_adding);
	for (int when = 0; when < NR_CONF_WHEN; when++)
		if (!strcmp(keyword, conf_when_names[when]))
			return parser->conf->paths_only ? 0 : take_command(parser, when, rest);
	return -EINVAL;
}

static bool compare(const char *left, const char *operation, const char *right, bool is_numeric)
{
	long first = strtol(left, NULL, 0), second = strtol(right, NULL, 0);
	int order = is_numeric ? (first > second) - (first < second) : strcmp(left, right);

	if (!strcmp(operation, "==") || !strcmp(operation, "="))
		return !order;
	if (!strcmp(operation, "!="))
		return order;
	if (!strcmp(operation, ">="))
		return order >= 0;
	if (!strcmp(operation, "<="))
		return order <= 0;
	if (!strcmp(operation, ">"))
		return order > 0;
	return !strcmp(operation, "<") && order < 0;
}

/* [!] -k | -f FILE | [-n] WORD OPERATION WORD | WORD */
static bool is_true(struct parser *parser, char *text)
{
	bool is_inverted = *text == '!', is_numeric = false, result;
	char *operation, *left, *right;

	if (is_inverted)
		text = words_next(text);
	if (!strncmp(text, "-k", 2))
		return parser->conf->is_autoclean != is_inverted;
	if (!strncmp(text, "-f", 2))
		return !access(words_next(text), R_OK) != is_inverted;
	if (!strncmp(text, "-n", 2)) {
		is_numeric = true;
		text = words_next(text);
	}
	operation = words_next(text);
	left = expand_one(parser, text);
	if (*operation) {
		char *second = words_next(operation);

		right = expand_one(parser, second);
		result = compare(left ? left : "", operation, right ? right : "", is_numeric);
		free(right);
	} else {
		result = left && *left && strcmp(left, "0") && strcmp(left, "false");
	}
	free(left);
	return result != is_inverted;
}

/* if, elseif, else and endif. 1: it was none of them; -EINVAL after a message. */
static int take_condition(struct parser *parser, const char *keyword, char *rest)
{
	enum branch *branch = &parser->branches[parser->level];
	bool is_if = !strcmp(keyword, "if");

	if (!is_if && strcmp(keyword, "elseif") && strcmp(keyword, "else") &&
	    strcmp(keyword, "endif"))
		return 1;
	if (!is_if && !parser->level) {
		tell_error(parser->messages, "%s %s in line %d",
			   strcmp(keyword, "endif") ? keyword : "unmatched",
			   strcmp(keyword, "endif") ? "without if" : keyword, parser->line);
		return -EINVAL;
	}
	if (is_if && parser->level == MAX_LEVEL) {
		tell_error(parser->messages, "Too many nested if's in line %d", parser->line);
		return -EINVAL;
	}
	if (is_if) {
		/* inside of lines that do not count, none does */
		bool counts = *branch == BRANCH_TAKEN;

		parser->branches[++parser->level] = !counts                 ? BRANCH_DONE
						    : is_true(parser, rest) ? BRANCH_TAKEN
									    : BRANCH_SKIPPED;
	} else if (!strcmp(keyword, "endif")) {
		parser->level--;
	} else if (*branch != BRANCH_SKIPPED) {
		*branch = BRANCH_DONE;
	} else if (!strcmp(keyword, "else") || is_true(parser, rest)) {
		*branch = BRANCH_TAKEN;
	}
	return 0;
}

/* One line, which may be changed. -EINVAL: it was wrong, which was told; -ENOMEM. */
static int parse_line(struct parser *parser, char *line)
{
	char *whole = strdup(line), *keyword = line + strspn(line, " \t"), *rest;
	bool is_adding = !strncmp(keyword, "add", 3) && isspace((unsigned char)keyword[3]);
	bool is_assignment;
	int error;

	if (!whole)
		return -ENOMEM;
	if (is_adding)
		keyword += 3 + strspn(keyword + 3, " \t");
	rest = keyword;
	while ((unsigned char)*rest > ' ' && *rest != '=')
		rest++;
	is_assignment = *rest == '=';
	if (*rest)
		*rest++ = '\0';
	rest += strspn(rest, " \t");
	error = is_assignment ? 1 : take_condition(parser, keyword, rest);
	if (error == 1) {
		if (!*keyword || parser->branches[parser->level] != BRANCH_TAKEN)
			error = 0;
		else if (is_assignment)
			error = take_assignment(parser, keyword, rest);
		else
			error = take_keyword(parser, keyword, rest, is_adding);
		if (error == -EINVAL && !parser->conf->paths_only)
			tell_error(parser->messages, "Invalid line %d in %s\n\t%s", parser->line,
				   parser->path, whole);
		if (error == -EINVAL && parser->conf->paths_only)
			error = 0;
	}
	free(whole);
	return error;
}

static int parse_file(struct parser *parser)
{
	int result = 0, error, more;
	char *line;

	parser->branches[0] = BRANCH_TAKEN;
	while ((more = read_line(parser, &line)) > 0) {
		error = parse_line(parser, line);
		free(line);
		if (error)
			result = error;
		if (error == -ENOMEM)
			return error;
	}
	if (parser->level) {
		tell_error(parser->messages, "missing endif at %s EOF", parser->path);
		result = -EINVAL;
	}
	return more < 0 ? more : result;
}

int conf_parse(struct conf *conf, const char *path, FILE *in, struct messages *messages)
{
	struct parser parser = {.conf = conf, .messages = messages, .path = path, .in = in};

	return parse_file(&parser);
}
