/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Would these modules load? Every import of every one, answered by the kernel
 * of a box or by another module here, without loading any.
 */
#ifndef RING3_MODULE_SET_H
#define RING3_MODULE_SET_H

#include "box/box.h"
#include "cli/finder.h"
#include "cli/module_file.h"

enum import_state {
	IMPORT_FOUND,
	IMPORT_WEAK,            /* nobody exports it; it may stay unresolved */
	IMPORT_NOT_IMPLEMENTED, /* the release's kernel exports it, ring3 lacks it */
	IMPORT_NOT_EXPORTED,
	IMPORT_GPL_ONLY,   /* and the module's license is not compatible */
	IMPORT_NAMESPACE,  /* of a namespace that the module does not import */
	IMPORT_VERSION,    /* its CRC differs from the exporter's */
	IMPORT_NO_VERSION, /* the module has CRCs, but none for it */
};

struct import_answer {
	enum import_state state;
	const struct judged_module *provider; /* NULL: the kernel, or nobody */
	const char *namespace;                /* of the export, NULL: none */
};

enum verdict {
	VERDICT_OPEN, /* not judged yet */
	VERDICT_LOADS,
	VERDICT_BLOCKED,    /* its own imports, version or dependencies stand against it */
	VERDICT_DEPENDENCY, /* a module that it depends on would not load */
	VERDICT_INVALID,    /* the file is refused */
};

struct judged_dependency {
	char *name;
	struct judged_module *module; /* NULL: not found */
};

struct judged_module {
	struct module_file file;
	int error; /* of reading it */
	struct elf_problem problem;
	struct import_answer *answers; /* one for each of file.imports */
	unsigned int nr_missing;
	struct judged_dependency *dependencies;
	unsigned int nr_dependencies;
	bool wrong_vermagic, wrong_layout;
	enum verdict verdict;
	bool visited; /* for walks over dependencies; whoever walks resets it */
};

struct module_set {
	struct judged_module **modules;
	unsigned int nr_modules;
	struct r3_box *box;                 /* NULL: no imports can be answered */
	void *by_name, *by_export, *kernel; /* search trees */
};

/* Read a module's file; error and problem say if it could not be. NULL: no memory. */
struct judged_module *judged_module_read(const char *path);
/* Takes over what module (read, or failed with module->error) owns. */
int module_set_add(struct module_set *set, struct judged_module *module);
/* Add what the set's modules depend on, and what that depends on, as far as it is found. */
int module_set_add_dependencies(struct module_set *set, struct finder *finder);
struct judged_module *module_set_find(const struct module_set *set, const char *name);
/* Answer all imports and judge every module. */
int module_set_resolve(struct module_set *set);
void module_set_release(struct module_set *set);

bool import_is_missing(enum import_state state);
/* What imports have in common, for people: "that are exported for GPL-compatible modules only". */
const char *import_state_text(enum import_state state);
/* The word that JSON uses. */
const char *import_state_word(enum import_state state);
const char *verdict_word(enum verdict verdict);

/* The vermagic that the box's kernel has; NULL without a box. */
const char *module_set_vermagic(const struct module_set *set);

#endif
