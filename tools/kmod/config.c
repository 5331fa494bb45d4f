// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/buffer.h"
#include "tools/kmod/conf_files.h"
#include "tools/kmod/config.h"
#include "tools/kmod/log.h"
#include "tools/kmod/name.h"

#define BLANKS    " \t"
#define WORD_ENDS BLANKS "\n\r\f\v"

static char *const usual_paths[] = {"/etc/modprobe.d",           "/run/modprobe.d",
				    "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
				    "/lib/modprobe.d",           NULL};
static const char kernel_path[] = "/proc/cmdline";
/* What softdep's parts begin with. */
static const char *const parts[] = {"pre:", "post:"};
#define NR_PARTS (sizeof(parts) / sizeof(parts[0]))

const char *const config_directives[NR_CONFIG_KINDS] = {
	[CONFIG_BLACKLIST] = "blacklist", [CONFIG_FORBID] = "forbid",
	[CONFIG_INSTALL] = "install",     [CONFIG_REMOVE] = "remove",
	[CONFIG_ALIAS] = "alias",         [CONFIG_OPTIONS] = "options",
	[CONFIG_SOFTDEP] = "softdep",     [CONFIG_WEAKDEP] = "weakdep",
};

int config_begin_file(struct config *config, const char *path)
{
	struct config_file *file = malloc(sizeof(*file) + strlen(path) + 1);

	if (!file)
		return -ENOMEM;
	strcpy(file->path, path);
	file->next = config->files;
	config->files = file;
	return 0;
}

int config_add(struct config *config, enum config_kind kind, const char *name, const char *value,
	       unsigned int line)
{
	size_t name_size = strlen(name) + 1, value_size = value ? strlen(value) + 1 : 0;
	struct config_entry *entry = malloc(sizeof(*entry) + name_size + value_size);
	char *text = (char *)(entry + 1);

	if (!entry)
		return -ENOMEM;
	memcpy(text, name, name_size);
	if (value)
		memcpy(text + name_size, value, value_size);
	*entry = (struct config_entry){.file = config->files->path,
				       .line = line,
				       .name = text,
				       .value = value ? text + name_size : NULL};
	if (config->last[kind])
		config->last[kind]->next = entry;
	else
		config->first[kind] = entry;
	config->last[kind] = entry;
	return 0;
}

/* What is added to text is a list: a blank before all but the first. */
static void add_word(struct buffer *text, const char *word)
{
	if (text->size)
		buffer_add_byte(text, ' ');
	buffer_add_text(text, word);
}

/* The words of value's part. */
static void collect_part(struct buffer *text, const char *value, const char *part)
{
	struct config_names names = {.rest = value, .part = part};
	char name[PATH_MAX];
	bool begun = false;

	while (config_next_name(&names, name)) {
		if (!begun)
			add_word(text, part);
		begun = true;
		add_word(text, name);
	}
}

static int add_words(struct config *config, enum config_kind kind, const char *name,
		     const char *value, unsigned int line)
{
	struct config_names words = {.rest = value};
	struct buffer text = {0};
	char word[PATH_MAX];
	int error = -ENOMEM;

	if (kind == CONFIG_SOFTDEP) {
		for (size_t i = 0; i < NR_PARTS; i++)
			collect_part(&text, value, parts[i]);
		/* as that of Debian's cifs */
		if (!text.size)
			info("%s line %u: softdep of '%s' names no module behind 'pre:' or 'post:'",
			     config->files->path, line, name);
	} else {
		while (config_next_name(&words, word))
			add_word(&text, word);
	}
	buffer_add_byte(&text, '\0');
	if (!text.failed)
		error = config_add(config, kind, name, text.data, line);
	buffer_release(&text);
	return error;
}

/* -EINVAL: it lacks something, or its name has brackets that do not match. */
static int add_directive(struct config *config, enum config_kind kind, char **rest,
			 unsigned int line)
{
	const char *name = strtok_r(NULL, BLANKS, rest);
	char normal[PATH_MAX], target[PATH_MAX], *value = NULL;

	if (!name || name_of_alias(name, normal))
		return -EINVAL;
	if (kind == CONFIG_BLACKLIST || kind == CONFIG_FORBID)
		return config_add(config, kind, normal, NULL, line);
	value = strtok_r(NULL, kind == CONFIG_ALIAS ? BLANKS : "", rest);
	if (!value)
		return -EINVAL;
	switch (kind) {
	case CONFIG_ALIAS:
		if (name_of_alias(value, target))
			return -EINVAL;
		return config_add(config, kind, normal, target, line);
	case CONFIG_OPTIONS:
		for (char *at = value; *at; at++)
			if (*at == '\t')
				*at = ' ';
		return config_add(config, kind, normal, value, line);
	case CONFIG_SOFTDEP:
	case CONFIG_WEAKDEP:
		return add_words(config, kind, normal, value, line);
	default:
		return config_add(config, kind, normal, value, line);
	}
}

