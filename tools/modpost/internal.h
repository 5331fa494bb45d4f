/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of modpost share. */
#ifndef RING3_MODPOST_INTERNAL_H
#define RING3_MODPOST_INTERNAL_H

#include <stddef.h>
#include <stdint.h>
#include "elf/elf_view.h"
#include "modpost.h"

/* Text that grows. A failed allocation is remembered, and found by text_failed. */
struct text {
	char *data; /* always ends in NUL, unless it is NULL */
	size_t length, size;
	bool failed;
};

void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_release(struct text *text);

struct name_list {
	const char **names;
	unsigned int count, room;
};

struct mp_symbol {
	struct mp_symbol *hash_next; /* exports only */
	struct mp_symbol *next;      /* in mp_module.exports or .imports */
	struct mp_module *module;    /* the owner; of an import: NULL until it is found */
	const char *name;
	const char *namespace; /* "": none */
	uint32_t crc;
	bool has_crc;
	bool weak;        /* imports */
	bool gpl_only;    /* exports */
	bool is_function; /* exports */
	bool used;        /* exports: a module imports it, or is thought to */
	bool unversioned; /* exports: on purpose (2.4 scheme) */
};

struct symbol_list {
	struct mp_symbol *first, **end;
};

struct mp_module {
	struct mp_module *next;
	struct mp_module *hash_next;
	const char *name; /* path without ".o" */
	const char *base; /* the part of name after the last slash */
	bool is_kernel;
	bool from_symvers;
	bool gpl_compatible;
	bool has_init, has_exit;
	bool needs_ksymtab;   /* exports are notes in .export_symbol: we write the table */
	bool exports_globals; /* 2.4 scheme: it has no table */
	bool listed;          /* in the depends= that is being written */
	struct symbol_list exports, imports;
	struct name_list imported_namespaces, missing_namespaces;
	struct text aliases; /* MODULE_ALIAS() lines from device tables */
	char srcversion[24]; /* "": none. Linux cuts the 32 digits at 23. */
};

struct arena_block {
	struct arena_block *next;
	max_align_t data[];
};

#define SYMBOL_BUCKETS 8192u
#define MODULE_BUCKETS 4096u

struct modpost {
	struct modpost_options options;
	struct arena_block *arena;
	struct mp_module *modules, **modules_end;
	struct mp_symbol *buckets[SYMBOL_BUCKETS];
	struct mp_module *module_buckets[MODULE_BUCKETS];
	unsigned int errors;
	unsigned int section_mismatches;
};

/* What Kbuild lists the kernel's objects in. */
#define KERNEL_OBJECTS ".vmlinux.objs"

/* core.c */
void mp_error(struct modpost *mp, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mp_warn(struct modpost *mp, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What Linux stops at; here it is one more error. */
void mp_fatal(struct modpost *mp, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* More about what was just said. */
void mp_note(struct modpost *mp, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *mp_alloc(struct modpost *mp, size_t size); /* zeroed; lives as long as mp */
char *mp_strndup(struct modpost *mp, const char *string, size_t length);
struct mp_module *mp_module_new(struct modpost *mp, const char *name, size_t length);
struct mp_module *mp_module_find(struct modpost *mp, const char *name);
struct mp_symbol *mp_export_find(struct modpost *mp, const char *name);
struct mp_symbol *mp_export_add(struct modpost *mp, struct mp_module *module, const char *name,
				bool gpl_only, const char *namespace);
struct mp_symbol *mp_import_add(struct modpost *mp, struct mp_module *module, const char *name,
				bool weak);
int name_list_add(struct modpost *mp, struct name_list *list, const char *name);
bool name_list_has(const struct name_list *list, const char *name);

/* file.c */
int file_read(const char *path, char **data, size_t *size); /* NUL-terminated, to be freed */
int file_write(const char *path, const struct text *text);
int file_write_if_changed(const char *path, const struct text *text);

/* symbol_index.c: the symbols of an object that have names, by section and address */
struct symbol_index {
	const struct elf_view *view;
	struct symbol_place {
		uint32_t section, symbol;
		uint64_t address;
	} * places;
	size_t count;
};

int symbol_index_open(struct symbol_index *index, const struct elf_view *view, bool since_6_6);
void symbol_index_close(struct symbol_index *index);
/* The nearest at or before an address; of several there, the first or the last of the table. */
const Elf64_Sym *symbol_index_before(const struct symbol_index *index, unsigned int section,
				     uint64_t address, bool last);
/* What may be meant by an address: a symbol there, or the nearest, not farther than that. */
const Elf64_Sym *symbol_index_near(const struct symbol_index *index, unsigned int section,
				   uint64_t address, uint64_t distance, bool since_6_6);

/* section_check.c: references from code that stays to code that is freed, and such; 0 or -ENOMEM */
int section_check(struct modpost *mp, struct mp_module *module, const char *path,
		  const struct elf_view *view);

/* exports.c: what an object exports, in either of two ways; 0 or -ENOMEM */
int export_read_entry(struct modpost *mp, struct mp_module *module, const struct elf_view *view,
		      const Elf64_Sym *symbol);
int export_read_namespaces(struct modpost *mp, struct mp_module *module,
			   const struct elf_view *view);
int export_read_note(struct modpost *mp, struct mp_module *module,
		     const struct symbol_index *symbols, const Elf64_Rela *rela,
		     const Elf64_Sym *target, unsigned int section);

/* genksyms.c: versions that genksyms left in .NAME.o.cmd */
void genksyms_read(struct modpost *mp, struct mp_module *module);

/* srcversion.c: the sum over the sources of a module; 0, or why there is none */
int srcversion_compute(struct modpost *mp, struct mp_module *module);

/* crc.c: versions of exports that have none yet, from debugging information; 0 or -ENOMEM */
int crc_compute(struct modpost *mp, struct mp_module *module, const struct elf_view *view);

/*
 * scheme24.c: modules of the 2.4 scheme. Is an undefined symbol the name that an
 * export lacks? Then it is to be added. Sources: NAME.mod.c and NAME.versions.
 */
bool scheme24_is_export(const char *undefined);
int scheme24_add_export(struct modpost *mp, struct mp_module *module, const char *undefined);
int scheme24_export_globals(struct modpost *mp, struct mp_module *module,
			    const struct elf_view *view);
void scheme24_drop_versions(struct mp_module *module);
void scheme24_check_parameters(struct modpost *mp, const struct mp_module *module,
			       const struct elf_view *view);
void scheme24_word(char *message);
int scheme24_write(const struct modpost *mp, const struct mp_module *module);

/* alias.c: MODULE_DEVICE_TABLE to MODULE_ALIAS */
void alias_device_table(struct modpost *mp, struct mp_module *module, const struct elf_view *view,
			const Elf64_Sym *symbol);

#endif
