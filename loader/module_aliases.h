/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The aliases of the modules in a directory. */
#ifndef RING3_MODULE_ALIASES_H
#define RING3_MODULE_ALIASES_H

#include "box/box.h"

struct alias {
	const char *pattern, *module; /* in text */
};

struct aliases {
	struct alias *all;
	size_t count;
	char *text; /* as modules.alias: lines of "alias PATTERN MODULE" */
};

/*
 * From the directory's modules.alias if it has one, as modprobe does, else from
 * the .modinfo of each of the paths; what took long to read is kept in the
 * user's cache directory. 0 or -ENOMEM: who cannot be read has no aliases.
 */
int aliases_read(struct aliases *aliases, const struct r3_box_options *options,
		 const char *const *paths, size_t count);
void aliases_free(struct aliases *aliases);

/* The name of the module in a file, of that length; 0: not a module's file. */
size_t module_file_name(const char *path, const char **name);

#endif
