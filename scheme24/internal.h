/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the steps share. Of a module's memory, which the module itself may write,
 * the host believes nothing but flags, use count and an address to call: what
 * else is looked at again is kept here.
 */
#ifndef RING3_SCHEME24_INTERNAL_H
#define RING3_SCHEME24_INTERNAL_H

#include "loader/internal.h"
#include "scheme24/scheme24.h"

struct symbol24 {
	uint64_t value;
	const char *name;
};

/* Of r3_module.scheme24. */
struct module24 {
	uint64_t size;       /* as created */
	bool has_can_unload; /* its struct module reaches that far */
	unsigned int nr_symbols;
	struct symbol24 symbols[]; /* names are in the object's strings */
};

/* Its struct module, in the view that the host may always write. */
static inline struct r3_24_module *module_header(const struct r3_module *module)
{
	return box_writable(module->box, module->handle);
}
/* MOD_CAN_QUERY() */
static inline bool can_query(const struct r3_module *module)
{
	uint64_t flags = module_header(module)->flags;

	return flags & (R3_24_RUNNING | R3_24_INITIALIZING) && !(flags & R3_24_DELETED);
}

/* ---- image.c: what init_module() demands of an image ---- */
/* mod_member_present() */
#define HEADER_HAS(header, member)                                                                 \
	((header)->size_of_struct >=                                                               \
	 offsetof(struct r3_24_module, member) + sizeof((header)->member))
/* May an image have a header of that size? */
bool image_header_size_is_good(uint64_t size);
/*
 * The header as it will lie at address, in a module that was created with that
 * size and a name of that length: NULL, or what is wrong with it.
 */
const char *image_check_header(const struct r3_24_module *header, uint64_t address,
			       uint64_t created_size, size_t name_length);
/* ---- symbols.c ---- */
/* What its image says that it exports: -ENOMEM; -EINVAL, after a message: a name is not in it. */
int symbols_read(struct r3_module *module, const struct r3_24_module *header);
/* What the kernel exports, by name: it is put together once. NULL: no memory. */
struct kernel_symbols {
	unsigned int count;
	struct symbol24 *symbols;
};
const struct kernel_symbols *kernel_symbols(struct r3_box *box);
/* ---- create.c ---- */
/* Give memory and names back; under the lock. */
void module24_free(struct r3_module *module);
/* ---- delete.c ---- */
/* What says whether the module is in use, 0: its count. Modules set it in their init. */
uint64_t module24_can_unload(const struct r3_module *module);
/* ---- refs.c: who uses whom, kept here and in the modules' own tables ---- */
int refs_link(struct r3_module *module, const struct r3_24_module *header);
/* With tag, what nobody uses any more is marked as just freed. */
void refs_unlink(struct r3_module *module, bool tag);

#endif
