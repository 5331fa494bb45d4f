// SPDX-License-Identifier: GPL-2.0-or-later
/* Who uses whom: each use holds a reference of the module it uses. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "loader/internal.h"

struct module_use *use_add(struct r3_module *user, struct r3_module *source)
{
	struct module_use *use = calloc(1, sizeof(*use)), **end = &user->sources;

	if (!use)
		return NULL;
	use->user = user;
	use->source = source;
	while (*end)
		end = &(*end)->next;
	*end = use;
	use->next_user = source->users;
	use->user_link = &source->users;
	if (use->next_user)
		use->next_user->user_link = &use->next_user;
	source->users = use;
	return use;
}

void use_remove(struct module_use *use)
{
	struct module_use **link = &use->user->sources;

	while (*link != use)
		link = &(*link)->next;
	*link = use->next;
	*use->user_link = use->next_user;
	if (use->next_user)
		use->next_user->user_link = use->user_link;
	free(use);
}

int use_module(struct r3_module *user, struct r3_module *source)
{
	struct module_use *use;
	uint64_t got = 0;
	int error;

	for (use = user->sources; use; use = use->next)
		if (use->source == source)
			return 0;
	/* strong_try_module_get */
	if (source->state == MODULE_COMING || source->state == MODULE_UNFORMED)
		return -EBUSY;
	error = call_runtime(user->box, user->box->entries.module_get, &got, 1, source->handle);
	if (error || !(int)got)
		return error ? error : -ENOENT;
	if (use_add(user, source))
		return 0;
	call_runtime(user->box, user->box->entries.module_put, NULL, 1, source->handle);
	return -ENOMEM;
}

void unuse_modules(struct r3_module *module)
{
	while (module->sources) {
		const struct r3_module *source = module->sources->source;

		use_remove(module->sources);
		call_runtime(module->box, module->box->entries.module_put, NULL, 1, source->handle);
	}
}

bool module_has_users(const struct r3_module *module)
{
	return module->users;
}

/* "a,b," in the order of /proc/modules: the newest user first. */
char *module_users_text(const struct r3_module *module)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	for (const struct module_use *use = module->users; use; use = use->next_user)
		fprintf(stream, "%s,", use->user->name);
	fclose(stream);
	return text;
}
