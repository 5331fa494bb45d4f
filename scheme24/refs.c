// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who uses whom. The host's list of uses is what counts; struct module_ref in
 * the modules' memory is kept as Linux keeps it, for their eyes.
 */
#include <errno.h>
#include <string.h>
#include "scheme24/internal.h"

/* A struct module_ref where it lies, aligned or not. */
static struct r3_24_ref read_ref(struct r3_box *box, uint64_t address)
{
	struct r3_24_ref ref;

	memcpy(&ref, box_writable(box, address), sizeof(ref));
	return ref;
}

static void write_ref(const struct module_use *use, const struct r3_24_ref *ref)
{
	memcpy(box_writable(use->user->box, use->ref), ref, sizeof(*ref));
}

/* mod->refs and the chain behind it, anew. */
static void write_chain(const struct r3_module *module)
{
	const struct module_use *use = module->users;

	module_header(module)->refs = use ? use->ref : 0;
	for (; use; use = use->next_user)
		write_ref(use, &(struct r3_24_ref){.dep = module->handle,
						   .ref = use->user->handle,
						   .next_ref = use->next_user ? use->next_user->ref
									      : 0});
}

static struct r3_module *module_at(struct r3_box *box, uint64_t address)
{
	struct r3_module *module = box->modules;

	while (module && (module->handle != address || module->scheme24 == NULL))
		module = module->next;
	return module;
}

static uint64_t address_of_ref(const struct r3_24_module *header, unsigned int index)
{
	return header->deps + index * sizeof(struct r3_24_ref);
}

static int check(const struct r3_module *module, const struct r3_24_module *header)
{
	for (unsigned int i = 0; i < header->ndeps; i++) {
		uint64_t dep = read_ref(module->box, address_of_ref(header, i)).dep;

		if (dep == module->handle) {
			box_printk(module->box, 3,
				   "init_module: self-referential dependency in mod->deps.");
			return -EINVAL;
		}
		if (!module_at(module->box, dep)) {
			box_printk(module->box, 3,
				   "init_module: found dependency that is (no longer?) a module.");
			return -EINVAL;
		}
	}
	return 0;
}

int refs_link(struct r3_module *module, const struct r3_24_module *header)
{
	struct r3_box *box = module->box;
	int error = check(module, header);

	for (unsigned int i = 0; i < header->ndeps && !error; i++) {
		uint64_t address = address_of_ref(header, i);
		struct r3_module *source = module_at(box, read_ref(box, address).dep);
		struct module_use *use = source ? use_add(module, source) : NULL;

		/* Entries that overlap change each other. */
		if (!use)
			return source ? -ENOMEM : -EINVAL;
		use->ref = address;
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
