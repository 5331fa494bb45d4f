/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user half of the 2.4 scheme: a relocatable object becomes the image of a
 * module, at the address that the kernel gives, by nothing but the module
 * calls of Linux 2.4. link.c tells the story.
 */
#ifndef RING3_MODUTILS_H
#define RING3_MODUTILS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "tools/modutils/messages.h"

struct module_image;

/* The kernel: its system calls, each returns -errno. */
struct module_calls {
	void *context;
	long (*create)(void *context, const char *name, size_t size); /* the address */
	int (*init)(void *context, const char *name, const void *image);
	int (*delete)(void *context, const char *name); /* NULL: all that are idle and autoclean */
	int (*query)(void *context, const char *name, int which, void *buffer, size_t size,
		     size_t *result);
	/*
	 * Add bits to what the kernel knows as tainted (0: just ask); -ENOENT:
	 * it does not keep that. May be NULL: as if it always did.
	 */
	int (*taint)(void *context, unsigned int bits);
};

#define TAINT_PROPRIETARY 1u
#define TAINT_FORCED      2u

/* The calls of the kernel that this process runs on. */
extern const struct module_calls kernel_calls;

struct insert {
	const char *path;       /* of the object: for messages, and a symbol holds it */
	const char *name;       /* of the module; NULL: the path's */
	char *const *arguments; /* NAME=VALUE ...; ends with NULL, may be NULL */
	const char *release;    /* the kernel's; NULL: uname() */
	const char *prefix;     /* of checksums in symbols' names; NULL: find out */
	const char *blob;       /* a file for the image; NULL: none */
	bool is_forced;         /* -f: whatever kernel it was built for */
	bool is_autoclean;      /* -k */
	bool prints_map;        /* -m */
	bool is_dry;            /* -n: link for an address that is nobody's, and stop */
	bool is_probe;          /* -p: stop before the kernel is asked for memory */
	bool is_quiet;          /* -q: do not list what is unresolved */
	bool exports_nothing;   /* -x */
	bool has_no_ksymoops;   /* -y */
	/* out */
	uint64_t address, size; /* of the image, as soon as they are known */
};

/*
 * Link and load one object, as insmod does. 0, or the -errno of what failed,
 * after messages that say so: of a call; -ENOEXEC: the object; -EEXIST: the
 * name is loaded; -ENOENT: unresolved symbols; -EINVAL: a wrong parameter;
 * -EPROTO: built for another kernel. A module that did not start is deleted.
 */
int insert_object(const struct module_calls *calls, struct insert *insert,
		  const struct module_image *image, struct messages *messages);

/* The name of the module in a file of that path, without .o, .mod or .o.gz. */
void module_name_of(const char *path, char *name, size_t size);

#endif
