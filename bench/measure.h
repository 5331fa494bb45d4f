/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_MEASURE_H
#define RING3_MEASURE_H

#include <stddef.h>
#include <ring3/ring3.h>

double now(void); /* seconds */
double median(double *values, size_t count);
__attribute__((noreturn)) void die(const char *what);
struct r3_box *new_box(void);

/* load.c */
void bench_load(const char *module, const char *name, const char *library);
void bench_many(const char *path);
/* process.c */
void bench_process(const char *label, const char *ring3, const char *module, double goal_ms);
void bench_memory(void);
/* link.c */
void bench_relocations(const char *path);
void bench_lookup(void);

#endif
