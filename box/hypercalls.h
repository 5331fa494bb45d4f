/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_HYPERCALLS_H
#define RING3_HYPERCALLS_H

/* The host's function for "r3hc_..."; NULL: there is none. */
void *hypercall_find(const char *name);
/* Index for iteration: name and function of the i-th hypercall; NULL at the end. */
const char *hypercall_at(unsigned int index, void **function);

#endif
