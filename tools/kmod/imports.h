/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbols that a module wants of the kernel, and what the running kernel has of them. */
#ifndef RING3_KMOD_IMPORTS_H
#define RING3_KMOD_IMPORTS_H

#include "tools/kmod/modfile.h"

struct import {
	const char *name; /* in the module file */
	bool is_weak;     /* it loads without */
	bool has_version; /* the module wants this CRC */
	uint64_t version;
	bool is_exported;  /* by the running kernel or a loaded module */
	bool is_defined;   /* there is a global symbol of that name */
	uint64_t entry;    /* of the kernel's own table of exports; 0: another's, or hidden */
	bool is_gpl_only;  /* as far as kallsyms or Module.symvers tell it */
	bool is_described; /* by the kernel's Module.symvers, which tells the rest: */
	uint64_t kernel_version;
	char *namespace; /* owned; NULL: none */
};

struct imports {
	struct import *list; /* by name */
	size_t count;
	bool kernel_known; /* /proc/kallsyms tells symbols */
};

/* directory is /lib/modules/RELEASE. -ENOMEM. What cannot be read is not known. */
int imports_read(struct imports *imports, const struct modfile *file, const char *directory);
void imports_free(struct imports *imports);

#endif
