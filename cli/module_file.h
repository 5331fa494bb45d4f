/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the file of a module says of itself, without loading it. */
#ifndef RING3_MODULE_FILE_H
#define RING3_MODULE_FILE_H

#include "elf/elf_view.h"

struct module_import {
	char *name;
	uint32_t crc;
	bool has_crc;
	bool weak;
};

struct module_export {
	char *name;
	char *namespace; /* NULL: none */
	uint32_t crc;
	bool has_crc;
	bool gpl_only;
};

struct module_file {
	char *path;
	char *name;        /* with '_' for '-', as the kernel names it */
	char *vermagic;    /* NULL: none */
	char *release;     /* the first word of vermagic; NULL: none */
	char *license;     /* NULL: none */
	char *depends;     /* "a,b", "" if none */
	char **namespaces; /* imported ones, ends in NULL */
	char **parameters; /* names of those with a parmtype, ends in NULL */
	bool is_signed;
	bool is_of_24; /* a module of the 2.4 scheme, which insmod links */
	bool has_versions;
	bool has_layout_crc;
	uint32_t layout_crc; /* of module_layout: struct module and its kin */
	bool gpl_compatible;
	enum image_compression compression;
	struct module_import *imports;
	unsigned int nr_imports;
	struct module_export *exports;
	unsigned int nr_exports;
};

/*
 * Read one. -errno with problem filled in; path, name and depends are set even
 * then, and the caller releases it in any case.
 */
int module_file_read(struct module_file *file, const char *path, struct elf_problem *problem);
void module_file_release(struct module_file *file);

/* The target that it was built for: a release, or "builtin" (also if it does not say). */
const char *module_file_target(const struct module_file *file);

/* The module's name that a file name stands for: no folder, no .ko.xz, '_' for '-'. Owned. */
char *module_name_of_path(const char *path);
/* Does the file name look like a module's? */
bool is_module_path(const char *path);

/* Hand out the names in "a,b" one by one: *list moves on; NULL at the end. Owned. */
char *next_dependency(const char **list);

#endif
