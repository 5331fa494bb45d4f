// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli/unload.h"

/* Rounds in which nothing went, and the pause before each. */
#define IDLE_ROUNDS 20
#define IDLE_NS     10000000L

static int add_name(void *context, const struct r3_module_info *info)
{
	struct module_names *names = context;
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

void module_names_read(struct module_names *names, struct r3_box *box)
{
	*names = (struct module_names){0};
	r3_module_each(box, add_name, names);
}

bool module_names_have(const struct module_names *names, const char *name)
{
	for (unsigned int i = 0; i < names->count; i++)
		if (strcmp(names->list[i], name) == 0)
			return true;
	return false;
}

void module_names_release(struct module_names *names)
{
	for (unsigned int i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
	*names = (struct module_names){0};
}

/* Try each once: how many went, how many of the others were in use. */
static unsigned int unload_round(struct r3_box *box, const struct module_names *names,
				 void (*tried)(void *context, const struct r3_module_info *info,
					       int error),
				 void *context, unsigned int *in_use)
{
	struct r3_module_info info;
	unsigned int gone = 0;
	int error;

	*in_use = 0;
	for (unsigned int i = 0; i < names->count; i++) {
		if (r3_module_info(box, names->list[i], &info))
			continue;
		/* The name that info points to goes with the module. */
		info.name = names->list[i];
		error = r3_module_unload(box, names->list[i], R3_UNLOAD_NONBLOCK);
		tried(context, &info, error);
		gone += error == 0;
		*in_use += error == -EAGAIN;
	}
	return gone;
}

unsigned int unload_all(struct r3_box *box,
			void (*tried)(void *context, const struct r3_module_info *info, int error),
			void *context)
{
	const struct timespec pause = {.tv_nsec = IDLE_NS};
	unsigned int gone, left, in_use, idle = 0;
	struct module_names names;

	for (;;) {
		module_names_read(&names, box);
		gone = unload_round(box, &names, tried, context, &in_use);
		left = names.count - gone;
		module_names_release(&names);
		if (!left)
			return 0;
		if (gone)
			continue;
		if (!in_use || idle++ == IDLE_ROUNDS)
			return left;
		nanosleep(&pause, NULL);
	}
}
