/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of modprobe: modprobe.d, modules.softdep and the like, the kernel's command
 * line. */
#ifndef RING3_KMOD_CONFIG_H
#define RING3_KMOD_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* In the order that modprobe -c prints them. */
enum config_kind {
	CONFIG_BLACKLIST,
	CONFIG_FORBID,
	CONFIG_INSTALL,
	CONFIG_REMOVE,
	CONFIG_ALIAS,
	CONFIG_OPTIONS,
	CONFIG_SOFTDEP,
	CONFIG_WEAKDEP,
	NR_CONFIG_KINDS,
};

struct config_entry {
	struct config_entry *next;
	const char *file;  /* where it stands, in the config's files */
	unsigned int line; /* 0: the file has no lines */
	const char *name;  /* each '-' outside of [] a '_' */
	/*
	 * NULL: none. An alias's module, a command, options. Of softdep "pre: a b
	 * post: c", either part only if it names something; of weakdep "a b".
	 */
	const char *value;
};

struct config_file {
	struct config_file *next;
	char path[];
};
struct config {
	struct config_entry *first[NR_CONFIG_KINDS], *last[NR_CONFIG_KINDS];
	struct config_file *files;
};

extern const char *const config_directives[NR_CONFIG_KINDS];

/*
 * paths: files and directories, up to a NULL; NULL: the usual ones. directory
 * is /lib/modules/RELEASE. -ENOMEM; what is wrong in files is told and left out.
 */
int config_read(struct config *config, char *const *paths, const char *directory);
/* One file; path is for messages. -ENOMEM, -EIO. */
int config_parse(struct config *config, FILE *in, const char *path);
/* config_kernel.c: the text of /proc/cmdline. -ENOMEM. */
int config_parse_kernel(struct config *config, char *text, const char *path);
void config_release(struct config *config);

/* line 0: in a file without lines. Names are kept as they are. -ENOMEM. */
int config_add(struct config *config, enum config_kind kind, const char *name, const char *value,
	       unsigned int line);
/* Entries that config_add() adds from now on stand in it. -ENOMEM. */
int config_begin_file(struct config *config, const char *path);

/* The first entry whose name, a pattern as of fnmatch(3), matches; from entry on. */
const struct config_entry *config_match(const struct config_entry *entry, const char *name);
/* The same name, no pattern. */
const struct config_entry *config_find(const struct config_entry *entry, const char *name);

/* "FILE line N". */
const char *config_place(const struct config_entry *entry, char text[PATH_MAX]);

/* The modules of a softdep's part, or of a weakdep. */
struct config_names {
	const char *rest; /* the entry's value */
	const char *part; /* "pre:" or "post:"; NULL: a weakdep */
	bool is_inside;   /* false before the first call */
};
/* false: no more. */
bool config_next_name(struct config_names *names, char name[PATH_MAX]);

#endif
