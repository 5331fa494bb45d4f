/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `ring3 run` loads, in order: the modules asked for, each after those it depends on. */
#ifndef RING3_PLAN_H
#define RING3_PLAN_H

#include <stdbool.h>
#include "cli/finder.h"
#include "cli/module_file.h"
#include "cli/term.h"

struct plan_module {
	struct module_file file;
	char *parameters; /* as finit_module takes them */
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

struct plan {
	struct plan_module **modules; /* as asked for, then the dependencies */
	struct plan_module **order;
	unsigned int nr_modules, nr_order;
	struct finder finder;
};

/* Add what was asked for: parameters are words of a command line. 0 or -errno, after a message. */
int plan_add(struct plan *plan, struct term *term, const char *path, char **parameters,
	     unsigned int nr_parameters);
/* Find the dependencies and order all. One that is not found is named and left to the loader. */
int plan_order(struct plan *plan, struct term *term, const char *tree);
void plan_release(struct plan *plan);

struct plan_module *plan_find(struct plan *plan, const char *name);

#endif
