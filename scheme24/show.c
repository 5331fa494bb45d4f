// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/modules and /proc/ksyms, in the form that they have in 2.4. */
#include <errno.h>
#include "scheme24/internal.h"

static void show_state(const struct r3_module *module, FILE *text)
{
	uint64_t flags = module_header(module)->flags;

	if (flags & R3_24_RUNNING)
		fprintf(text, "%4d", module24_can_unload(module) ? -1 : *module->usecount);
	if (flags & R3_24_DELETED) {
		fputs(" (deleted)", text);
	} else if (flags & R3_24_RUNNING) {
		if (flags & R3_24_AUTOCLEAN)
			fputs(" (autoclean)", text);
		if (!(flags & R3_24_USED_ONCE))
			fputs(" (unused)", text);
	} else if (flags & R3_24_INITIALIZING) {
		fputs(" (initializing)", text);
	} else {
		fputs(" (uninitialized)", text);
	}
}

static void show_users(const struct r3_module *module, FILE *text)
{
	const char *before = " [";

	for (const struct module_use *use = module->users; use; use = use->next_user) {
		fprintf(text, "%s%s", before, use->user->name);
		before = " ";
	}
	if (module->users)
		fputc(']', text);
}

void scheme24_show_modules(struct r3_box *box, FILE *text)
{
	module_lock(box);
	for (struct r3_module *module = box->modules; module; module = module->next) {
		fprintf(text, "%-20s%8lu", module->name, (unsigned long)module->scheme24->size);
		show_state(module, text);
		show_users(module, text);
		fputc('\n', text);
	}
	module_unlock(box);
}

int scheme24_show_symbols(struct r3_box *box, FILE *text)
{
	const struct kernel_symbols *symbols = kernel_symbols(box);

	if (!symbols)
		return -ENOMEM;
	module_lock(box);
	for (struct r3_module *module = box->modules; module; module = module->next) {
		const struct module24 *own = module->scheme24;

		for (unsigned int i = 0; i < own->nr_symbols && can_query(module); i++)
			fprintf(text, "%016lx %s\t[%s]\n", (unsigned long)own->symbols[i].value,
				own->symbols[i].name, module->name);
	}
	module_unlock(box);
	for (unsigned int i = 0; i < symbols->count; i++)
		fprintf(text, "%016lx %s\n", (unsigned long)symbols->symbols[i].value,
			symbols->symbols[i].name);
	return 0;
}
