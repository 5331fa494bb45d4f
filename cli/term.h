/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What people see: the kernel log on stdout or where a command says, a progress line on stderr,
 * colour on a terminal only. The box calls from any of its threads.
 */
#ifndef RING3_TERM_H
#define RING3_TERM_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <ring3/ring3.h>

struct term {
	pthread_mutex_t lock;
	FILE *out;          /* log, steps and report; stdout if not told otherwise */
	bool colour;        /* it is a terminal, and NO_COLOR is not set */
	bool progress_line; /* stderr is a terminal */
	bool shown;         /* a progress line stands on it */
	char announced[64]; /* without a terminal each piece of work is named once */
};

enum term_style {
	TERM_PLAIN,
	TERM_BOLD,
	TERM_DIM,
	TERM_GREEN,
	TERM_BROWN,
	TERM_RED,
	TERM_BOLD_RED,
	TERM_REVERSE_RED,
};

void term_init(struct term *term);
/* Write to out instead, when stdout is a command's. */
void term_use(struct term *term, FILE *out);
/* One line of the log as Linux's dmesg prints it. */
void term_log(struct term *term, const struct r3_log_record *record);
/* One hit of a probe, as ftrace shows it. */
void term_hit(struct term *term, const struct r3_probe_hit *hit);
/* One step of the work, for -v. */
void term_trace(struct term *term, const struct r3_trace_event *event);
void term_progress(struct term *term, const char *what, unsigned int done, unsigned int total);
void term_progress_end(struct term *term);

/* A line on stdout; style is for all of it. */
__attribute__((format(printf, 3, 4))) void term_print(struct term *term, enum term_style style,
						      const char *format, ...);
/* "ring3: sentence" on stderr. */
__attribute__((format(printf, 2, 3))) void term_error(struct term *term, const char *format, ...);
/* "       sentence": what to do about it. */
__attribute__((format(printf, 2, 3))) void term_advice(struct term *term, const char *format, ...);

#endif
