// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cli/unload.h"

struct names {
	char **list;
	unsigned int count;
};

static int add_name(void *context, const struct r3_module_info *info)
{
	struct names *names = context;
	char **list = realloc(names->list, (names->count + 1) * sizeof(char *));

	if (!list)
		return -ENOMEM;
	names->list = list;
	list[names->count] = strdup(info->name);
	if (!list[names->count])
		return -ENOMEM;
	names->count++;
	return 0;
}

unsigned int unload_all(struct r3_box *box,
			void (*tried)(void *context, const struct r3_module_info *info, int error),
			void *context)
{
	unsigned int i, gone, left;
	struct r3_module_info info;
	struct names names;
	int error;

	do {
		names = (struct names){0};
		gone = 0;
		r3_module_each(box, add_name, &names);
		for (i = 0; i < names.count; i++) {
			if (r3_module_info(box, names.list[i], &info) == 0) {
				/* The name that info points to goes with the module. */
				info.name = names.list[i];
				error = r3_module_unload(box, names.list[i], R3_UNLOAD_NONBLOCK);
				tried(context, &info, error);
				gone += error == 0;
			}
			free(names.list[i]);
		}
		left = names.count - gone;
		free(names.list);
	} while (gone > 0 && left > 0);
	return left;
}
