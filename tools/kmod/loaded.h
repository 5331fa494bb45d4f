/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the running kernel tells of its modules, in /proc/modules and /sys/module. */
#ifndef RING3_KMOD_LOADED_H
#define RING3_KMOD_LOADED_H

#include <stdbool.h>
#include <stddef.h>

enum loaded_state { LOADED_LIVE, LOADED_COMING, LOADED_GOING };

/* enum loaded_state, or -errno; -ENOENT: no module of that name is loaded. */
int loaded_state(const char *name);
/* How often it is in use. -errno; -ENOENT: this kernel does not count. */
int loaded_references(const char *name);

/*
 * Call visit with the name of each module that uses this one, until it returns
 * non-zero, which is returned. -errno if they cannot be read.
 */
int loaded_holders(const char *name, int (*visit)(void *context, const char *holder),
		   void *context);

/* A line of /proc/modules. */
struct loaded_module {
	const char *name;
	long size;         /* bytes, from /sys/module if it tells; else -errno */
	const char *state; /* "Live", "Loading", "Unloading"; "" if the line lacks it */
};
/* For each module, newest first, as loaded_holders(). */
int loaded_each(int (*visit)(void *context, const struct loaded_module *module), void *context);

#endif
