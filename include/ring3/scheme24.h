/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The module scheme of Linux 2.4: the program that loads a module links it, and
 * the kernel only gives it memory and takes the finished image over. A box has
 * this scheme, and not today's, if it was made with R3_BOX_SCHEME_2_4; then
 * r3_module_load() gives -ENOSYS, and all else of ring3.h is as it was.
 *
 * The structures are those of include/linux/module.h of Linux 2.4 on x86-64,
 * with addresses as numbers; fields whose names start with an underscore are
 * padding.
 *
 * Every function may be called from any thread, returns 0 or a negative errno
 * (the numbers of kernel/module.c of Linux 2.4), and leaves a sentence in
 * r3_error(). Who may call them is for the caller to decide: of programs in a
 * box the superuser, except for queries.
 */
#ifndef RING3_SCHEME24_H
#define RING3_SCHEME24_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct r3_box;

/* What uname says in such a box, and what a module's kernel_version= has to be. */
#define R3_24_RELEASE      "2.4.37-ring3"

/* r3_24_module.flags */
#define R3_24_RUNNING      1
#define R3_24_DELETED      2
#define R3_24_AUTOCLEAN    4
#define R3_24_VISITED      8
#define R3_24_USED_ONCE    16
#define R3_24_JUST_FREED   32
#define R3_24_INITIALIZING 64

/* What stands first in a module's memory, and in the image that init_module() takes. */
struct r3_24_module {
	uint64_t size_of_struct; /* which fields there are */
	uint64_t next;           /* the kernel's */
	uint64_t name;
	uint64_t size; /* of the whole module */
	int32_t usecount;
	uint32_t _usecount_high;
	uint64_t flags;
	uint32_t nsyms, ndeps;
	uint64_t syms; /* of r3_24_symbol: what it exports */
	uint64_t deps; /* of r3_24_ref: what it uses */
	uint64_t refs; /* the first r3_24_ref of those who use it; the kernel's */
	uint64_t init, cleanup;
	uint64_t ex_table_start, ex_table_end; /* of r3_24_exception */
	/* Optional from here on. */
	uint64_t persist_start, persist_end;
	uint64_t can_unload;
	int32_t runsize;
	uint32_t _runsize_high;
	uint64_t kallsyms_start, kallsyms_end;
	uint64_t archdata_start, archdata_end;
	uint64_t kernel_data; /* 0 */
};
#define R3_24_MODULE_SIZE_MIN offsetof(struct r3_24_module, persist_start)
#define R3_24_MODULE_SIZE_MAX (sizeof(struct r3_24_module) + 16 * sizeof(uint64_t))

struct r3_24_symbol {
	uint64_t value;
	uint64_t name; /* an address; in what QM_SYMBOLS gives the place in the buffer */
};

struct r3_24_ref {
	uint64_t dep; /* the module that is used */
	uint64_t ref; /* the one that uses it; this and the next are the kernel's */
	uint64_t next_ref;
};

/* Both absolute. */
struct r3_24_exception {
	uint64_t insn, fixup;
};

/* What QM_INFO gives. */
struct r3_24_info {
	uint64_t addr, size, flags;
	int64_t usecount; /* -1: the module decides itself when it may go (can_unload) */
};

/* What get_kernel_syms() gives; the name of a module has a '#' before it. */
struct r3_24_kernel_symbol {
	uint64_t value;
	char name[60];
	uint32_t _pad;
};

enum r3_24_query {
	R3_QM_MODULES = 1, /* names of all modules, each with its NUL; *ret: how many */
	R3_QM_DEPS = 2,    /* the same of those that it uses */
	R3_QM_REFS = 3,    /* and of those that use it */
	R3_QM_SYMBOLS = 4, /* r3_24_symbol, then their names; *ret: how many */
	R3_QM_INFO = 5,    /* r3_24_info; *ret: its size */
};

/*
 * Memory for a module, cleared, with a struct module that has its name and size
 * only. *address is where it lies and will run. -EEXIST; -EINVAL: less than
 * sizeof(struct r3_24_module), the name and its NUL, or no name; -ENOMEM.
 */
int r3_create_module(struct r3_box *box, const char *name, size_t size, uint64_t *address);
/*
 * Take the image over and call its init. The image is addressed as it will lie.
 * -ENOENT: there is no such module; -EINVAL: something in the image points where
 * it must not, the log says what; -EFAULT: length is less than it says; -EBUSY:
 * it runs already, or init returned a positive number, else what init returned.
 * It stays created then.
 */
int r3_init_module(struct r3_box *box, const char *name, const void *image, size_t length);
/*
 * Call its cleanup, if it was initialized, and free it. -ENOENT; -EBUSY: it is
 * in use. NULL: all that are marked autoclean, were used, and have not been for
 * as long as since the last such call.
 */
int r3_delete_module(struct r3_box *box, const char *name);
/*
 * name NULL: the kernel's own. -ENOENT; -EINVAL: no such query, or none about
 * the kernel; -ENOSPC: *ret is how large the buffer has to be. which 0 is no
 * question: 0.
 */
int r3_query_module(struct r3_box *box, const char *name, int which, void *buffer, size_t size,
		    size_t *ret);
/*
 * The symbols of all modules and then the kernel's. How many there are, of which
 * at most room are stored at table.
 */
long r3_get_kernel_syms(struct r3_box *box, struct r3_24_kernel_symbol *table, size_t room);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
