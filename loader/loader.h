/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From bytes to a running object. struct object is anything that was loaded:
 * the runtime, a member of the library, a module; struct r3_module is what a
 * module has beyond that. struct load_info lives only while loading.
 */
#ifndef RING3_LOADER_H
#define RING3_LOADER_H

#include <pthread.h>
#include "box/box.h"
#include "elf/elf_view.h"
#include "ring3/hypercall.h"

/* The parts of an object's memory, each with its own protection. */
enum part {
	PART_TEXT,
	PART_RODATA,
	PART_RO_AFTER_INIT,
	PART_DATA,
	PART_INIT_TEXT,
	PART_INIT_RODATA,
	PART_INIT_DATA,
	NR_PARTS
};

struct part_range {
	uint64_t address; /* page-aligned; 0 if empty */
	uint64_t size;    /* page-aligned */
};

/* A symbol of an object, address resolved; names live in the object's strings. */
struct symbol {
	uint64_t address;
	uint32_t size;
	uint32_t name;   /* offset in object.strings */
	uint8_t type;    /* STT_* */
	uint8_t binding; /* STB_* */
	uint8_t code;    /* nm's letter */
	uint8_t part;    /* enum part, or 0xff: not in memory of the object (absolute, per-CPU) */
	uint32_t order;  /* its place in the object's symbol table */
};

struct export
{
	const char *name;
	const char *namespace; /* NULL: none */
	uint64_t address;
	uint32_t crc;
	bool has_crc;
	bool gpl_only;
	struct object *owner;
};

struct object {
	struct r3_box *box;
	struct object *next, **link; /* box->objects, newest first; what points to this one */
	struct site *sites;          /* box/account.c's */
	char *name;                  /* "runtime", "lib/vsprintf.o", or the module's */
	struct r3_module *module;    /* NULL: part of the kernel */
	struct part_range parts[NR_PARTS];
	uint64_t core_base, core_size; /* one range each */
	uint64_t init_base, init_size; /* size 0 once freed */
	struct r3_section *sections;   /* every SHF_ALLOC section, names owned */
	unsigned int nr_sections;
	struct symbol *symbols; /* defined ones, sorted by address */
	unsigned int nr_symbols;
	char *strings;
	struct thread *starter; /* of a member of the library: who runs its initcalls */
	bool is_member, is_prepared, started;
	uint64_t percpu, percpu_size;
	struct export *exports; /* of a built-in object of the builtin target */
	unsigned int nr_exports;
	uint64_t *fentry_sites; /* patched to nops; for probes; ascending */
	unsigned int nr_fentry_sites;
	struct r3_object view;   /* what the runtime is shown */
	struct orc_table *orc;   /* arch/x86_64/orc.c's, made when first needed; free() it */
	struct cold_parts *cold; /* probe/region.c's, likewise */
	/* Of the 2.4 scheme: pairs of addresses, an instruction and where to go on if it faults. */
	uint64_t absolute_fixups;
	uint64_t nr_absolute_fixups;
};

enum module_state { MODULE_LIVE, MODULE_COMING, MODULE_GOING, MODULE_UNFORMED };

struct module_use {
	struct module_use *next;                   /* user->sources */
	struct module_use *next_user, **user_link; /* source->users, newest first */
	struct r3_module *user, *source;
	uint64_t ref; /* the 2.4 scheme's struct module_ref, in the user's memory */
};

struct r3_module {
	struct r3_box *box;
	struct r3_module *next, **link; /* box->modules, newest first; what points to this one */
	char name[MODULE_NAME_LEN];
	enum module_state state;
	struct object *object;
	uint64_t handle; /* struct module in module space (the runtime's) */
	uint64_t taints;
	uint64_t init, exit; /* addresses, 0: none */
	struct export *exports;
	unsigned int nr_exports;
	struct module_use *sources; /* the modules that this one uses, oldest first */
	struct module_use *users;   /* and those that use it */
	bool gpl_compatible;
	bool using_gpl_only;
	bool is_signed;
	bool listed;        /* in box->modules and by its name */
	bool prepared;      /* the runtime knows it */
	bool oopsed;        /* before it was live: it stays as it is, for good */
	uint64_t serial;    /* no two modules of a box ever have the same */
	bool in_sysfs;      /* from after its parameters were set until after exit */
	unsigned int holds; /* module_hold() */
	char *arguments;
	char *version, *srcversion; /* NULL if absent */
	char *namespaces;           /* imported, NUL-separated, ends in an empty one */
	char taint_text[16];
	char *users_text;
	struct module24 *scheme24; /* scheme24/'s; free() it. NULL: loaded by today's scheme */
	const int32_t *usecount;   /* in its memory; NULL: the runtime counts its references */
};

