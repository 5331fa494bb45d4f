/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a run: is anything left that should not be? */
#ifndef RING3_REPORT_H
#define RING3_REPORT_H

#include "cli/json.h"
#include "cli/load_plan.h"
#include "cli/term.h"

struct report_leak {
	char *module, *function, *kind;
	uint64_t count, bytes;
};

struct report {
	struct r3_box_report totals;
	struct report_leak *leaks;
	unsigned int nr_leaks;
	char **strangers; /* modules of clients that do not unload */
	unsigned int nr_strangers;
	unsigned int loaded, stuck, referenced; /* modules */
	const char *kept;                       /* why the box unloads none; NULL: it does */
	bool clean;
};

/*
 * Ask the box. kept is why it refuses every unload: then modules that are still
 * there, and their memory, count as clean. NULL: it does not.
 */
int report_collect(struct report *report, struct r3_box *box, const struct load_plan *plan,
		   const char *kept);
/* Then ask for modules that are still there and are not of the plan: clients loaded them. */
void report_strangers(struct report *report, struct r3_box *box, const struct load_plan *plan);
void report_print(const struct report *report, struct term *term, const struct load_plan *plan);
void report_write(const struct report *report, struct json *json);
void report_release(struct report *report);

/* What insmod and rmmod (kmod) say for an errno of loading and unloading. */
const char *load_error_text(int error);
const char *unload_error_text(int error);

#endif
