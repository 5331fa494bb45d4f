// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole files in, whole files out, and the text in between. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "internal.h"

void text_printf(struct text *text, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0 || text->failed) {
		text->failed = true;
		return;
	}
	if (text->length + length + 1 > text->size) {
		size_t size = 2 * text->size + length + 256;
		char *data = realloc(text->data, size);

		if (!data) {
			text->failed = true;
			return;
		}
		text->data = data;
		text->size = size;
	}
	va_start(args, format);
	vsnprintf(text->data + text->length, length + 1, format, args);
	va_end(args);
	text->length += length;
}

void text_release(struct text *text)
{
	free(text->data);
	memset(text, 0, sizeof(*text));
}

int file_read(const char *path, char **data, size_t *size)
{
	size_t room = 0, used = 0, got;
	char *buffer = NULL, *larger;
	FILE *file = fopen(path, "re");
	struct stat st;
	int ret = 0;

	if (!file)
		return -errno;
	/* A path may come out of a damaged file, and some devices have no end. */
	if (fstat(fileno(file), &st) || (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))) {
		fclose(file);
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	}
	do {
		if (room - used < 4096) {
			room = 2 * room + 65536;
			larger = realloc(buffer, room);
			if (!larger) {
				ret = -ENOMEM;
				goto out;
			}
			buffer = larger;
		}
		got = fread(buffer + used, 1, room - used - 1, file);
		used += got;
	} while (got);
	if (ferror(file))
		ret = -EIO; /* fread leaves no errno that can be relied on */
out:
	fclose(file);
	if (ret) {
		free(buffer);
		return ret;
	}
	buffer[used] = '\0';
	*data = buffer;
	*size = used;
	return 0;
}

int file_write(const char *path, const struct text *text)
{
	FILE *file;
	int ret = 0;

	if (text->failed)
		return -ENOMEM;
	file = fopen(path, "we");
	if (!file)
		return -errno;
	if (text->length && fwrite(text->data, text->length, 1, file) != 1)
		ret = -errno;
	if (fclose(file) && !ret)
		ret = -errno;
	return ret;
}

int file_write_if_changed(const char *path, const struct text *text)
{
	bool same;
	size_t size;
	char *old;

	if (!text->failed && !file_read(path, &old, &size)) {
		same = size == text->length && (!size || !memcmp(old, text->data, size));
		free(old);
		if (same)
			return 0;
	}
	return file_write(path, text);
}
