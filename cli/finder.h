/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Module files by module name: beside another file, or in a module tree. */
#ifndef RING3_FINDER_H
#define RING3_FINDER_H

#include <stddef.h>

struct finder_entry {
	char *name;
	char *path;
};

struct finder {
	char *tree;                   /* NULL: none */
	struct finder_entry *entries; /* sorted by name once the tree was read */
	size_t nr_entries;
	size_t room;
};

/*
 * Which tree serves release: DIR/lib/modules/RELEASE, DIR/RELEASE or DIR
 * itself; without DIR the .../lib/modules/RELEASE that path lies in, else
 * /lib/modules/RELEASE; NULL if there is none of these. Owned.
 */
char *finder_tree(const char *dir, const char *release, const char *path);

/* tree (may be NULL) is copied, and read when it is first needed. */
void finder_init(struct finder *finder, const char *tree);
void finder_release(struct finder *finder);

/* The file of a module: in the folder of `beside` first, then in the tree. NULL: none. Owned. */
char *finder_find(struct finder *finder, const char *name, const char *beside);

/* Read the whole tree now; -errno. entries is sorted by name. */
int finder_read_tree(struct finder *finder);

#endif
