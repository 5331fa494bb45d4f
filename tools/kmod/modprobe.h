/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of modprobe. They return 0 or -errno, told unless a comment says otherwise. */
#ifndef RING3_KMOD_MODPROBE_H
#define RING3_KMOD_MODPROBE_H

#include <stdbool.h>
#include "tools/kmod/config.h"
#include "tools/kmod/pool.h"

struct modprobe {
	/* options */
	bool all, remove, remove_holders, first_time, ignore_commands, use_blacklist;
	bool force, force_versions, force_vermagic;
	bool resolve, show_depends, show_config, show_versions, show_exports;
	bool dry_run, explain;
	bool to_syslog;
	int level;           /* LOG_ of the messages that are shown */
	unsigned long wait;  /* for a module that is in use; milliseconds */
	char **config_paths; /* owned; NULL: the usual ones; NULL ends them */
	const char *root, *release;
	/* what they are about */
	struct config config;
	struct pool pool;
	bool is_over; /* no more names are tried */
};

/* A name that leads nowhere: FATAL, which ends the run if it is told; with --all a warning. */
__attribute__((format(printf, 2, 3))) void modprobe_fail(struct modprobe *modprobe,
							 const char *format, ...);
/* Are actions printed? */
bool modprobe_is_verbose(const struct modprobe *modprobe);

/* modprobe_load.c; parameters may be NULL. */
int modprobe_load(struct modprobe *modprobe, const char *alias, const char *parameters);
/* modprobe_remove.c */
int modprobe_remove(struct modprobe *modprobe, const char *alias);

/* modprobe_plan.c: what is to be loaded, in this order, for module and with it. */
int modprobe_plan(struct modprobe *modprobe, struct pool_module *module, struct pool_list *plan);
/* The directive that forbids this module, or one that it needs; NULL: none. */
const struct config_entry *modprobe_forbidden(const struct modprobe *modprobe,
					      const struct pool_module *module);

/* modprobe_command.c: what commands of install and remove directives, and options, come to. */

/* The module's install or remove command; NULL: none. */
const struct config_entry *modprobe_command(const struct modprobe *modprobe, enum config_kind kind,
					    const struct pool_module *module);
/* command with each $CMDLINE_OPTS replaced by options. Owned by the caller; NULL: no memory. */
char *modprobe_expand(const char *command, const char *options);
/* Through the shell, with MODPROBE_MODULE set. -EINVAL: it failed, which is not told. */
int modprobe_run(const char *command, const struct pool_module *module, int *status);
/* Is this options directive for the module, by its name or what it was found by? */
bool modprobe_is_option_of(const struct config_entry *entry, const struct pool_module *module);
/*
 * The options that directives have for the module, and then extra (NULL: none).
 * NULL in *options: there are none at all. Owned by the caller. -ENOMEM.
 */
int modprobe_options(const struct modprobe *modprobe, const struct pool_module *module,
		     const char *extra, char **options);

/* modprobe_explain.c: why that comes of the module, in lines to stdout. */
enum modprobe_verdict {
	VERDICT_LOAD,
	VERDICT_IN_KERNEL,
	VERDICT_BLACKLISTED,
	VERDICT_FORBIDDEN,
};
void modprobe_explain(struct modprobe *modprobe, struct pool_module *module,
		      enum modprobe_verdict verdict);

/* modprobe_show.c */
int modprobe_show_config(struct modprobe *modprobe);
/* name: a file's path, or a module that has one. */
int modprobe_show_versions(struct modprobe *modprobe, const char *name);
int modprobe_show_exports(struct modprobe *modprobe, const char *name);

#endif
