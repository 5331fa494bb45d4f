/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_KMOD_PARAMETERS_H
#define RING3_KMOD_PARAMETERS_H

/*
 * A module's parameter string from arguments up to a NULL: joined by blanks, a
 * value with a blank quoted unless it begins with a quote. Allocated; NULL: no
 * memory.
 */
char *parameters_join(char *const *arguments);

/*
 * The other way round: an array that ends in a NULL; what was in double quotes
 * is without them. free() it, the texts lie behind it. NULL: no memory.
 */
char **parameters_split(const char *text);

#endif
