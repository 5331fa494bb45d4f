// SPDX-License-Identifier: GPL-2.0-or-later
/* depmod.d(5). */
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/conf_files.h"
#include "tools/kmod/depmod.h"
#include "tools/kmod/kmod.h"
#include "tools/kmod/log.h"

/* Of two files of one name, the one in the earlier directory counts. */
static char *const usual_directories[] = {"/etc/depmod.d",           "/run/depmod.d",
					  "/usr/local/lib/depmod.d", "/usr/lib/depmod.d",
					  "/lib/depmod.d",           NULL};

#define BLANKS " \t"

/* A file being read. */
struct parser {
	struct depmod_config *config;
	const char *release;
	const char *path;
	unsigned int line;
};

static int add_search(struct depmod_config *config, const char *path)
{
	struct search **end = &config->searches, *search;

	search = calloc(1, sizeof(*search) + strlen(path) + 1);
	if (!search)
		return -ENOMEM;
	strcpy(search->path, path);
	if (!strcmp(path, "built-in"))
		search->kind = SEARCH_BUILTIN;
	else if (!strcmp(path, "external"))
		search->kind = SEARCH_EXTERNAL;
	while (*end)
		end = &(*end)->next;
	*end = search;
	return 0;
}

/* "first/second", or first alone. */
static int add_directive(struct directive **end, const char *first, const char *second)
{
	struct directive *directive;

	directive = calloc(1, sizeof(*directive) + strlen(first) + strlen(second) + 2);
	if (!directive)
		return -ENOMEM;
	strcpy(directive->path, first);
	if (*second) {
		strcat(directive->path, "/");
		strcat(directive->path, second);
	}
	while (*end)
		end = &(*end)->next;
	*end = directive;
	return 0;
}

/* "*", or an extended regular expression that matches somewhere. */
static bool matches_release(const char *pattern, const char *release)
{
	regex_t regex;
	bool matches;

	if (!strcmp(pattern, "*"))
		return true;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		return false;
	matches = !regexec(&regex, release, 0, NULL, 0);
	regfree(&regex);
	return matches;
}

static int bad_line(const struct parser *parser, const char *command)
{
	error("%s:%u: ignoring bad line starting with '%s'", parser->path, parser->line, command);
	return 0;
}

static int parse_override(struct parser *parser, char **rest)
{
	const char *module = strtok_r(NULL, BLANKS, rest);
	const char *release = strtok_r(NULL, BLANKS, rest);
	const char *directory = strtok_r(NULL, BLANKS, rest);

	if (!directory)
		return bad_line(parser, "override");
	if (!matches_release(release, parser->release)) {
		info("%s:%u: override kernel did not match %s", parser->path, parser->line,
		     release);
		return 0;
	}
	return add_directive(&parser->config->overrides, directory, module);
}

static int parse_external(struct parser *parser, char **rest)
{
	const char *release = strtok_r(NULL, BLANKS, rest);
	const char *directory = release ? strtok_r(NULL, BLANKS, rest) : NULL;
	char absolute[PATH_MAX];
	int error = 0;

	if (!directory)
		return bad_line(parser, "external");
	if (!matches_release(release, parser->release)) {
		info("%s:%u: external directory did not match %s", parser->path, parser->line,
		     release);
		return 0;
	}
	for (; directory && !error; directory = strtok_r(NULL, BLANKS, rest)) {
		if (kmod_absolute(directory, absolute))
			return bad_line(parser, "external");
		error = add_directive(&parser->config->externals, absolute, "");
	}
	return error;
}

static int parse_line(struct parser *parser, char *text)
{
	const char *command, *word;
	int error = 0;
	char *rest;

	if (*text == '#')
		return 0;
	command = strtok_r(text, BLANKS, &rest);
	if (!command)
		return 0;
	if (!strcmp(command, "override"))
		return parse_override(parser, &rest);
	if (!strcmp(command, "external"))
		return parse_external(parser, &rest);
	if (!strcmp(command, "search")) {
		while (!error && (word = strtok_r(NULL, BLANKS, &rest)))
			error = add_search(parser->config, word);
		return error;
	}
	if (!strcmp(command, "exclude")) {
		while (!error && (word = strtok_r(NULL, BLANKS, &rest)))
			error = add_directive(&parser->config->excludes, word, "");
		return error;
	}
	if (strcmp(command, "include") && strcmp(command, "make_map_files"))
		return bad_line(parser, command);
	info("%s:%u: command %s not implemented yet", parser->path, parser->line, command);
	return 0;
}

static int read_file(struct parser *parser)
{
	struct conf_reader reader = {.in = fopen(parser->path, "re")};
	int error;

	if (!reader.in) {
		error = -errno;
		error("file parse %s: %s", parser->path, strerror(-error));
		return error;
	}
	while ((error = conf_read_line(&reader)) > 0) {
		parser->line = reader.line;
		error = parse_line(parser, reader.text);
		if (error)
			break;
	}
	if (error == -EIO)
		error("file parse %s: %s", parser->path, strerror(EIO));
	free(reader.text);
	fclose(reader.in);
	return error;
}

int depmod_read_config(struct depmod_config *config, const struct depmod_options *options)
{
	char *const *paths = options->config ? options->config : usual_directories;
	struct conf_files files = {0};
	struct parser parser = {.config = config, .release = options->release};
	int error = 0;

	for (; *paths && !error; paths++)
		error = conf_files_list(&files, *paths);
	for (size_t i = 0; i < files.count && error != -ENOMEM; i++) {
		parser.path = files.list[i].path;
		error = read_file(&parser);
	}
	conf_files_release(&files);
	/* What cannot be read was told; kmod works on with the rest. */
	if (error != -ENOMEM)
		error = 0;
	if (!error && !config->searches) {
		error = add_search(config, "updates");
		if (!error)
			error = add_search(config, "built-in");
	}
	return error;
}

static void release_directives(struct directive *directive)
{
	struct directive *next;

	for (; directive; directive = next) {
		next = directive->next;
		free(directive);
	}
}

void depmod_release_config(struct depmod_config *config)
{
	struct search *search, *next;

	for (search = config->searches; search; search = next) {
		next = search->next;
		free(search);
	}
	release_directives(config->overrides);
	release_directives(config->externals);
	release_directives(config->excludes);
	*config = (struct depmod_config){0};
}
