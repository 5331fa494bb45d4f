/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_KMOD_PARAMETERS_H
#define RING3_KMOD_PARAMETERS_H

/*
 * A module's parameter string from arguments up to a NULL: joined by blanks, a
 * value with a blank quoted unless it begins with a quote. Allocated; NULL: no
 * memory.
 */
char *parameters_join(char *const *arguments);

#endif
