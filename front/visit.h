/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be wanted of a box that stays, by its name. Functions return 0 or
 * -errno with a sentence for r3_error(): -ENOENT, there is no such box.
 */
#ifndef RING3_VISIT_H
#define RING3_VISIT_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/*
 * Run a command in the box, as a child of this process, which has one thread;
 * *status is wait()'s. *stopped: it has ended because the box has.
 */
int visit_run(const char *name, char *const argv[], int *status, bool *stopped);

struct visit_info {
	const char *name;
	int pid;             /* of the box's process */
	bool answers;        /* the rest is known: else it is booting, or stuck */
	const char *release; /* uname -r */
	const char *log;     /* the file with its console */
	unsigned int modules, clients;
	time_t since;
};

/* Call visit for each box of this user until it returns non-zero, which is returned. */
int visit_each(int (*visit)(void *context, const struct visit_info *info), void *context);

/*
 * End a box: its report goes to out as it comes, *status is the exit status. waiting is called
 * when it takes long, and again.
 */
int visit_stop(const char *name, bool json, bool colour, FILE *out, int *status,
	       void (*waiting)(const char *name, int pid));

#endif
