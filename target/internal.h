/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of target/ share. */
#ifndef RING3_TARGET_INTERNAL_H
#define RING3_TARGET_INTERNAL_H

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include "box/box.h"
#include "target/target.h"

/* ---- cache.c: files under the user's cache directory ---- */

struct digest {
	uint64_t a, b;
};
#define DIGEST_TEXT KEPT_KEY
struct digest digest_bytes(struct digest seed, const void *data, size_t size);
struct digest digest_string(struct digest seed, const char *text);
/* The contents of a file; a missing one counts as empty. */
struct digest digest_file(struct digest seed, const char *path);
/* What stat() says about a file, without reading it. */
struct digest digest_stat(struct digest seed, const char *path);
/* The same without the path and inode, for files that may be unpacked again. */
struct digest digest_facts(struct digest seed, const char *path);
void digest_text(struct digest digest, char text[DIGEST_TEXT]);

struct mapping {
	const void *data;
	size_t size; /* of the payload */
	void *base;
	size_t length;
};

__attribute__((format(printf, 1, 2))) char *format_path(const char *format, ...);
int make_directories(const char *path);
int remove_tree(const char *path);
/* Whole file, NUL-terminated, malloc'd. */
int read_file(const char *path, char **text, size_t *size);
/*
 * Cache files carry a checksum after their contents: what a crash or a full
 * disk damaged is -EUCLEAN when it is mapped, and made again.
 */
int sealed_write(const char *path, const void *data, size_t size);
int sealed_map(const char *path, struct mapping *mapping);
void mapping_close(struct mapping *mapping);
/* Exclusive lock against other processes; a descriptor to close, or -errno. */
int cache_lock(const char *path);

/* ---- process.c ---- */

struct process {
	const char *const *argv;
	int input; /* a descriptor, -1: /dev/null */
	int lock;  /* a descriptor that stays locked while it runs, even if we die; 0: none */
	void (*line)(void *context, const char *line); /* of standard output; may be NULL */
	void *context;
	char *errors; /* filled in: what it wrote to standard error, malloc'd */
};
/* Its exit status, or -errno if it could not be started or was killed. */
int process_run(struct process *process);

/* ---- the target ---- */

struct member {
	struct target_object object;
	struct mapping mapping;
	bool present, failed;
	char *path; /* in the cache, computed when first needed */
};

struct target {
	struct r3_box_options options;
	bool builtin;
	int lock_fd; /* of the cache's lock, while this process holds it */
	char *release;
	char *headers;          /* as found */
	char *tree;             /* what `make -C` gets: headers or a corrected copy of links */
	char *source;           /* Linux's sources, NULL until they are needed and found */
	char *data;             /* our kernel code: DATA/runtime/... */
	char *cache;            /* CACHE/ring3 */
	char *directory;        /* cache/RELEASE/KEY */
	struct digest identity; /* of the headers */
	pthread_mutex_t lock;

	struct mapping exports;

	struct target_object *objects; /* the runtime's */
	unsigned int nr_objects;
	struct mapping runtime;

	struct mapping library;
	int library_state; /* 0: not tried, 1: open, else -errno */
	struct digest library_digest;
	char *library_directory;
	struct member *members;
};

void target_progress(const struct target *target, const char *what, unsigned int done,
		     unsigned int total);
__attribute__((format(printf, 4, 5))) void target_trace(const struct target *target,
							const char *subject, const char *object,
							const char *format, ...);

/* ---- locate.c ---- */
int locate_headers(struct target *target);
int locate_source(struct target *target); /* sets target->source */
int locate_data(struct target *target);
/* CACHE/ring3, malloc'd. */
char *cache_directory(void);
/* Sets target->cache. */
int locate_cache(struct target *target);
/* ---- tree.c: a header package that was unpacked elsewhere than in / ---- */
int tree_prepare(struct target *target);
/* ---- unpack.c ---- */
int unpack_source(struct target *target, const char *tarball, char **directory);

/* ---- exports.c ---- */
int exports_open(struct target *target);

/* ---- kbuild.c ---- */

