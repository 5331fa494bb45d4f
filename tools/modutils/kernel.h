/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What query_module() tells of the kernel and its modules. */
#ifndef RING3_MODUTILS_KERNEL_H
#define RING3_MODUTILS_KERNEL_H

#include "tools/modutils/modutils.h"

struct kernel_symbol {
	const char *name;
	uint64_t value;
};

struct kernel_symbols {
	struct kernel_symbol *list; /* owned */
	size_t count;
	void *buffer; /* owned: their names are in it */
};

struct kernel_module {
	const char *name;
	uint64_t address, size, flags;
	int64_t use_count;
	struct kernel_symbols symbols;
	char *holders; /* owned; each ends in NUL */
	size_t nr_holders;
	bool is_gone; /* it was removed while we asked */
	bool is_used; /* the linker's: the object needs it */
};

struct kernel {
	struct kernel_module *modules; /* owned; the newest first */
	size_t nr_modules;
	char *names; /* owned */
	struct kernel_symbols symbols;
};

#define KERNEL_INFO    1u
#define KERNEL_HOLDERS 2u
#define KERNEL_SYMBOLS 4u

/* -errno after a message; kernel_release() is due in any case. */
int kernel_read(struct kernel *kernel, const struct module_calls *calls, unsigned int what,
		struct messages *messages);
void kernel_release(struct kernel *kernel);

/* NULL: none is loaded by that name. */
struct kernel_module *kernel_find(const struct kernel *kernel, const char *name);
/* Visit the names of those that use the module: 0, or what a visit returned. */
int kernel_each_holder(const struct kernel_module *module,
		       int (*visit)(void *context, const char *name), void *context);

#endif
