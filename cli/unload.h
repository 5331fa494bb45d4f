/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_UNLOAD_H
#define RING3_UNLOAD_H

#include <stdbool.h>
#include <ring3/ring3.h>

/* The modules that are loaded now, newest first. */
struct module_names {
	char **list;
	unsigned int count;
};

void module_names_read(struct module_names *names, struct r3_box *box);
bool module_names_have(const struct module_names *names, const char *name);
void module_names_release(struct module_names *names);

/*
 * Unload every module, newest first, also what request_module brought in. A
 * provider may be newer than its user (it was asked for in init), so as long
 * as one goes, the others are tried again; and for a moment longer, since the
 * last reference may be one of a work that is about to run. tried hears of each try: info as it
 * was before, and what r3_module_unload returned. How many modules are left.
 */
unsigned int unload_all(struct r3_box *box,
			void (*tried)(void *context, const struct r3_module_info *info, int error),
			void *context);

#endif