static int parse_line(struct config *config, char *text, unsigned int line)
{
	const char *path = config->files->path, *directive;
	int error = -EINVAL;
	char *rest;

	if (*text == '#')
		return 0;
	directive = strtok_r(text, BLANKS, &rest);
	if (!directive)
		return 0;
	if (!strcmp(directive, "include") || !strcmp(directive, "config")) {
		error("%s line %u: command %s is deprecated and not parsed anymore", path, line,
		      directive);
		return 0;
	}
	for (unsigned int kind = 0; kind < NR_CONFIG_KINDS; kind++)
		if (!strcmp(directive, config_directives[kind]))
			error = add_directive(config, kind, &rest, line);
	if (error != -EINVAL)
		return error;
	error("%s line %u: ignoring bad line starting with '%s'", path, line, directive);
	return 0;
}

int config_parse(struct config *config, FILE *in, const char *path)
{
	struct conf_reader reader = {.in = in};
	int result = config_begin_file(config, path);

	while (!result && (result = conf_read_line(&reader)) > 0)
		result = parse_line(config, reader.text, reader.line);
	free(reader.text);
	if (result == -EIO)
		error("%s line %u: %s", path, reader.line, strerror(EIO));
	return result;
}

/* A file that cannot be opened is none: kmod goes on in silence, this tells. */
static int read_file(struct config *config, const char *path)
{
	FILE *in = fopen(path, "re");
	int result;

	if (!in) {
		if (errno != ENOENT)
			error("could not read %s: %m", path);
		return 0;
	}
	result = config_parse(config, in, path);
	fclose(in);
	return result == -ENOMEM ? result : 0;
}

static int read_kernel_line(struct config *config)
{
	FILE *in = fopen(kernel_path, "re");
	char *text = NULL;
	size_t room = 0;
	int result = 0;

	if (!in)
		return 0; /* no /proc, no command line */
	if (getline(&text, &room, in) > 0)
		result = config_parse_kernel(config, text, kernel_path);
	free(text);
	fclose(in);
	return result;
}

int config_read(struct config *config, char *const *paths, const char *directory)
{
	struct conf_files files = {0};
	int result;

	*config = (struct config){0};
	result = conf_files_add(&files, directory, "modules.softdep");
	if (!result)
		result = conf_files_add(&files, directory, "modules.weakdep");
	for (paths = paths ? paths : usual_paths; !result && *paths; paths++)
		result = conf_files_list(&files, *paths);
	for (size_t i = 0; !result && i < files.count; i++)
		result = read_file(config, files.list[i].path);
	conf_files_release(&files);
	if (!result)
		result = read_kernel_line(config);
	if (result) {
		error("out of memory");
		config_release(config);
	}
	return result;
}

void config_release(struct config *config)
{
	struct config_entry *entry, *next;
	struct config_file *file, *next_file;

	for (unsigned int kind = 0; kind < NR_CONFIG_KINDS; kind++)
		for (entry = config->first[kind]; entry; entry = next) {
			next = entry->next;
			free(entry);
		}
	for (file = config->files; file; file = next_file) {
		next_file = file->next;
		free(file);
	}
	*config = (struct config){0};
}

/* Most patterns begin otherwise than the name: that is told without fnmatch(3). */
static bool may_match(const char *pattern, const char *name)
{
	return *pattern == *name || strchr("*?[\\", *pattern);
}

const struct config_entry *config_match(const struct config_entry *entry, const char *name)
{
	while (entry && (!may_match(entry->name, name) || fnmatch(entry->name, name, 0)))
		entry = entry->next;
	return entry;
}

const struct config_entry *config_find(const struct config_entry *entry, const char *name)
{
	while (entry && strcmp(entry->name, name))
		entry = entry->next;
	return entry;
}

const char *config_place(const struct config_entry *entry, char text[PATH_MAX])
{
	if (entry->line)
		snprintf(text, PATH_MAX, "%s line %u", entry->file, entry->line);
	else
		snprintf(text, PATH_MAX, "%s", entry->file);
	return text;
}

/* The part that word, of that length, begins; -1: it is a name. */
static int part_of(const char *word, size_t length)
{
	for (size_t i = 0; i < NR_PARTS; i++)
		if (length == strlen(parts[i]) && !strncmp(word, parts[i], length))
			return i;
	return -1;
}

bool config_next_name(struct config_names *names, char name[PATH_MAX])
{
	size_t length;
	int part;

	for (;; names->rest += length) {
		names->rest += strspn(names->rest, WORD_ENDS);
		length = strcspn(names->rest, WORD_ENDS);
		if (!length)
			return false;
		part = names->part ? part_of(names->rest, length) : -1;
		if (part >= 0) {
			names->is_inside = !strcmp(parts[part], names->part);
			continue;
		}
		/* what is longer than that is no module's name */
		if (length >= PATH_MAX || (names->part && !names->is_inside))
			continue;
		memcpy(name, names->rest, length);
		name[length] = '\0';
		names->rest += length;
		return true;
	}
}
