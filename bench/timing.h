/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of every program of this folder. */
#ifndef RING3_BENCH_TIMING_H
#define RING3_BENCH_TIMING_H

#include <stddef.h>

double now(void); /* seconds */
/* Sorts them. */
double median(double *values, size_t count);

#endif
