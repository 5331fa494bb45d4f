// SPDX-License-Identifier: GPL-2.0-or-later
/* Strings, paths and files of ring3 build. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/build.h"

struct build_arena {
	struct build_arena *next;
	max_align_t data[];
};

void *build_alloc(struct build *b, size_t size)
{
	struct build_arena *block = calloc(1, sizeof(*block) + size);

	if (!block) {
		build_error("no memory");
		exit(EXIT_FAILURE);
	}
	block->next = b->arena;
	b->arena = block;
	return block->data;
}

void build_release(struct build *b)
{
	struct build_arena *block;

	while ((block = b->arena)) {
		b->arena = block->next;
		free(block);
	}
}

char *build_format(struct build *b, const char *format, ...)
{
	char *formatted, *text;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&formatted, format, args);
	va_end(args);
	if (length < 0) {
		build_error("no memory");
		exit(EXIT_FAILURE);
	}
	text = memcpy(build_alloc(b, length + 1), formatted, length);
	free(formatted);
	return text;
}

int build_error(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("ring3 build: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_FAILURE;
}

void strings_add(struct build *b, struct strings *strings, const char *item)
{
	/* Room for a power of two of items. */
	if (!(strings->count & (strings->count - 1))) {
		unsigned int room = strings->count ? 2 * strings->count : 1;
		char **items = build_alloc(b, room * sizeof(*items));

		if (strings->count)
			memcpy(items, strings->items, strings->count * sizeof(*items));
		strings->items = items;
	}
	strings->items[strings->count++] = build_format(b, "%s", item);
}

void strings_add_words(struct build *b, struct strings *strings, const char *text)
{
	size_t length;

	for (text += strspn(text, " \t\n"); *text; text += length, text += strspn(text, " \t\n")) {
		length = strcspn(text, " \t\n");
		strings_add(b, strings, build_format(b, "%.*s", (int)length, text));
	}
}

char *strings_join(struct build *b, const struct strings *strings)
{
	size_t length = 1;
	unsigned int i;
	char *text, *end;

	for (i = 0; i < strings->count; i++)
		length += strlen(strings->items[i]) + 1;
	end = text = build_alloc(b, length);
	for (i = 0; i < strings->count; i++) {
		if (i)
			*end++ = ' ';
		end = stpcpy(end, strings->items[i]);
	}
	return text;
}

char *shell_quote(struct build *b, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%_-+=:,./";
	char *quoted, *end;

	if (*text && !text[strspn(text, plain)])
		return build_format(b, "%s", text);
	end = quoted = build_alloc(b, 4 * strlen(text) + 3);
	*end++ = '\'';
	for (; *text; text++) {
		if (*text == '\'')
			end = stpcpy(end, "'\\''");
		else
			*end++ = *text;
	}
	*end = '\'';
	return quoted;
}

char *path_directory(struct build *b, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return build_format(b, ".");
	return slash == path ? build_format(b, "/")
			     : build_format(b, "%.*s", (int)(slash - path), path);
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool path_exists(const char *path)
{
	return !access(path, F_OK);
}

int make_parents(struct build *b, const char *path)
{
	char *copy = build_format(b, "%s", path), *slash;

	for (slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			return build_error("%s: %s", copy, strerror(errno));
		*slash = '/';
	}
	return 0;
}

char *read_text(struct build *b, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	struct stat st;
	size_t got;

	if (!file)
		return NULL;
	if (fstat(fileno(file), &st)) {
		fclose(file);
		return NULL;
	}
	text = build_alloc(b, st.st_size + 1);
	got = fread(text, 1, st.st_size, file);
	text[got] = '\0';
	if (ferror(file)) {
		text = NULL;
		errno = EIO;
	}
	fclose(file);
	return text;
}

int write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	bool failed;

	if (!file)
		return build_error("%s: %s", path, strerror(errno));
	failed = fputs(text, file) < 0;
	if (fclose(file) || failed)
		return build_error("%s: %s", path, strerror(errno));
	return 0;
}

int copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "re"), *out = NULL;
	char buffer[65536];
	int ret = 0;
	size_t got;

	if (!in)
		return build_error("%s: %s", from, strerror(errno));
	/* Never into a file that somebody may have mapped, or that is a link. */
	if (unlink(to) && errno != ENOENT)
		ret = build_error("%s: %s", to, strerror(errno));
	else if (!(out = fopen(to, "we")))
		ret = build_error("%s: %s", to, strerror(errno));
	while (!ret && (got = fread(buffer, 1, sizeof(buffer), in)))
		if (fwrite(buffer, 1, got, out) != got)
			ret = build_error("%s: %s", to, strerror(errno));
	if (!ret && ferror(in))
		ret = build_error("%s: cannot be read", from);
	fclose(in);
	if (out && fclose(out) && !ret)
		ret = build_error("%s: %s", to, strerror(errno));
	return ret;
}
