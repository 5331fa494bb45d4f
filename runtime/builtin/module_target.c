// SPDX-License-Identifier: GPL-2.0-or-later
/* This target's half of runtime/core/module.c. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include "../core/core.h"
#include "builtin.h"

static void *section(const struct r3_object *object, const char *name, size_t size,
		     unsigned int *count)
{
	const struct r3_section *found = object_section(object, name);

	*count = found ? found->size / size : 0;
	return found ? (void *)found->address : NULL;
}

void module_fill_target(struct module *mod, const struct r3_module_description *description)
{
	const struct r3_object *object = description->object;

	/* From here on there is code that could read jiffies. */
	jiffies_start();
	mod->core_layout = (struct module_layout){
		.base = (void *)description->core_base,
		.size = description->core_size,
		.text_size = description->core_text_size,
		.ro_size = description->core_ro_size,
		.ro_after_init_size = description->core_ro_size,
	};
	mod->init_layout = (struct module_layout){
		.base = (void *)description->init_base,
		.size = description->init_size,
	};
	mod->percpu = (void *)description->percpu;
	mod->percpu_size = description->percpu_size;
	mod->syms = section(object, "__ksymtab", sizeof(*mod->syms), &mod->num_syms);
	mod->gpl_syms = section(object, "__ksymtab_gpl", sizeof(*mod->syms), &mod->num_gpl_syms);
	mod->bug_table = section(object, "__bug_table", sizeof(*mod->bug_table), &mod->num_bugs);
	mod->jump_entries =
		section(object, "__jump_table", sizeof(*mod->jump_entries), &mod->num_jump_entries);
}

void module_forget_init(struct module *mod)
{
	mod->init_layout = (struct module_layout){};
	mod->init = NULL;
}

/* After this no reader, callback or handler of before can still be in the module. */
void module_quiesce(struct module *mod)
{
	synchronize_rcu();
}

/* There are no dynamic debug messages to switch. */
int module_dyndbg(struct module *mod, const char *query)
{
	return 0;
}
