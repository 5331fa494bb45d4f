// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who uses whom. The host's list of uses is what counts; struct module_ref in
 * the modules' memory is kept as Linux keeps it, for their eyes.
 */
#include <errno.h>
#include "scheme24/internal.h"

static struct r3_24_ref *ref_of(const struct module_use *use)
{
	return box_writable(use->user->box, use->ref);
}

/* mod->refs and the chain behind it, anew. */
static void write_chain(const struct r3_module *module)
{
	const struct module_use *use = module->users;

	module_header(module)->refs = use ? use->ref : 0;
	for (; use; use = use->next_user)
		ref_of(use)->next_ref = use->next_user ? use->next_user->ref : 0;
}

static struct r3_module *module_at(struct r3_box *box, uint64_t address)
{
	struct r3_module *module = box->modules;

	while (module && (module->handle != address || module->scheme24 == NULL))
		module = module->next;
	return module;
}

static int check(const struct r3_module *module, const struct r3_24_ref *deps, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (deps[i].dep == module->handle) {
			box_printk(module->box, 3,
				   "init_module: self-referential dependency in mod->deps.");
			return -EINVAL;
		}
		if (!module_at(module->box, deps[i].dep)) {
			box_printk(module->box, 3,
				   "init_module: found dependency that is (no longer?) a module.");
			return -EINVAL;
		}
	}
	return 0;
}

int refs_link(struct r3_module *module, const struct r3_24_module *header)
{
	struct r3_24_ref *deps = box_writable(module->box, header->deps);
	int error = check(module, deps, header->ndeps);

	for (unsigned int i = 0; i < header->ndeps && !error; i++) {
		struct r3_module *source = module_at(module->box, deps[i].dep);
		struct module_use *use = use_add(module, source);

		if (!use)
			return -ENOMEM;
		use->ref = header->deps + i * sizeof(*deps);
		deps[i].ref = module->handle;
		write_chain(source);
		__atomic_or_fetch(&module_header(source)->flags, (uint64_t)R3_24_USED_ONCE,
				  __ATOMIC_RELAXED);
	}
	return error;
}

void refs_unlink(struct r3_module *module, bool tag)
{
	while (module->sources) {
		struct r3_module *source = module->sources->source;

		use_remove(module->sources);
		write_chain(source);
		if (tag && !source->users)
			__atomic_or_fetch(&module_header(source)->flags, (uint64_t)R3_24_JUST_FREED,
					  __ATOMIC_RELAXED);
	}
}
