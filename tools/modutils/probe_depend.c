// SPDX-License-Identifier: GPL-2.0-or-later
/* modules.dep, and what is loaded. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "tools/kmod/buffer.h"
#include "tools/modutils/modutils.h"
#include "tools/modutils/probe.h"

const char *probe_name_of(struct probe *probe, const char *path)
{
	char name[512];

	module_name_of(path, name, sizeof(name));
	if (words_add(&probe->texts, name))
		return path;
	return probe->texts.list[probe->texts.count - 1];
}

static int add_line(struct probe *probe, char *text, unsigned int number)
{
	struct dep_line *grown, line = {};
	char name[512], *end = strchr(text, ':'), *rest, *word;
	int error = 0;

	if (!*(text += strspn(text, " \t\n")))
		return 0;
	if (!end || strcspn(text, " \t") < (size_t)(end - text)) {
		tell_error(&probe->messages, "line %u: Invalid dependency\n\t%s", number, text);
		return -EINVAL;
	}
	*end = '\0';
	module_name_of(text, name, sizeof(name));
	grown = reallocarray(probe->lines, probe->nr_lines + 1, sizeof(*grown));
	line.path = strdup(text);
	line.name = strdup(name);
	if (grown)
		probe->lines = grown;
	if (!grown || !line.path || !line.name) {
		free(line.path);
		free(line.name);
		return -ENOMEM;
	}
	for (rest = end + 1; !error && (word = strsep(&rest, " \t\n"));)
		if (*word)
			error = words_add(&line.needs, word);
	grown[probe->nr_lines++] = line;
	return error;
}

static int read_lines(struct probe *probe, FILE *in)
{
	struct buffer text = {};
	unsigned int number = 0;
	char *part = NULL;
	size_t room = 0;
	int error = 0;

	while (!error && getline(&part, &room, in) >= 0) {
		size_t length = strcspn(part, "#\n");

		number++;
		while (length && isspace((unsigned char)part[length - 1]))
			length--;
		if (length && part[length - 1] == '\\') {
			buffer_add(&text, part, length - 1);
			continue;
		}
		buffer_add(&text, part, length);
		buffer_add_byte(&text, '\0');
		error = text.failed ? -ENOMEM : add_line(probe, text.data, number);
		text.size = 0;
	}
	free(part);
	buffer_release(&text);
	return error;
}

int probe_read_dependencies(struct probe *probe)
{
	const char *path = probe->conf.depfile;
	FILE *in = fopen(path, "re");
	struct stat status;
	int error;

	if (!in) {
		error = -errno;
		tell_error(&probe->messages, "Can't open dependencies file %s (%s)", path,
			   strerror(-error));
		tell_hint(&probe->messages, "depmod -a makes it");
		return error;
	}
	if (!fstat(fileno(in), &status) && probe->conf.changed > status.st_mtime)
		tell(&probe->messages, "Note: %s is more recent than %s", probe->conf.file, path);
	error = read_lines(probe, in);
	fclose(in);
	return error;
}

const struct dep_line *probe_find_line(const struct probe *probe, const char *name,
				       const struct dep_line *previous)
{
	size_t first = previous ? previous - probe->lines + 1 : 0;

	for (size_t i = first; i < probe->nr_lines; i++)
		if (!strcmp(probe->lines[i].name, name))
			return &probe->lines[i];
	return NULL;
}

int probe_read_kernel(struct probe *probe)
{
	kernel_release(&probe->kernel);
	return kernel_read(&probe->kernel, &kernel_calls, KERNEL_INFO | KERNEL_HOLDERS,
			   &probe->messages);
}
