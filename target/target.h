/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target: the ABI that a runtime and its modules are compiled against. Finds
 * headers and sources, compiles the runtime and members of the library on
 * demand, caches them, and knows what the release exports.
 */
#ifndef RING3_TARGET_H
#define RING3_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ring3/ring3.h>

struct target;

struct target_export {
	uint32_t crc;
	bool gpl_only;
	const char *namespace; /* NULL: none */
};

struct target_object {
	const char *name; /* "runtime/printk.o", "lib/vsprintf.o" */
	const void *data; /* ET_REL image, 8-byte aligned, mapped; lives as long as the target */
	size_t size;
};

/*
 * options->target chooses; -ENOENT with r3_fail() naming the packages to
 * install when headers or sources are missing.
 */
int target_open(struct target **target, const struct r3_box_options *options);
/* Only what compiling against the release takes: its headers, for target_headers(). */
int target_open_headers(struct target **target, const struct r3_box_options *options);
void target_close(struct target *target);
bool target_is_builtin(const struct target *target);
const char *target_release(const struct target *target);

/* The objects that make the runtime, compiled first if the cache lacks them. */
int target_runtime(struct target *target, const struct target_object **objects,
		   unsigned int *count);

/*
 * The library member that defines symbol, compiled if need be. -ENOENT: no
 * member does, -EIO: it does not compile. is_data (may be NULL) tells a
 * variable from a function.
 */
int target_library_member(struct target *target, const char *symbol,
			  const struct target_object **object, bool *is_data);
/*
 * Compile, in one run of make, the members for all of these symbols that the
 * cache lacks: faster than one run for each. Unknown symbols are ignored.
 */
int target_library_prepare(struct target *target, const char *const *symbols, unsigned int count);
/* As target_library_member, without compiling: would there be one? For `ring3 check` and survey. */
bool target_library_has(struct target *target, const char *symbol, bool *is_data);

/* Does the release's kernel itself (vmlinux) export it? Builtin: always false. */
bool target_export(struct target *target, const char *symbol, struct target_export *info);
/* Path of the release's headers (Kbuild's O=), NULL for builtin. */
const char *target_headers(const struct target *target);

/* Is CONFIG_NAME=y in the release's configuration? Builtin: never. */
bool target_has_config(const struct target *target, const char *name);

/* ---- kept.c: text in the user's cache directory, for one process or many ---- */

#define KEPT_KEY 33
/* Changes when one of these files does, by what stat() says. */
void kept_key(const char *const *paths, size_t count, char key[KEPT_KEY]);
/* *text: malloc'd. -ENOENT: not there; -EUCLEAN: damaged. */
int kept_read(const char *kind, const char *key, char **text);
int kept_write(const char *kind, const char *key, const char *text);

#endif
