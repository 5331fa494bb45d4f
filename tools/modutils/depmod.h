/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What depmod knows of modules, and who exports what. */
#ifndef RING3_MODUTILS_DEPMOD_H
#define RING3_MODUTILS_DEPMOD_H

#include "tools/modutils/messages.h"
#include "tools/modutils/words.h"

struct dep_module {
	char *path; /* owned */
	bool is_gpl;
	struct words wants; /* symbols */
	struct words lacks; /* those that nobody exports */
	size_t *needs;      /* owned: modules, in the order they are first wanted */
	size_t nr_needs;
};

struct dep_export {
	char *name;    /* owned */
	size_t base;   /* the length of its name without version */
	size_t module; /* DEP_KERNEL: the kernel */
	bool is_gpl_only;
};
#define DEP_KERNEL ((size_t)-1)

struct dep {
	struct dep_module *modules; /* owned */
	size_t nr_modules;
	struct dep_export *exports; /* owned */
	size_t nr_exports, capacity;
	bool ignores_versions; /* of the kernel's exports */
	struct messages *messages;
};

/* A module file. What is wrong with it is told; -ENOMEM. */
int dep_add_module(struct dep *dep, const char *path);
/* The running kernel's exports, or those in a file: System.map, or a copy of /proc/ksyms. */
int dep_add_kernel(struct dep *dep, const char *file);
/* Fill in lacks and needs. -ENOMEM. */
int dep_resolve(struct dep *dep);
void dep_release(struct dep *dep);

#endif
