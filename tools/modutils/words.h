/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of texts. */
#ifndef RING3_MODUTILS_WORDS_H
#define RING3_MODUTILS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct words {
	char **list; /* owned, as its texts are; ends in NULL if it is not empty */
	size_t count;
};

/* A copy of the text at the end; -ENOMEM. */
int words_add(struct words *words, const char *text);
bool words_contain(const struct words *words, const char *text);
void words_release(struct words *words);

/*
 * The words of a line of modules.conf, as a shell makes them: variables, `commands`,
 * quotes, patterns of files. `uname -r` and `kernelversion` mean release and its
 * first two numbers. What a shell would refuse is split at blanks. -ENOMEM.
 */
int words_expand(struct words *words, const char *line, const char *release, bool runs_commands);

/* Cut the first word off, as far as blanks that are not in quotes; the rest. */
char *words_next(char *line);

#endif
