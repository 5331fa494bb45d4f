/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments of a probe that was hit, as text. */
#ifndef RING3_PROBE_FETCH_H
#define RING3_PROBE_FETCH_H

#include "arch/x86_64/arch.h"
#include "probe/spec.h"

/* Text that grows up to what its buffer takes; the rest is cut off. */
struct text {
	char *buffer;
	size_t size, length; /* length < size; NUL-terminated */
};
__attribute__((format(printf, 2, 3))) void text_add(struct text *text, const char *format, ...);

/* What was hit. */
struct fetch_source {
	struct r3_box *box; /* for the names of symbols, and where user memory is */
	const struct arch_registers *registers;
	const char *comm;
};

/* As Linux prints it, without its name; "(fault)" in place of what cannot be read. */
void fetch_argument(const struct probe_argument *argument, const struct fetch_source *source,
		    struct text *text);

#endif
