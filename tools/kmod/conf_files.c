// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tools/kmod/conf_files.h"
#include "tools/kmod/log.h"

static const char ending[] = ".conf";
#define FIRST_CAPACITY 256

/* Takes path. */
static int add_path(struct conf_files *files, char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct conf_file *list;
	size_t at = 0;
	int order = 1;

	while (at < files->count && (order = strcmp(name, files->list[at].name)) > 0)
		at++;
	if (at < files->count && !order) {
		debug("Ignoring duplicate config file: %s", path);
		free(path);
		return 0;
	}
	list = reallocarray(files->list, files->count + 1, sizeof(*list));
	if (!list) {
		free(path);
		return -ENOMEM;
	}
	files->list = list;
	memmove(&list[at + 1], &list[at], (files->count++ - at) * sizeof(*list));
	list[at] = (struct conf_file){path, name};
	return 0;
}

int conf_files_add(struct conf_files *files, const char *directory, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return -ENOMEM;
	return add_path(files, path);
}

static bool is_config_name(const char *name)
{
	size_t length = strlen(name), tail = strlen(ending);

	return *name != '.' && length > tail && !strcmp(name + length - tail, ending);
}

static int list_directory(struct conf_files *files, const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	struct stat status;
	int error = 0;

	if (!directory) {
		error("files list %s: %m", path);
		return 0;
	}
	while (!error && (entry = readdir(directory))) {
		if (!is_config_name(entry->d_name))
			continue;
		if (entry->d_type != DT_REG &&
		    !fstatat(dirfd(directory), entry->d_name, &status, 0) &&
		    S_ISDIR(status.st_mode))
			error("Directories inside directories are not supported: %s/%s", path,
			      entry->d_name);
		else
			error = conf_files_add(files, path, entry->d_name);
	}
	closedir(directory);
	return error;
}

int conf_files_list(struct conf_files *files, const char *path)
{
	struct stat status;
	char *copy;

	if (stat(path, &status)) {
		debug("could not stat '%s': %m", path);
		return 0;
	}
	if (S_ISDIR(status.st_mode))
		return list_directory(files, path);
	copy = strdup(path);
	return copy ? add_path(files, copy) : -ENOMEM;
}

void conf_files_release(struct conf_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->list[i].path);
	free(files->list);
	*files = (struct conf_files){0};
}

static int put(struct conf_reader *reader, size_t at, int byte)
{
	size_t capacity = reader->capacity ? 2 * reader->capacity : FIRST_CAPACITY;
	char *text;

	if (at == reader->capacity) {
		text = realloc(reader->text, capacity);
		if (!text)
			return -ENOMEM;
		reader->text = text;
		reader->capacity = capacity;
	}
	reader->text[at] = byte;
	return 0;
}

int conf_read_line(struct conf_reader *reader)
{
	size_t length = 0;
	int byte;

	while ((byte = getc_unlocked(reader->in)) != EOF && byte != '\n') {
		if (byte == '\\') {
			byte = getc_unlocked(reader->in);
			if (byte == EOF)
				break;
			if (byte == '\n') {
				reader->line++;
				continue;
			}
		}
		if (put(reader, length++, byte))
			return -ENOMEM;
	}
	if (byte == EOF && ferror(reader->in))
		return -EIO;
	if (byte == EOF && !length)
		return 0;
	reader->line++;
	return put(reader, length, '\0') ? -ENOMEM : 1;
}
