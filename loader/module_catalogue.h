/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module files below the box's modules directory, by name and by alias. */
#ifndef RING3_MODULE_CATALOGUE_H
#define RING3_MODULE_CATALOGUE_H

#include "box/box.h"

/*
 * Call visit with the path of each module that `modprobe NAME' would load: the
 * one whose file has that name, else all that have a matching alias. 0 if one
 * call of visit returned 0, else what the last returned; -ENOENT: there is none.
 */
int module_catalogue_find(struct r3_box *box, const char *name, size_t length,
			  int (*visit)(void *context, const char *path), void *context);
void module_catalogue_free(struct r3_box *box);

#endif
