/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `ring3 run` loads, in order: the modules asked for, each after those it depends on. */
#ifndef RING3_LOAD_PLAN_H
#define RING3_LOAD_PLAN_H

#include <stdbool.h>
#include "cli/finder.h"
#include "cli/module_file.h"
#include "cli/term.h"

struct load_item {
	struct module_file file;
	char *parameters; /* as finit_module takes them */
	char **words;     /* the same as words, ending in NULL; NULL: none */
	bool dependency;  /* not asked for */
	bool placed;      /* stands in the order, or is about to */

	/* what became of it */
	bool loaded;
	bool unloaded;
	int load_error;
	int unload_error;
	char *message; /* r3_error() of the failure, NULL: none */
	int refcount;  /* before it was unloaded */
	uint64_t address, core_size, init_size;
	char taints[16];
};

struct load_plan {
	struct load_item **modules; /* as asked for, then the dependencies */
	struct load_item **order;
	unsigned int nr_modules, nr_order;
	struct finder finder;
};

/* Add what was asked for: parameters are words of a command line. 0 or -errno, after a message. */
int load_plan_add(struct load_plan *plan, struct term *term, const char *path, char **parameters,
		  unsigned int nr_parameters);
/* Find the dependencies and order all. One that is not found is named and left to the loader. */
int load_plan_order(struct load_plan *plan, struct term *term, const char *tree);
/* The same where insmod is told what to load: in the order in which it was asked for. */
void load_plan_order24(struct load_plan *plan);
void load_plan_release(struct load_plan *plan);

struct load_item *load_plan_find(const struct load_plan *plan, const char *name);

#endif
