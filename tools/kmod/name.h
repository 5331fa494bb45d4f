/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of modules and aliases, by kmod's rules. */
#ifndef RING3_KMOD_NAME_H
#define RING3_KMOD_NAME_H

#include <limits.h>
#include <stdbool.h>

/* A name in the form that the kernel uses: up to its first '.', each '-' a '_'. */
void name_normalize(const char *from, char name[PATH_MAX]);
/* The module's name: the same of path's last part. */
void name_from_path(const char *path, char name[PATH_MAX]);

/*
 * An alias in the form that indexes hold: each '-' outside of [...] a '_'.
 * -EINVAL: brackets that do not match. -ENAMETOOLONG: longer than PATH_MAX - 1.
 */
int name_of_alias(const char *alias, char name[PATH_MAX]);

/* Does the path end as a module file's: .ko, .ko.gz, .ko.xz, .ko.zst? */
bool name_is_module_file(const char *path);

#endif
