/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --call FUNCTION[,ARGUMENT]...: a function of a module, called as a kernel thread would. */
#ifndef RING3_CALL_H
#define RING3_CALL_H

#include <stdbool.h>
#include <ring3/ring3.h>

#define CALL_MAX_ARGUMENTS 6

struct call {
	char *text; /* owns what function and strings point into */
	const char *function;
	unsigned int count;
	unsigned long arguments[CALL_MAX_ARGUMENTS];
	const char *spelled; /* as the user wrote it */

	bool done;
	int error;
	uint64_t result;
};

/* A number (base 0, sign allowed) or a "string" in quotes. -EINVAL. */
int call_parse(struct call *call, const char *text);
int call_make(struct call *call, struct r3_box *box);
void call_release(struct call *call);

#endif
