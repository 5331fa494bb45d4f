/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Find modules by name or alias in the indexes of a directory /lib/modules/RELEASE. */
#ifndef RING3_KMOD_LOOKUP_H
#define RING3_KMOD_LOOKUP_H

#include <limits.h>
#include <stdbool.h>

/* path is NULL for what has no file: it is built into the kernel. */
typedef int (*lookup_visit_fn)(void *context, const char *name, const char *path);

/*
 * 0 (also if nothing was found: then visit was not called), what visit
 * returned, -EINVAL: brackets that do not match, or, after a message, -errno of an
 * index that is damaged (-EINVAL) or cannot be read. One that is missing has
 * nothing in it.
 */
int lookup_name(const char *directory, const char *name, lookup_visit_fn visit, void *context);
/* By name, then, until something is found, symbol ("symbol:NAME") and alias. */
int lookup_alias(const char *directory, const char *alias, lookup_visit_fn visit, void *context);

bool lookup_is_builtin(const char *directory, const char *name);

/* The first module that exports the symbol. false: none does. */
bool lookup_symbol(const char *directory, const char *symbol, char module[PATH_MAX]);

#endif
