/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_MEASURE_H
#define RING3_MEASURE_H

#include <stddef.h>
#include <ring3/ring3.h>

double now(void); /* seconds */
double median(double *values, size_t count);
__attribute__((noreturn)) void die(const char *what);

/* A figure beside its rival's. goal: the most that the comparison may be, 0: there is none. */
struct figure {
	const char *what, *rival;
	double mine, other;
	const char *unit;
	double comparison;
	const char *format; /* of the comparison: "ratio %.2f" */
	double goal;
};
void show(const struct figure *figure);
/* Goals that were missed so far. */
unsigned int missed(void);

struct target_files {
	const char *release;          /* "builtin", or a Linux release */
	const char *headers, *source; /* NULL: where they are installed */
	const char *hello, *small;    /* modules */
};
struct r3_box *new_box(const struct target_files *target);
/* "what, 6.1.0" */
void label(char *text, size_t size, const char *what, const struct target_files *target);

/* load.c */
void bench_load(const struct target_files *target, const char *library);
/* growth.c */
void bench_growth(const struct target_files *target);
/* process.c */
void bench_hello(const char *ring3, const struct target_files *target, double goal_ms);
void bench_memory(const struct target_files *target);
/* link.c */
void bench_relocations(const struct target_files *target, const char *path);
void bench_lookup(void);

#endif
