/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /etc/modules.conf, and what holds without it. */
#ifndef RING3_MODUTILS_CONF_H
#define RING3_MODUTILS_CONF_H

#include <time.h>
#include "tools/modutils/messages.h"
#include "tools/modutils/words.h"

#define MODULES_CONF     "/etc/modules.conf"
#define OLD_MODULES_CONF "/etc/conf.modules"

struct conf_entry {
	char *name;         /* owned */
	struct words words; /* what it stands for, or takes with it */
	bool stays;         /* options -k: never autoclean */
};

/* Lines "KEYWORD NAME WORDS". */
enum conf_list {
	CONF_ABOVE,
	CONF_BELOW,
	CONF_ALIAS,
	CONF_OPTIONS,
	CONF_PROBE,
	CONF_PROBEALL,
	NR_CONF_LISTS,
};

enum conf_when {
	CONF_PRE_INSTALL,
	CONF_INSTALL,
	CONF_POST_INSTALL,
	CONF_PRE_REMOVE,
	CONF_REMOVE,
	CONF_POST_REMOVE,
	NR_CONF_WHEN,
};

struct conf_command {
	enum conf_when when;
	char *module, *command; /* owned */
};

struct conf_path {
	char *type, *path; /* owned */
};

struct conf {
	const char *release; /* of the kernel that it is for */
	const char *root;    /* before each path; "" */
	bool paths_only;     /* the other lines are not even looked at */
	bool is_autoclean;   /* what `if -k` asks for */
	bool runs_commands;  /* `commands` in it are run */
	bool any_owner;      /* module files may be another's than root's */

	struct conf_path *paths; /* owned */
	size_t nr_paths;
	struct {
		struct conf_entry *entries; /* owned */
		size_t count;
	} lists[NR_CONF_LISTS];
	struct conf_command *commands; /* owned */
	size_t nr_commands;
	struct words prunes;
	char *insmod_options; /* owned; NULL: none */
	char *depfile;        /* owned */
	char *pcimapfile;     /* owned; NULL: beside the depfile */
	char *file;           /* owned: the one that was read; NULL: there was none */
	time_t changed;       /* when; 0 */
};

/*
 * Fill in all behind the first block, of which release and root are to be set.
 * path NULL: $MODULECONFIG, else the usual ones. -errno after a message;
 * conf_release() is due in any case.
 */
int conf_read(struct conf *conf, const char *path, struct messages *messages);
void conf_release(struct conf *conf);

/* The keywords, by enum. */
extern const char *const conf_list_names[NR_CONF_LISTS];
extern const char *const conf_when_names[NR_CONF_WHEN];

/* NULL: there is none of that name. */
const struct conf_entry *conf_find(const struct conf *conf, enum conf_list list, const char *name);
const char *conf_command(const struct conf *conf, enum conf_when when, const char *module);

/* ---- conf_parse.c ---- */
/* One file, and those that it includes. */
int conf_parse(struct conf *conf, const char *path, FILE *in, struct messages *messages);
int conf_add_path(struct conf *conf, const char *type, const char *path);

/* ---- search.c ---- */
/*
 * Files below the paths whose last part matches pattern (NULL: module files),
 * in directories of that type (NULL: all). -ENOMEM.
 */
int conf_search(const struct conf *conf, const char *pattern, const char *type, bool first_only,
		struct words *found, struct messages *messages);
/* The file of a module by its name: NAME.o, NAME.mod, NAME.o.gz or NAME. NULL: there is none. */
char *conf_search_module(const struct conf *conf, const char *name, struct messages *messages);

#endif
