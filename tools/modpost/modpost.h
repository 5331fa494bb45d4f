/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The step between compiling and linking a module: from NAME.o, and the
 * Module.symvers files of those it builds on, to NAME.mod.c. Same rules, same
 * files and same messages as Linux's scripts/mod/modpost.
 *
 *	modpost_new();
 *	modpost_read_symvers(); ... modpost_read_object(); ...
 *	modpost_check();
 *	if (!modpost_errors())
 *		modpost_write_sources(); modpost_write_namespace_deps(); modpost_write_symvers();
 *	modpost_free();
 *
 * Functions return 0, or a negative errno if the environment failed them
 * (no such file, no memory). What is wrong with a module is logged instead,
 * and counted in modpost_errors().
 */
#ifndef RING3_MODPOST_H
#define RING3_MODPOST_H

#include <stdbool.h>

struct modpost;

struct modpost_options {
	bool external;                  /* -e: modules outside of the kernel's tree */
	bool since_6_6;                 /* -M: the rules and words of Linux 6.12, not 6.1's */
	bool modversions;               /* -m: CONFIG_MODVERSIONS */
	bool all_srcversions;           /* -a: CONFIG_MODULE_SRCVERSION_ALL */
	bool warn_unresolved;           /* -w: KBUILD_MODPOST_WARN */
	bool allow_missing_namespaces;  /* -N */
	bool section_mismatch_is_error; /* -E */
	bool extra_warnings;            /* -W */
	bool ignore_missing_files;      /* -n */
	bool trim_exports;              /* -t: CONFIG_TRIM_UNUSED_KSYMS */
	const char *kept_exports;       /* -u: a file of symbols that are not trimmed */
	bool type_versions;             /* versions of types, where there is no genksyms */
	bool scheme24;                  /* --scheme 2.4: modules that insmod links */
	/* A diagnosis, one line or several, without its last newline. NULL: standard error. */
	void (*log)(void *context, const char *line);
	void *context;
};

/* NULL: no memory. The options are copied. */
struct modpost *modpost_new(const struct modpost_options *options);
void modpost_free(struct modpost *mp);

int modpost_read_symvers(struct modpost *mp, const char *path);
/* NAME.o, a module; vmlinux.o, and with as_kernel any, is an object of the kernel itself. */
int modpost_read_object(struct modpost *mp, const char *path, bool as_kernel);
/* Compare what every module that was read imports with what is exported. */
int modpost_check(struct modpost *mp);
/*
 * NAME.mod.c beside each NAME.o, in the 2.4 scheme NAME.versions as well; a
 * file that would not change is left alone.
 */
int modpost_write_sources(struct modpost *mp);
/* The kernel's own table entries and versions, as C: Linux's .vmlinux.export.c. */
int modpost_write_export_source(struct modpost *mp, const char *path);
/* NAME.ko, a colon and the namespaces that it ought to import, a line for each such module. */
int modpost_write_namespace_deps(struct modpost *mp, const char *path);
/* Was an object of the kernel read? */
bool modpost_has_kernel(const struct modpost *mp);
/* What the objects that were read export. */
int modpost_write_symvers(struct modpost *mp, const char *path);
/* A linked module of the 2.4 scheme: rewrite or refuse what insmod could not relocate. */
int modpost_finish24(struct modpost *mp, const char *path);
unsigned int modpost_errors(const struct modpost *mp);

#endif
