/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that modinfo can say of one module: .modinfo, then what its signature says. */
#ifndef RING3_KMOD_FIELDS_H
#define RING3_KMOD_FIELDS_H

#include "tools/kmod/signature.h"

#define NR_SIGNATURE_FIELDS 5

struct fields {
	struct modfile_field *list;
	size_t count, room;
	struct modfile file;
	char *builtin;  /* modules.builtin.modinfo */
	bool is_signed; /* then the last NR_SIGNATURE_FIELDS of the list tell of it, too */
	struct signature signature;
	char *key_text, *signature_text; /* in hexadecimal */
};

/* What serves one module after the other; each is done with before the next. */
struct fields_reader {
	struct modfile_room room;
	struct pkcs7_reader pkcs7;
};

/* -errno of modfile_open(); -ENOENT: the file has no .modinfo. */
int fields_of_file(struct fields *fields, const char *path, struct fields_reader *reader);
/* The same of a module file in memory, of which a copy is made. */
int fields_of_memory(struct fields *fields, const void *data, size_t size,
		     struct pkcs7_reader *pkcs7);
/*
 * From modules.builtin.modinfo in directory; -ENOENT: no such file; -ENOSYS:
 * nothing in it about this module.
 */
int fields_of_builtin(struct fields *fields, const char *directory, const char *name);
void fields_free(struct fields *fields);

/* "01:AB:...", broken into lines as kmod does. Allocated; NULL: no memory. */
char *fields_in_hex(const struct pkcs7_bytes *bytes, bool in_lines);

/* A parameter, from its parm and parmtype fields. */
struct parameter {
	const char *name, *description, *type; /* NULL: there is none; no NUL at the end */
	size_t name_length, description_length, type_length;
};
/*
 * All parameters, in the order of their first fields; free() the list. A field
 * without a colon is complained about and left out. -ENOMEM.
 */
int fields_parameters(const struct fields *fields, struct parameter **list, size_t *count);

#endif
