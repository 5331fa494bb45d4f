/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between vsprintf.c, which reads formats, and pointer.c, which knows %p's extensions. */
#ifndef RING3_VSPRINTF_H
#define RING3_VSPRINTF_H

#include <linux/types.h>

/* Where output goes: writes beyond end are counted, not made. */
struct out {
	char *start, *at, *end;
};

struct spec {
	unsigned int flags; /* SPEC_* */
	int width;          /* -1: none */
	int precision;      /* -1: none */
	unsigned int base;
};
#define SPEC_LEFT    1
#define SPEC_PLUS    2
#define SPEC_SPACE   4
#define SPEC_ZERO    8
#define SPEC_SPECIAL 16
#define SPEC_SMALL   32
#define SPEC_SIGNED  64

static inline void out_char(struct out *out, char c)
{
	if (out->at < out->end)
		*out->at = c;
	out->at++;
}
void out_text(struct out *out, const char *text, int length, const struct spec *spec);
void out_string(struct out *out, const char *text, const struct spec *spec);
void out_number(struct out *out, unsigned long long value, struct spec spec);
/* fmt is what follows "%p"; returns how many of its letters were taken. */
void out_pointer(struct out *out, const char *fmt, void *pointer, struct spec spec);

/* errname.c: "EPERM" for 1, NULL if there is none */
const char *errname(int error);

#endif
