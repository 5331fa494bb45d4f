// SPDX-License-Identifier: GPL-2.0-or-later
/* What every figure needs: a clock, a median, a box. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "measure.h"

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, r3_error());
	exit(1);
}

struct r3_box *new_box(void)
{
	const struct r3_box_options options = {.size = sizeof(options), .memory = 1UL << 30};
	struct r3_box *box;

	if (r3_box_new(&box, &options))
		die("box");
	return box;
}
