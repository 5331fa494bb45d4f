/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of insmod, one file each; link.c calls them in this order. */
#ifndef RING3_MODUTILS_LINK_H
#define RING3_MODUTILS_LINK_H

#include "tools/modutils/kernel.h"
#include "tools/modutils/object.h"

struct link {
	const struct module_calls *calls;
	struct insert *insert;
	struct messages *messages;
	struct kernel kernel;
	struct object object;
	char name[256]; /* the module's */
	struct section *this_module, *exports, *needs;
	unsigned int nr_needs;
	bool is_gpl;
	bool saw_gpl_only; /* the kernel has symbols that other modules may not use */
};

/* Each: 0, or -errno after a message. */

/* version.c: does the object fit to the kernel? Decides how names are compared. */
int check_built_for(struct link *link);
void find_prefix(struct link *link);
/* The object's kernel version as a number, as KERNEL_VERSION() makes it; -1: it has none. */
int object_version(const struct object *object);

/* resolve.c: what it needs of kernel and modules */
void add_kernel_symbols(struct link *link);
int check_undefined(struct link *link);

/* parameters.c */
void check_parameters(struct link *link);
int set_parameters(struct link *link);

/* taint.c */
void check_taint(struct link *link);

/* tables.c: what insmod adds to the object */
int add_this_module(struct link *link);
void hide_special_symbols(struct link *link);
void add_ksymoops_symbols(struct link *link);
void add_tables(struct link *link);
/* The fields of struct module, once addresses are known. */
void fill_this_module(struct link *link);

/* layout.c */
int allocate_commons(struct object *object);
/* Offsets; the size of the image. */
uint64_t layout_object(struct object *object);
/* Offsets become addresses. */
void place_object(struct object *object, uint64_t address);

/* relocate.c */
int relocate_object(struct link *link);

/* map.c */
void print_map(const struct object *object, struct messages *messages);

#endif
