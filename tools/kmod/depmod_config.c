// SPDX-License-Identifier: GPL-2.0-or-later
/* depmod.d(5). */
#include <dirent.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/log.h"

/* Of two files of one name, the one in the earlier directory counts. */
static char *const usual_directories[] = {"/etc/depmod.d",           "/run/depmod.d",
					  "/usr/local/lib/depmod.d", "/usr/lib/depmod.d",
					  "/lib/depmod.d",           NULL};

#define CONFIG_ENDING ".conf"
#define BLANKS        " \t"

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
	int error = 0;

	if (!directory)
		return bad_line(parser, "external");
	if (!matches_release(release, parser->release)) {
		info("%s:%u: external directory did not match %s", parser->path, parser->line,
		     release);
		return 0;
	}
	for (; directory && !error; directory = strtok_r(NULL, BLANKS, rest))
		error = add_directive(&parser->config->externals, directory, "");
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

/* A logical line: those that end in a backslash go on in the next. 0: end of file. */
static int read_line(FILE *file, char **line, size_t *capacity, unsigned int *number)
{
	size_t length = 0, room;
	char *part = NULL, *grown;
	ssize_t got;
	int taken = 0;

	for (room = 0; (got = getline(&part, &room, file)) >= 0; length--) {
		taken = 1;
		++*number;
		if (got && part[got - 1] == '\n')
			part[--got] = '\0';
		if (*capacity < length + got + 1) {
			grown = realloc(*line, length + got + 1);
			if (!grown) {
				free(part);
				return -ENOMEM;
			}
			*line = grown;
			*capacity = length + got + 1;
		}
		memcpy(*line + length, part, got + 1);
		length += got;
		if (!length || (*line)[length - 1] != '\\')
			break;
		(*line)[length - 1] = '\0';
	}
	free(part);
	return taken;
}

static int read_file(struct parser *parser)
{
	FILE *file = fopen(parser->path, "re");
	size_t capacity = 0;
	char *line = NULL;
	int error;

	if (!file) {
		error = -errno;
		error("file parse %s: %s", parser->path, strerror(-error));
		return error;
	}
	parser->line = 0;
	while ((error = read_line(file, &line, &capacity, &parser->line)) > 0) {
		error = parse_line(parser, line);
		if (error)
			break;
	}
	free(line);
	fclose(file);
	return error;
}

/* A configuration file: name in directory, or directory alone is the file's path. */
struct config_file {
	char *path; /* owned */
	const char *name;
};
struct config_files {
	struct config_file *files;
	size_t count;
};

static int add_file(struct config_files *files, const char *directory, const char *name)
{
	struct config_file *grown;
	char *path;

	for (size_t i = 0; i < files->count; i++) {
		if (!strcmp(files->files[i].name, name ? name : directory)) {
			debug("Ignoring duplicate config file: %s/%s", directory, name);
			return 0;
		}
	}
	grown = reallocarray(files->files, files->count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	files->files = grown;
	if (name ? asprintf(&path, "%s/%s", directory, name) < 0 : !(path = strdup(directory)))
		return -ENOMEM;
	grown[files->count].path = path;
	grown[files->count++].name = name ? path + strlen(directory) + 1 : path;
	return 0;
}

static bool is_config_name(const char *name)
{
	size_t length = strlen(name), ending = strlen(CONFIG_ENDING);

	return name[0] != '.' && length > ending && !strcmp(name + length - ending, CONFIG_ENDING);
}

static int list_directory(struct config_files *files, const char *directory)
{
	DIR *handle = opendir(directory);
	const struct dirent *entry;
	struct stat status;
	int error = 0;

	if (!handle) {
		error = -errno;
		error("files list %s: %s", directory, strerror(-error));
		return error;
	}
	while (!error && (entry = readdir(handle))) {
		if (entry->d_name[0] == '.')
			continue;
		if (!is_config_name(entry->d_name)) {
			info("All cfg files need .conf: %s/%s", directory, entry->d_name);
			continue;
		}
		if (!fstatat(dirfd(handle), entry->d_name, &status, 0) && S_ISDIR(status.st_mode)) {
			error("Directories inside directories are not supported: %s/%s", directory,
			      entry->d_name);
			continue;
		}
		error = add_file(files, directory, entry->d_name);
	}
	closedir(handle);
	return error;
}

static int list_path(struct config_files *files, const char *path)
{
	struct stat status;
	int error = 0;

	if (stat(path, &status)) {
		error = -errno;
		debug("could not stat '%s': %s", path, strerror(-error));
		return error == -ENOENT ? 0 : error;
	}
	return S_ISDIR(status.st_mode) ? list_directory(files, path) : add_file(files, path, NULL);
}

static int compare_files(const void *left, const void *right)
{
	const struct config_file *a = left, *b = right;

	return strcmp(a->name, b->name);
}

int depmod_read_config(struct depmod_config *config, const struct depmod_options *options)
{
	char *const *paths = options->config ? options->config : usual_directories;
	struct config_files files = {0};
	struct parser parser = {.config = config, .release = options->release};
	int error = 0;

	for (; *paths && error != -ENOMEM; paths++)
		error = list_path(&files, *paths);
	if (error != -ENOMEM && files.count)
		qsort(files.files, files.count, sizeof(*files.files), compare_files);
	for (size_t i = 0; i < files.count; i++) {
		parser.path = files.files[i].path;
		if (error != -ENOMEM)
			error = read_file(&parser);
		free(files.files[i].path);
	}
	free(files.files);
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
