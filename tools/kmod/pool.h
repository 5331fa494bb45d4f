/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules that a run of a tool comes across: what names stand for, what each needs. */
#ifndef RING3_KMOD_POOL_H
#define RING3_KMOD_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include "tools/kmod/config.h"
#include "tools/kmod/index.h"

struct pool_module {
	struct pool_module *next;
	char *name;
	char *alias;                /* what it was found by, in kmod's sense; NULL: its own name */
	char *path;                 /* NULL: no file is known; see pool_read_needs() */
	struct pool_module **needs; /* owned; in the order they are loaded */
	size_t nr_needs;
	bool has_read_needs;
	enum { BUILTIN_UNKNOWN, BUILTIN_NO, BUILTIN_YES } builtin;
	const char *found_in;                /* the index it was found in; NULL: none */
	const struct config_entry *found_by; /* the alias or command it was found by */
	/* of the load that is at work */
	bool is_visited;
	bool is_required; /* asked for or needed, not just a softdep */
	bool ignores_command;
	const struct pool_module *wanted_by; /* NULL: it was asked for */
	const struct config_entry *softdep;  /* why; NULL: wanted_by needs it */
};

struct pool_list {
	struct pool_module **modules; /* owned */
	size_t count;
};

enum pool_index {
	POOL_DEP,
	POOL_SYMBOLS,
	POOL_ALIAS,
	POOL_BUILTIN,
	POOL_BUILTIN_ALIAS,
	NR_POOL_INDEXES,
};

struct pool {
	const char *directory;       /* /lib/modules/RELEASE */
	const struct config *config; /* NULL: none counts */
	struct pool_module *modules;
	struct index indexes[NR_POOL_INDEXES];
	bool is_open[NR_POOL_INDEXES], was_tried[NR_POOL_INDEXES];
};

void pool_release(struct pool *pool);

/* Without ".bin". */
extern const char *const pool_index_names[NR_POOL_INDEXES];
/* NULL: it is not there, or cannot be read, which was told. Opened once. */
const struct index *pool_index(struct pool *pool, enum pool_index which);
/* 1: there is such a key. -EINVAL: a damaged index, which was told. */
int pool_has_key(struct pool *pool, enum pool_index which, const char *key);
/* Tell of it: -EINVAL. */
int pool_report_damage(const struct pool *pool, enum pool_index which);

/*
 * All that the alias (or name) stands for, in kmod's order. It may be nothing.
 * -EINVAL: brackets that do not match, or a damaged index, which was told. -ENOMEM.
 */
int pool_lookup(struct pool *pool, const char *alias, struct pool_list *found);
/* The same by name alone: a module's file, or what is built in. */
int pool_lookup_name(struct pool *pool, const char *name, struct pool_list *found);
/* name is normal; alias may be NULL. NULL: no memory. */
struct pool_module *pool_find(struct pool *pool, const char *name, const char *alias);
/* A module file. -errno. */
int pool_from_path(struct pool *pool, const char *path, struct pool_module **module);
/* Fill path and needs from modules.dep.bin. -EINVAL (told), -ENOMEM. */
int pool_read_needs(struct pool *pool, struct pool_module *module);
bool pool_is_builtin(struct pool *pool, struct pool_module *module);
/* Is it built in, or loaded and through with its init function? */
bool pool_is_in_kernel(struct pool *pool, struct pool_module *module);

/* -ENOMEM. */
int pool_list_add(struct pool_list *list, struct pool_module *module);
void pool_list_release(struct pool_list *list);

#endif
