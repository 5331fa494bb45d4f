/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What depmod knows of modules, and who exports what. */
#ifndef RING3_MODUTILS_DEPMOD_H
#define RING3_MODUTILS_DEPMOD_H

#include <stdint.h>
#include "tools/modutils/modutils.h"
#include "tools/modutils/words.h"

struct object;

struct dep_pci {
	uint32_t words[6]; /* vendor, device, subvendor, subdevice, class, class_mask */
	uint64_t driver_data;
};

struct dep_module {
	char *path; /* owned */
	bool is_gpl;
	struct words wants; /* symbols */
	struct words lacks; /* those that nobody exports */
	size_t *needs;      /* owned: modules, in the order they are first wanted */
	size_t nr_needs;
	struct dep_pci *devices; /* owned */
	size_t nr_devices;
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

/* ---- depmod_devices.c ---- */
int dep_read_devices(const struct object *object, struct dep_module *module);
/* modules.pcimap */
void dep_write_devices(const struct dep *dep, FILE *out);

#endif
