// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * srcversion: MD4 over the sources of a module, without blanks and comments.
 * NAME.mod lists the module's objects; beside each lies .OBJECT.cmd, written
 * by Kbuild or by ring3 build, with its source and what that included. Headers
 * count if they lie in the directory of the object, which is where Kbuild has
 * the source, or of the source, which is elsewhere with ring3 build.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"
#include "md4.h"

static void sum_char(struct md4 *md4, char c)
{
	md4_update(md4, &c, 1);
}

/* From the opening quote to the closing one; returns the character after it. */
static const char *sum_string(struct md4 *md4, const char *text)
{
	sum_char(md4, *text++);
	while (*text) {
		sum_char(md4, *text);
		if (*text == '"' && text[-1] != '\\')
			return text + 1;
		text++;
	}
	return text;
}

static void sum_text(struct md4 *md4, const char *text)
{
	const char *end;

	while (*text) {
		if (text[0] == '\\' && text[1] == '\n') {
			text += 2;
		} else if (isspace((unsigned char)*text)) {
			text++;
		} else if (*text == '"') {
			text = sum_string(md4, text);
		} else if (text[0] == '/' && text[1] == '*') {
			end = strstr(text + 1, "*/"); /* Linux lets the slash of one star end it */
			text = end ? end + 2 : text + strlen(text);
		} else {
			sum_char(md4, *text++);
		}
	}
}

static int sum_file(struct modpost *mp, struct md4 *md4, const char *path)
{
	size_t size;
	char *text;
	int ret = file_read(path, &text, &size);

	if (ret == -ENOMEM)
		return ret;
	if (ret) {
		mp_warn(mp, "could not open %s: %s", path, strerror(-ret));
		return -ENOENT;
	}
	sum_text(md4, text);
	free(text);
	return 0;
}

static size_t directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 - path : 0;
}

static bool same_directory(const char *a, const char *b)
{
	size_t length = directory_length(a);

	return length == directory_length(b) && !memcmp(a, b, length);
}

/* Linux's rule: the object's directory, in the first place that it occurs, is the header's last. */
static bool is_beside(const char *header, const char *object)
{
	size_t length = directory_length(object);
	const char *place = length ? memmem(header, strlen(header), object, length) : NULL;

	return place && place + length - 1 == strrchr(header, '/');
}

/* "source_x.o := x.c", then "deps_x.o := \" and one header a line, each but the last with '\'. */
static int sum_command_file(struct modpost *mp, struct md4 *md4, const char *object, char *text)
{
	char *line, *rest, *source = NULL;
	bool in_dependencies = false;
	int ret = 0;

	for (line = strtok_r(text, "\n", &rest); line && !ret; line = strtok_r(NULL, "\n", &rest)) {
		line += strspn(line, " \t");
		if (!strncmp(line, "source_", strlen("source_"))) {
			source = strstr(line, ":= ");
			if (!source)
				return -ENOENT;
			source += strlen(":= ");
			ret = sum_file(mp, md4, source);
		} else if (!strncmp(line, "deps_", strlen("deps_"))) {
			in_dependencies = source;
		} else if (in_dependencies) {
			if (!*line || line[strlen(line) - 1] != '\\')
				break;
			line[strlen(line) - 1] = '\0';
			while (*line && strchr(" \t", line[strlen(line) - 1]))
				line[strlen(line) - 1] = '\0';
			/* $(wildcard ...) are configuration options, not files */
			if (*line && *line != '$' &&
			    (same_directory(line, source) || is_beside(line, object)))
				ret = sum_file(mp, md4, line);
		}
	}
	return source ? ret : -ENOENT;
}

static int sum_object(struct modpost *mp, struct md4 *md4, const char *object)
{
	size_t size, directory = directory_length(object);
	char path[4096], *text;
	int ret;

	snprintf(path, sizeof(path), "%.*s.%s.cmd", (int)directory, object, object + directory);
	ret = file_read(path, &text, &size);
	if (ret == -ENOMEM)
		return ret;
	if (ret) {
		mp_warn(mp, "%s: %s", path, strerror(-ret));
		return -ENOENT;
	}
	ret = sum_command_file(mp, md4, object, text);
	free(text);
	return ret;
}

static int sum_objects(struct modpost *mp, struct md4 *md4, char *list)
{
	char *object, *rest;
	int ret = 0;

	for (object = strtok_r(list, "\n", &rest); object && !ret;
	     object = strtok_r(NULL, "\n", &rest)) {
		size_t length = strlen(object);

		if (length < 2 || strcmp(object + length - 2, ".a"))
			ret = sum_object(mp, md4, object + strspn(object, " "));
	}
	return ret;
}

int srcversion_compute(struct modpost *mp, struct mp_module *module)
{
	char path[4096], sum[33], *list;
	uint8_t digest[16];
	struct md4 md4;
	unsigned int i;
	size_t size;
	int ret;

	snprintf(path, sizeof(path), "%s.mod", module->name);
	ret = file_read(path, &list, &size);
	if (ret == -ENOMEM)
		return ret;
	if (ret) {
		mp_warn(mp, "%s: %s; no srcversion", path, strerror(-ret));
		return 0;
	}
	md4_init(&md4);
	ret = sum_objects(mp, &md4, list);
	free(list);
	if (ret)
		return ret == -ENOMEM ? ret : 0; /* a module without srcversion; said above */
	md4_final(&md4, digest);
	/* The words of the digest, as a little-endian machine prints them. */
	for (i = 0; i < 16; i++)
		snprintf(sum + 2 * i, 3, "%02X", digest[i ^ 3]);
	memcpy(module->srcversion, sum, sizeof(module->srcversion) - 1);
	return 0;
}
