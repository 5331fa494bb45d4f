/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What modprobe knows, and the stack of modules that a request stands for. */
#ifndef RING3_MODUTILS_PROBE_H
#define RING3_MODUTILS_PROBE_H

#include "tools/modutils/conf.h"
#include "tools/modutils/kernel.h"

/* A line of modules.dep. */
struct dep_line {
	char *path, *name;  /* owned */
	struct words needs; /* paths */
};

struct probe {
	struct conf conf;
	struct messages messages;
	struct dep_line *lines; /* owned */
	size_t nr_lines;
	struct kernel kernel;
	bool is_dry, is_quiet, is_debug, is_syslog;
	struct words texts; /* names that were made */
};

/* A module that is to be loaded or removed. */
struct step {
	const char **names; /* owned: what it was asked as, then what that stands for, ... */
	size_t nr_names;
	const struct conf_entry **options; /* owned: the last alias' first, its own last */
	size_t nr_options;
	const char *kernel_name;     /* options -o, else its name; NULL: off */
	const char *key;             /* the last of names */
	const struct dep_line *line; /* NULL: modules.dep does not know it */
	enum step_mode { STEP_NORMAL, STEP_ABOVE, STEP_BELOW } mode;
	bool is_autoclean;
	bool is_new; /* it was not loaded before */
};

struct stack {
	struct step **steps; /* owned */
	size_t count;
	struct step **moved; /* owned: those that came again elsewhere */
	size_t nr_moved;
};

#define PROBE_OFF     (-1) /* an alias says that there is none */
#define PROBE_UNKNOWN (-2)
#define PROBE_FAILED  (-3)

/* ---- probe_depend.c ---- */
int probe_read_dependencies(struct probe *probe);
/* Lines after previous (NULL: all) by that name. */
const struct dep_line *probe_find_line(const struct probe *probe, const char *name,
				       const struct dep_line *previous);
int probe_read_kernel(struct probe *probe);
/* The last part of a path, without .o and such; kept until the end. */
const char *probe_name_of(struct probe *probe, const char *path);

/* ---- probe_stack.c ---- */
/*
 * All that a name needs, in the order of loading (or, removes, the other way
 * round). path: which of several modules.dep lines of that name; NULL: any.
 * 0, PROBE_OFF, PROBE_UNKNOWN with *unknown, or -ENOMEM.
 */
int probe_build_stack(struct probe *probe, const char *name, const char *path, bool removes,
		      struct stack *stack, const char **unknown);
void probe_release_stack(struct stack *stack);
void probe_print_stack(const struct stack *stack);

/* ---- probe_load.c ---- */
/* words: of modules, each with the parameters that follow it. 0 or -1. */
int probe_load_list(struct probe *probe, char *const *words, size_t count, const char *type,
		    bool loads_all);
int probe_load(struct probe *probe, struct step *step, char *const *parameters);

/* ---- probe_remove.c ---- */
int probe_remove(struct probe *probe, const char *name);
int probe_remove_step(struct probe *probe, const char *kernel_name, const struct step *step,
		      bool complains);
int probe_remove_idle(struct probe *probe);
/* Run the commands of that kind for a step's names: 0, or the first failure. *used: there was one.
 */
int probe_commands(struct probe *probe, enum conf_when when, const char *const *names, size_t count,
		   bool complains, bool *used);

#endif
