// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of modules: find one, describe one, list all. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loader/internal.h"
#include "loader/module_view.h"

struct r3_module *module_find(struct r3_box *box, const char *name)
{
	return symbol_table_find(box->module_names, name);
}

uint64_t module_handle(struct r3_box *box, const char *name)
{
	const struct r3_module *module;
	uint64_t handle = 0;

	module_lock(box);
	module = module_find(box, name);
	if (module && module->state != MODULE_UNFORMED)
		handle = module->handle;
	module_unlock(box);
	return handle;
}

int modules_are_disabled(void)
{
	return r3_fail(-EPERM, "kernel.modules_disabled is set in the box, for good: boot "
			       "another one");
}

int module_list(struct r3_module *module)
{
	struct r3_box *box = module->box;

	if (!symbol_table_add(box->module_names, module->name, module))
		return -ENOMEM;
	module->next = box->modules;
	module->link = &box->modules;
	if (module->next)
		module->next->link = &module->next;
	box->modules = module;
	module->serial = ++box->module_serials;
	module->listed = true;
	__atomic_add_fetch(&box->nr_modules, 1, __ATOMIC_RELAXED);
	return 0;
}

void module_unlist(struct r3_module *module)
{
	if (!module->listed)
		return;
	/* In the 2.4 scheme the name may be another module's by now. */
	if (module_find(module->box, module->name) == module)
		symbol_table_remove(module->box->module_names, module->name);
	*module->link = module->next;
	if (module->next)
		module->next->link = module->link;
	module->listed = false;
	__atomic_sub_fetch(&module->box->nr_modules, 1, __ATOMIC_RELAXED);
}

/* module_flags_taint of kernel/module/main.c: letters of the bits that are a module's. */
void taint_letters(uint64_t taints, char *text)
{
	static const struct {
		unsigned int bit;
		char letter;
	} letters[] = {{TAINT_PROPRIETARY_MODULE, 'P'},
		       {TAINT_FORCED_MODULE, 'F'},
		       {TAINT_CRAP, 'C'},
		       {TAINT_OOT_MODULE, 'O'},
		       {TAINT_UNSIGNED_MODULE, 'E'},
		       {TAINT_LIVEPATCH, 'K'},
		       {TAINT_TEST, 'N'}};

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (taints & (1UL << letters[i].bit))
			*text++ = letters[i].letter;
	*text = '\0';
}

/* Newest first, as print_modules() walks them; `+' loading, `-' going. */
void modules_linked_in(struct r3_box *box, char *buffer, size_t size)
{
	size_t used = 0;

	*buffer = '\0';
	for (const struct r3_module *module = box->modules; module; module = module->next) {
		char taints[16];
		const char *state = module->state == MODULE_COMING  ? "+"
				    : module->state == MODULE_GOING ? "-"
								    : "";
		int length;

		if (module->state == MODULE_UNFORMED)
			continue;
		taint_letters(module->taints, taints);
		if (*taints || *state)
			length = snprintf(buffer + used, size - used, " %s(%s%s)", module->name,
					  taints, state);
		else
			length = snprintf(buffer + used, size - used, " %s", module->name);
		if (length < 0 || (size_t)length >= size - used)
			break;
		used += length;
	}
}

static void describe(struct r3_module *module, struct r3_module_info *info)
{
	static const char *const states[] = {"live", "coming", "going", "unformed"};
	uint64_t refcount = 0;

	if (module->usecount)
		refcount = __atomic_load_n(module->usecount, __ATOMIC_RELAXED);
	else if (module->prepared)
		call_runtime(module->box, module->box->entries.module_refcount, &refcount, 1,
			     module->handle);
	taint_letters(module->taints, module->taint_text);
	free(module->users_text);
	module->users_text = module_users_text(module);
	*info = (struct r3_module_info){
		.name = module->name,
		.state = states[module->state],
		.taints = module->taint_text,
		.users = module->users_text ? module->users_text : "",
		.address = module->object ? module->object->core_base : 0,
		.core_size = module->object ? module->object->core_size : 0,
		.init_size = module->object ? module->object->init_size : 0,
		.refcount = (int)refcount,
		.has_exit = module->exit != 0,
	};
}

int r3_module_info(struct r3_box *box, const char *name, struct r3_module_info *info)
{
	struct r3_module *module;
	int error = box_enter(box);

	if (error)
		return error;
	module_lock(box);
	module = module_find(box, name);
	if (module)
		describe(module, info);
	module_unlock(box);
	box_leave(box);
	return module ? 0 : r3_fail(-ENOENT, "no module %s is loaded", name);
}

int r3_module_each(struct r3_box *box,
		   int (*visit)(void *context, const struct r3_module_info *info), void *context)
{
	struct r3_module_info info;
	int result = box_enter(box);

	if (result)
		return result;
	module_lock(box);
	for (struct r3_module *module = box->modules; module && !result; module = module->next) {
		if (module->state == MODULE_UNFORMED)
			continue;
		describe(module, &info);
		result = visit(context, &info);
	}
	module_unlock(box);
	box_leave(box);
	return result;
}
