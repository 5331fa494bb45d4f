// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tools/kmod/loaded.h"
#include "tools/kmod/log.h"

static const char modules_path[] = "/proc/modules";

/* /sys/module/NAME/FILE; FILE may be empty. */
static int path_of(char path[PATH_MAX], const char *name, const char *file)
{
	int length = snprintf(path, PATH_MAX, "/sys/module/%s%s%s", name, *file ? "/" : "", file);

	return length < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* The attribute's text without its newline. */
static int read_attribute(const char *name, const char *file, char *text, size_t size)
{
	char path[PATH_MAX];
	int error = path_of(path, name, file), fd;
	ssize_t got;

	if (error)
		return error;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	got = read(fd, text, size - 1);
	error = got < 0 ? -errno : 0;
	close(fd);
	if (error) {
		error("could not read '%s': %s", path, strerror(-error));
		return error;
	}
	text[got] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

static long read_number(const char *name, const char *file)
{
	char text[32], *end;
	int error = read_attribute(name, file, text, sizeof(text));
	long number;

	if (error)
		return error;
	errno = 0;
	number = strtol(text, &end, 10);
	if (end == text || *end || errno) {
		error("'%s' in /sys/module/%s/%s is no number", text, name, file);
		return -EINVAL;
	}
	return number;
}

static bool is_known(const char *name)
{
	char path[PATH_MAX];
	struct stat status;

	return !path_of(path, name, "") && !stat(path, &status) && S_ISDIR(status.st_mode);
}

int loaded_state(const char *name)
{
	static const char *const states[] = {
		[LOADED_LIVE] = "live", [LOADED_COMING] = "coming", [LOADED_GOING] = "going"};
	char text[32];
	int error = read_attribute(name, "initstate", text, sizeof(text));

	/* The directory is made before the attribute: then it is on its way. */
	if (error == -ENOENT && is_known(name))
		return LOADED_COMING;
	if (error)
		return error;
	for (unsigned int i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (!strcmp(text, states[i]))
			return i;
	error("unknown /sys/module/%s/initstate: '%s'", name, text);
	return -EINVAL;
}

int loaded_references(const char *name)
{
	return read_number(name, "refcnt");
}

int loaded_holders(const char *name, int (*visit)(void *context, const char *holder), void *context)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int result = path_of(path, name, "holders");
	DIR *directory;

	if (result)
		return result;
	directory = opendir(path);
	if (!directory) {
		result = -errno;
		error("could not open '%s': %s", path, strerror(-result));
		return result;
	}
	while (!result && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			result = visit(context, entry->d_name);
	closedir(directory);
	return result;
}

/* "NAME SIZE REFERENCES HOLDERS STATE ADDRESS ..." */
static int visit_line(char *line, int (*visit)(void *context, const struct loaded_module *module),
		      void *context)
{
	struct loaded_module module = {.state = ""};
	char *rest = line, *fields[5];
	unsigned int count = 0;

	while (count < sizeof(fields) / sizeof(fields[0]) &&
	       (fields[count] = strsep(&rest, " \t\n")) != NULL)
		count++;
	if (!count || !*fields[0])
		return 0;
	module.name = fields[0];
	if (count == sizeof(fields) / sizeof(fields[0]))
		module.state = fields[4];
	module.size = read_number(module.name, "coresize");
	if (module.size == -ENOENT && count > 1 && is_known(module.name))
		module.size = strtol(fields[1], NULL, 10); /* before Linux 3.3 */
	return visit(context, &module);
}

int loaded_each(int (*visit)(void *context, const struct loaded_module *module), void *context)
{
	FILE *in = fopen(modules_path, "re");
	char *line = NULL;
	size_t room = 0;
	int result = 0;

	if (!in) {
		result = -errno;
		error("could not open %s: %s", modules_path, strerror(-result));
		return result;
	}
	while (!result && getline(&line, &room, in) > 0)
		result = visit_line(line, visit, context);
	if (!result && ferror(in))
		result = -EIO;
	free(line);
	fclose(in);
	return result;
}
