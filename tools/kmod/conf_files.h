/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The *.conf files of configuration directories, and their lines, by kmod's rules. */
#ifndef RING3_KMOD_CONF_FILES_H
#define RING3_KMOD_CONF_FILES_H

#include <stddef.h>
#include <stdio.h>

struct conf_file {
	char *path;       /* owned */
	const char *name; /* path's last part: a name counts once, where it was added first */
};
struct conf_files {
	struct conf_file *list; /* owned; by name */
	size_t count;
};

/* Functions here return -ENOMEM or 0: what else goes wrong with a path is told, and left out. */

/* A file, whether it is there or not. */
int conf_files_add(struct conf_files *files, const char *directory, const char *name);
/* path is a file, or a directory whose *.conf files are added. It may be missing. */
int conf_files_list(struct conf_files *files, const char *path);
void conf_files_release(struct conf_files *files);

struct conf_reader {
	FILE *in;
	unsigned int line; /* the last that was read; starts at 0 */
	char *text;        /* owned */
	size_t capacity;
};

/*
 * The next line in reader->text, without its newline; one that ends in a
 * backslash goes on in the next. A backslash elsewhere stands for the byte
 * behind it. 1, 0 at the end, -ENOMEM, -EIO.
 */
int conf_read_line(struct conf_reader *reader);

#endif
