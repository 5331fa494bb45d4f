/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_MEASURE_H
#define RING3_MEASURE_H

#include <stddef.h>
#include <ring3/ring3.h>

double now(void); /* seconds */
double median(double *values, size_t count);
__attribute__((noreturn)) void die(const char *what);
struct r3_box *new_box(const struct r3_box_options *options); /* NULL: the builtin target */

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

/* A Linux target to measure; the strings may be NULL but for the module's. */
struct linux_target {
	const char *release, *module, *headers, *source;
};

/* load.c */
void bench_load(const char *module, const char *name, const char *library);
void bench_growth(const char *path);
/* process.c */
void bench_hello(const char *ring3, const char *module);
void bench_linux_hello(const char *ring3, const struct linux_target *target);
void bench_memory(const struct linux_target *target); /* NULL: the builtin target */
/* link.c */
void bench_relocations(const char *path);
void bench_lookup(void);

#endif
