/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of depmod, in the order of their work. Errors are negative errno, and reported. */
#ifndef RING3_KMOD_DEPMOD_H
#define RING3_KMOD_DEPMOD_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include "tools/kmod/buffer.h"

struct depmod_options {
	bool is_staged; /* it is not the directory that the running system uses */
	bool quick, dry_run, json, verbose, check_symbols, warn_duplicates;
	char prefix; /* of symbols, that is left out; '\0': none */
	const char *system_map, *symvers;
	char **config; /* paths; NULL ends them, NULL: the usual directories */
	char release[256];
	char input[PATH_MAX], output[PATH_MAX]; /* the release's directories */
};

/* depmod_config.c: depmod.d. Lists keep the order of what they were read from. */
enum search_kind { SEARCH_PATH, SEARCH_BUILTIN, SEARCH_EXTERNAL };
struct search {
	struct search *next;
	enum search_kind kind;
	char path[]; /* relative to the release's directory */
};
struct directive {
	struct directive *next;
	char path[]; /* external: absolute; override: directory/module; exclude: a name */
};
struct depmod_config {
	struct search *searches; /* the highest priority first */
	struct directive *overrides, *externals, *excludes;
};
int depmod_read_config(struct depmod_config *config, const struct depmod_options *options);
void depmod_release_config(struct depmod_config *config);

/* What depmod takes from a module file: three lists of struct fact, packed. */
enum fact_list {
	FACTS_INFO,    /* "key=value" of .modinfo */
	FACTS_IMPORTS, /* symbols that it needs */
	FACTS_EXPORTS, /* symbols that it defines for others */
	NR_FACT_LISTS,
};
struct facts {
	char *data; /* owned, unless is_shared; the lists, one behind the other */
	size_t ends[NR_FACT_LISTS];
	int error; /* why there are none */
	bool is_shared;
};

struct module {
	char *path;           /* owned; absolute if the release's directory is */
	const char *relative; /* in path: as modules.dep has it */
	char *name;           /* owned */
	uint32_t order;       /* of its line in modules.order, UINT32_MAX: none */
	uint32_t found;       /* in which turn it was found */
	uint32_t priority;    /* its place among all, in indexes */
	struct facts facts;
	struct module **needs; /* owned; directly, in the order of the symbols */
	size_t nr_needs;
	size_t nr_users;
	uint32_t rank;      /* every module has a lower one than what it needs */
	uint32_t mark;      /* scratch, for walks over dependencies */
	struct stat status; /* of its file, before it was read */
};

struct modules {
	struct module **modules; /* owned; sorted by priority after depmod_find() */
	size_t count, capacity;
};

struct symbol {
	const char *name; /* in facts, or in the file of the kernel's symbols */
	uint32_t crc;
	struct module *owner; /* NULL: the kernel */
	uint32_t hash;
};
struct symbols {
	struct symbol *symbols; /* owned; open addressing, name NULL: free */
	size_t count, capacity;
	struct buffer kernel_names; /* what kernel symbols' names point to */
};

struct depmod {
	struct depmod_options options;
	struct depmod_config config;
	struct modules modules;
	struct symbols symbols;
	struct buffer lines; /* of modules.dep, each ends in NUL */
	size_t *line_starts; /* owned; where modules' lines begin, and where the last ends */
};

/* depmod_find.c */
int depmod_find_all(struct depmod *depmod);
int depmod_find_named(struct depmod *depmod, char *const paths[]);
/* Is no module newer than modules.dep? */
bool depmod_is_up_to_date(const struct depmod *depmod);
void depmod_release_modules(struct modules *modules);

/* depmod_facts.c */
struct fact {
	const char *text; /* the rest is known of symbols only */
	uint32_t hash;    /* of text */
	uint32_t crc;
	bool is_weak; /* an import that may stay undefined */
};
/* *position is 0 before the first call. false: no more. */
bool facts_next(const struct facts *facts, enum fact_list list, size_t *position,
		struct fact *fact);
/* Are these, of a file that may be damaged, lists of facts of that size? */
bool facts_are_whole(const struct facts *facts, size_t size);
/* Those of a module file, and its status before it was read. facts->error, too, is the result. */
int facts_read(struct facts *facts, const char *path, struct stat *status);
uint32_t hash_bytes(const char *bytes, size_t size);
uint32_t hash_text(const char *text);

/* depmod_cache.c: facts of earlier runs. A cache that cannot be used is none. */
struct cache;
struct cache *cache_open(const struct depmod_options *options);
/* Facts that data in the cache's memory holds, valid until cache_close(). */
bool cache_find(const struct cache *cache, const char *path, const struct stat *status,
		struct facts *facts);
/* Keep the facts of modules whose files have been as they are for a while. */
void cache_save(const struct depmod_options *options, const struct modules *modules,
		const struct timespec *began);
void cache_close(struct cache *cache);

/* depmod_symbols.c */
int symbols_load_kernel(struct symbols *symbols, const struct depmod_options *options);
int symbols_load_modules(struct symbols *symbols, const struct modules *modules, char prefix);
const struct symbol *symbols_find(const struct symbols *symbols, const char *name, uint32_t hash);
void symbols_release(struct symbols *symbols);

/* depmod_depend.c: needs, then ranks. -EINVAL: dependencies form a cycle. */
int depmod_depend(struct depmod *depmod);
struct needs {
	struct module **list; /* owned */
	size_t count, capacity;
};
/* All that the module needs, also indirectly, by rank. Once for each module, since it marks them.
 */
int depmod_all_needs(struct module *module, struct needs *needs);
/*
 * For each module, by priority, what modules.dep has of it, without the end of
 * the line: its file, and all that it needs, also indirectly, by rank.
 */
int depmod_make_lines(struct depmod *depmod);

/* depmod_output.c */
int depmod_write(const struct depmod *depmod);

/* depmod_publish.c: files that replace the old ones all together, or none. */
struct published {
	const char *name;
	struct buffer content;
	char temporary[NAME_MAX + 1]; /* "": not there */
	int fd, error;
};
int publish(const char *directory, struct published *files, size_t count);

/* parallel.c: call work(context, i) for every i < count, on all processors. */
void run_parallel(size_t count, void (*work)(void *context, size_t i), void *context);
/* The same of work that waits more than it computes: many at a time, on any number of them. */
void run_waiting(size_t count, void (*work)(void *context, size_t i), void *context);

#endif
