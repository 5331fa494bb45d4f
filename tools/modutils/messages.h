/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tools of the 2.4 scheme say, as modutils said it: "hello.o: text"; plain text on stdout. */
#ifndef RING3_MODUTILS_MESSAGES_H
#define RING3_MODUTILS_MESSAGES_H

#include <stdbool.h>
#include <stdio.h>

struct messages {
	const char *from; /* before each error: the tool, or the file that it works on */
	FILE *out, *err;  /* both NULL: syslog */
	bool is_verbose;
	unsigned int errors, warnings; /* that were told */
};

/* One error, without its newline; it is counted. */
__attribute__((format(printf, 2, 3))) void tell_error(struct messages *messages, const char *format,
						      ...);
/* The same after an error: what is behind it. Not counted. */
__attribute__((format(printf, 2, 3))) void tell_hint(struct messages *messages, const char *format,
						     ...);
/* A line of output, without its newline. */
__attribute__((format(printf, 2, 3))) void tell(struct messages *messages, const char *format, ...);
/* The same, and it is counted. */
__attribute__((format(printf, 2, 3))) void tell_warning(struct messages *messages,
							const char *format, ...);

/*
 * -v: one step of a load, who did it and what came of it, in columns. Nothing
 * unless verbose.
 */
__attribute__((format(printf, 4, 5))) void tell_step(struct messages *messages, const char *who,
						     const char *step, const char *format, ...);

#endif