struct unit {
	const char *name;    /* "lib/vsprintf": directory/stem */
	const char *source;  /* absolute path */
	const char *prelude; /* included before it; NULL or "" */
	const char *modname; /* KBUILD_MODNAME; NULL: stem */
	const char *cflags, *cflags_remove, *aflags, *aflags_remove;
	const char *generate; /* makefile lines for what its directory generates */
	const char *marker;   /* a variable to define, by which others need this one */
	const char *needs;    /* markers to refer to, separated by blanks */
	bool assembler;
	const char *cached; /* where the object will be kept: says what it is made of */
	bool nonstandard;   /* no objtool */
	char *object;       /* result: path of the object in the work directory, NULL: failed */
};
/*
 * Compile all in one run of make below the directory work. 0 even if some
 * failed: see unit->object, and *log (malloc'd) for what was said. Where a run
 * for the same units was killed, it goes on from there; under target->lock_fd.
 */
int kbuild_compile(struct target *target, const char *what, const char *work, struct unit *units,
		   unsigned int count, char **log);
/* ld -r with the module linker script: drops .discard.*, joins sections of one name. */
int kbuild_link(struct target *target, const char *output, char *const *inputs, unsigned int count);
/* Bumped when the way of compiling, of reading sources changes. */
#define KBUILD_GENERATION "1"
#define SCAN_GENERATION   "7"

/* ---- list.c: library.list ---- */

struct list_rule {
	const char *pattern;
	bool exclude;
	bool forced; /* a member although Kbuild builds it some other way */
	const char *prelude, *flags, *generate;
};
struct list_group {
	char **names;
	unsigned int count;
};
struct list_alias {
	const char *symbol, *file;
	bool data;
};
struct library_list {
	char *text;
	struct list_rule *rules;
	unsigned int nr_rules;
	struct list_group *groups;
	unsigned int nr_groups;
	/* whoever has names[0] needs the others, which no symbol of its leads to */
	struct list_group *withs;
	unsigned int nr_withs;
	struct list_alias *aliases;
	unsigned int nr_aliases;
	const char **unpack;
	unsigned int nr_unpack;
};
int list_read(struct library_list *list, const char *path, const char *release);
void list_release(struct library_list *list);
/* The rule that decides about a source file, NULL: none. Last match wins. */
const struct list_rule *list_find(const struct library_list *list, const char *path);

/* ---- config.c ---- */

struct config; /* set of CONFIG_ names */
int config_read(struct config **config, const char *auto_conf);
void config_free(struct config *config);
bool config_enabled(const struct config *config, const char *name, size_t length, bool *module);

/* ---- scan.c ---- */

struct scan_place {
	const char *source;    /* Linux's sources */
	const char *directory; /* of the file, relative to it */
};
enum scan_kind {
	SCAN_CODE,
	SCAN_DATA,
	SCAN_EXPORT, /* named by EXPORT_SYMBOL: defined here unless another file does */
};
typedef void (*scan_found)(void *context, const char *name, size_t length, enum scan_kind kind);
/* Modifies text, which ends in NUL. */
void scan_source(char *text, size_t size, bool assembler, const struct config *config,
		 const struct scan_place *place, scan_found found, void *context);

/* ---- library_index.c ---- */

struct index_member {
	uint32_t name, source, prelude, modname;
	uint32_t cflags, cflags_remove, aflags, aflags_remove, generate, marker, needs;
	uint16_t group; /* 0: none */
	uint8_t assembler, nonstandard;
};
struct index_symbol {
	uint32_t name;
	uint32_t next; /* same bucket, 0: end, else index + 1 */
	uint32_t member;
	uint32_t kind; /* enum scan_kind */
};
struct index_header {
	char magic[8];
	uint32_t nr_members, nr_symbols, nr_buckets, strings_size;
	/* members, symbols, buckets (uint32_t), strings */
};
struct index_view {
	const struct index_header *header;
	const struct index_member *members;
	const struct index_symbol *symbols;
	const uint32_t *buckets;
	const char *strings;
};
int library_index_build(struct target *target, const char *path);
int library_index_view(const struct mapping *mapping, struct index_view *view);
uint32_t symbol_hash(const char *name);

/* ---- list of words in one allocation, grown as needed ---- */
struct pool {
	char *data;
	size_t size, room;
};
uint32_t pool_add(struct pool *pool, const char *text, size_t length);

/* ---- builtin.c ---- */
extern const char r3_builtin_runtime[], r3_builtin_runtime_end[];

#endif
