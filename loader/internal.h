/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the steps of loading share; nothing outside of loader/ includes this. */
#ifndef RING3_LOADER_INTERNAL_H
#define RING3_LOADER_INTERNAL_H

#include "loader/loader.h"
#include "loader/symbol_table.h"

#define NO_PART     0xff

#define USE_CALL    1 /* called or jumped to: a stub may stand for it */
#define USE_ADDRESS 2 /* its address is wanted, which must be the same for everybody */

/* Lives only while one object is loaded (Linux: struct load_info). */
struct load_info {
	struct r3_box *box;
	struct elf_view view;
	const char *name;
	unsigned int flags; /* R3_LOAD_* */
	uint64_t *address;  /* of each section when it runs, 0: not in memory */
	uint64_t *offset;   /* of each section in its part */
	uint8_t *part;      /* of each section, NO_PART: not in memory */
	uint64_t *value;    /* of each symbol */
	uint8_t *uses;      /* of each symbol, USE_*; NULL: not counted */
	unsigned int versions;
	unsigned int modinfo;
	unsigned int this_module;
	bool is_signed;
	struct object *object;
	struct r3_module *module; /* NULL: a built-in object */
};

/* ---- layout.c ---- */
int layout_sections(struct load_info *info);
int copy_sections(struct load_info *info);
int allocate_percpu(struct load_info *info);
bool section_is_percpu(const struct load_info *info, unsigned int index);
/* ---- symbols.c: addresses of an object's own symbols ---- */
int collect_symbols(struct load_info *info);
void set_pages_of(struct r3_box *box, uint64_t base, uint64_t size, struct object *object);
/* ---- resolve.c / builtin.c: values of the symbols that relocations name ---- */
int simplify_symbols(struct load_info *info,
		     int (*resolve)(struct load_info *info, const char *name,
				    const Elf64_Sym *symbol, uint64_t *value));
int resolve_for_module(struct load_info *info, const char *name, const Elf64_Sym *symbol,
		       uint64_t *value);
/* ---- relocate.c ---- */
int apply_relocations(struct load_info *info);
int patch_fentry_sites(struct load_info *info);
/* ---- protect.c ---- */
int protect_object(struct load_info *info);
int protect_after_init(struct object *object);
void free_init(struct object *object);
void free_core(struct object *object);
/* ---- object.c ---- */
/* Free what object_free() kept for readers that had no lock. */
void objects_release(struct r3_box *box);
struct object *object_new(struct r3_box *box, const char *name);
/* From now on its pages and name are found. */
void object_list(struct object *object);
/* The steps that every object takes, from its ELF view to protected memory. */
int object_place(struct load_info *info);
int prepare_library(struct load_info *info);
int object_link(struct load_info *info);
int object_prepare(struct object *object);
int object_added(struct object *object);
void load_info_release(struct load_info *info);
/* Text that the object names, NULL if not all of it is its own: no other pointer is followed. */
const char *object_string(const struct object *object, uint64_t address);
/* Free an object's init part and forget the symbols in it. */
void object_drop_init(struct object *object);
/* ---- modules.c: the list of modules, and the table of their names ---- */
int module_list(struct r3_module *module);
void module_unlist(struct r3_module *module);
/* -EPERM, with the sentence: kernel.modules_disabled is set, nothing is loaded or unloaded. */
int modules_are_disabled(void);
/* ---- load.c ---- */
void module_set_state(struct r3_module *module, enum module_state state);
struct r3_module *module_new(struct r3_box *box, const char *arguments);
/* Under the lock, which it gives up for a while. */
void free_module(struct r3_module *module);
void module_release(struct r3_module *module);
/* ---- stubs.c ---- */
int stubs_init(struct r3_box *box);
void stubs_free(struct r3_box *box);
uint64_t stub_hypercall(struct r3_box *box, const char *name);
/* A stub that binds itself at its first call; 0: no room. */
uint64_t stub_lazy(struct r3_box *box, const char *name);
/* A stub whose address was given out as the function's own: from then on it is that. 0: none. */
uint64_t stub_canonical(struct r3_box *box, const char *name);
int stub_set_canonical(struct r3_box *box, const char *name, uint64_t stub);
/* The name of the function that the stub at address stands for; NULL: no such stub is there. */
const char *stub_name(struct r3_box *box, uint64_t address);
/* An address that faults when touched, for data that nobody defines. */
uint64_t stub_missing_data(struct r3_box *box, const char *name);
/* ---- builtin.c ---- */
/* A kernel global by name, loading the member of the library that has it; 0: nobody has it. */
uint64_t kernel_symbol(struct r3_box *box, const char *name);
/* Run the initcalls of members that were loaded meanwhile; without the lock. */
void start_members(struct r3_box *box);
/* Let a thread that runs the initcalls of the member at address go on first; with the lock. */
void wait_for_start(struct r3_box *box, uint64_t address);
/* Tell the runtime of an object that may run now. */
int builtin_added(struct r3_box *box, struct object *object);
/* The runtime runs: initcalls of members that were loaded before, and from now on. */
int builtin_booted(struct r3_box *box);
/* ---- checks.c: licence, vermagic and the other words of .modinfo ---- */
int check_modinfo(struct load_info *info);
int setup_modinfo(struct load_info *info);
void add_taint_module(struct r3_module *module, unsigned int taint);
int try_to_force_load(struct r3_module *module, const char *reason);
void debug_locks_off(struct r3_box *box);
/* ---- versions.c ---- */
int check_version(struct load_info *info, const char *symbol, bool has_crc, uint32_t crc);
int check_modstruct_version(struct load_info *info);
bool same_magic(const char *magic, const char *kernel_magic, bool has_versions);
/* ---- exports.c ---- */
int collect_exports(struct load_info *info);
int verify_exports(struct r3_module *module);
int publish_exports(struct r3_module *module);
void withdraw_exports(struct r3_module *module);
int collect_builtin_exports(struct load_info *info);
int find_export(struct r3_box *box, const char *name, struct export *export);
/* ---- use.c: who uses whom ---- */
int use_module(struct r3_module *user, struct r3_module *source);
/* The entry alone, without a reference; NULL: no memory. */
struct module_use *use_add(struct r3_module *user, struct r3_module *source);
void use_remove(struct module_use *use);
void unuse_modules(struct r3_module *module);
bool module_has_users(const struct r3_module *module);
char *module_users_text(const struct r3_module *module); /* the caller's */
/* ---- module_view.c ---- */
void sysfs_setup(struct r3_module *module);
/* Nobody reads or writes its files any more; under the lock, which it gives up meanwhile. */
void sysfs_teardown(struct r3_module *module);
bool thread_is_atomic(const struct thread *thread);
uint64_t box_seconds(const struct r3_box *box);
void trace_event(struct r3_box *box, enum r3_trace_kind kind, const char *module,
		 const char *subject, const char *object, uint64_t address, uint64_t size,
		 const char *format, ...) __attribute__((format(printf, 8, 9)));

/* Linux's taint bits (kernel/panic.c, taint_flags). */
enum {
	TAINT_PROPRIETARY_MODULE = 0,
	TAINT_FORCED_MODULE = 1,
	TAINT_FORCED_RMMOD = 3,
	TAINT_CRAP = 10,
	TAINT_OOT_MODULE = 12,
	TAINT_UNSIGNED_MODULE = 13,
	TAINT_LIVEPATCH = 15,
	TAINT_TEST = 18,
};

#endif
