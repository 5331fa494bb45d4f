/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "parm_NAME=2-4i" in .modinfo says. */
#ifndef RING3_MODUTILS_PARAMETERS_H
#define RING3_MODUTILS_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

struct parm {
	unsigned long min, max; /* how many values */
	char type;              /* b h i l s c; what else there may be is wrong */
	unsigned long size;     /* of a 'c'; 0: it was not given */
	const char *rest;       /* behind it: "p" is persistent */
};

void parm_parse(const char *text, struct parm *parm);
/* Is a string of .modinfo one, and no description? Its name's length then, else 0. */
size_t parm_is(const char *string);

#endif