/* ---- loader/load.c: the ordered story ---- */
/* Beside R3_LOAD_*: stop before any code of the module runs, and undo everything. */
#define R3_LOAD_DRY 0x80000000u
int load_module(struct r3_box *box, struct module_image *image, const char *arguments,
		unsigned int flags, struct r3_module **module);
/* ---- loader/calls.c ---- */
/* Waiting for it gives the vCPU up, so that its holder can go on. Recursive. */
void module_lock(struct r3_box *box);
void module_unlock(struct r3_box *box);
/* A function of the runtime with up to six arguments, on this thread: 0 or -R3_EOOPS. */
int call_runtime(struct r3_box *box, uint64_t entry, uint64_t *result, unsigned int count, ...);
/* Let what was freed a moment ago, through RCU for example, be free; it may take a second. */
void runtime_settle(struct r3_box *box);
/*
 * What this thread waits for in loader/ from now on, a signal may end: pending
 * is asked now and then, context is its. NULL: nothing does.
 */
void module_interruptible(bool (*pending)(void *context), void *context);
/*
 * Sleep until box->module_wait is signalled, for that long at most (0: however
 * long it takes). The lock is held, and given up meanwhile with the vCPU.
 * false: a signal to the caller ended it, see module_interruptible().
 */
bool module_wait_change(struct r3_box *box, unsigned int milliseconds);
/* ---- loader/unload.c ---- */
int delete_module(struct r3_box *box, const char *name, unsigned int flags);
/* ---- loader/object.c: runtime and library members: no versions, licences, parameters ---- */
int load_builtin_object(struct r3_box *box, const char *name, const void *data, size_t size,
			struct object **object);
void object_free(struct object *object);

/* The object and symbol that an address lies in; NULL. Safe in signal handlers on kernel code. */
const struct object *object_of_address(struct r3_box *box, uint64_t address);
const struct symbol *symbol_of_address(const struct object *object, uint64_t address);
/*
 * The size that Linux shows: the way to the next symbol, of a module's last
 * function to the end of the text's pages (find_kallsyms_symbol()).
 */
uint64_t symbol_span(const struct object *object, const struct symbol *symbol);
/* Its size; up to the next symbol where the assembler gave none. */
uint64_t symbol_extent(const struct object *object, const struct symbol *symbol);
bool address_is_text(struct r3_box *box, uint64_t address);
/* Of two uint64_t, for qsort() and bsearch(). */
int compare_addresses(const void *left, const void *right);
const struct r3_section *object_section(const struct object *object, const char *name);
/* "fn+0x1/0x2 [mod]"; "0x..." when nothing is known. As snprintf. */
int symbol_format(struct r3_box *box, uint64_t address, char *buffer, size_t size);
uint64_t symbol_lookup(struct r3_box *box, const char *name);
/* The same, where a member of the library that has a function of that name is loaded for it. */
uint64_t function_lookup(struct r3_box *box, const char *name);
/* How many symbols of kernel and modules have that name. */
unsigned int symbol_count(struct r3_box *box, const char *name);
/*
 * Where the address of such a function was given out before it was loaded,
 * that is a stub's, and this its own; any other address: the same. 0: it
 * cannot be loaded.
 */
uint64_t function_behind(struct r3_box *box, uint64_t address);
/* The same for what the kernel exports, loading the member of the library that has it. */
uint64_t exported_symbol(struct r3_box *box, const char *name);
/* "MODULE(OE+)" list of oops headers. */
void modules_linked_in(struct r3_box *box, char *buffer, size_t size);
/* The name of the data that an address stands for which nobody defines; NULL: it is none. */
const char *stub_missing_name(struct r3_box *box, uint64_t address);
struct r3_module *module_find(struct r3_box *box, const char *name);
/* Its struct module, once it has one (find_module() of Linux); 0: none. */
uint64_t module_handle(struct r3_box *box, const char *name);

/*
 * What a module's import would find, without loading anything, for `ring3
 * check`: 0 and *gpl_only, or -ENOENT (nobody exports it), -ENOSYS (the
 * target's kernel exports it, ring3 does not implement it).
 */
int symbol_available(struct r3_box *box, const char *name, bool *gpl_only, uint32_t *crc,
		     const char **namespace);

#endif
