// SPDX-License-Identifier: GPL-2.0-or-later
/* What every figure needs: a clock, a median, a box. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

struct r3_box *new_box(const struct target_files *target)
{
	const struct r3_box_options options = {.size = sizeof(options),
					       .target = target->release,
					       .headers = target->headers,
					       .source = target->source};
	struct r3_box *box;

	if (r3_box_new(&box, &options))
		die("box");
	return box;
}

void label(char *text, size_t size, const char *what, const struct target_files *target)
{
	snprintf(text, size, "%s, %.*s", what, (int)strcspn(target->release, "-+"),
		 target->release);
}

static unsigned int nr_missed;

unsigned int missed(void)
{
	return nr_missed;
}

void show(const struct figure *figure)
{
	printf("%-36s %8.2f %-4s  %-26s %8.2f %-4s  ", figure->what, figure->mine, figure->unit,
	       figure->rival, figure->other, figure->unit);
	printf(figure->format, figure->comparison);
	if (figure->goal) {
		printf("  goal: at most %g, %s", figure->goal,
		       figure->comparison <= figure->goal ? "met" : "MISSED");
		nr_missed += figure->comparison > figure->goal;
	}
	putchar('\n');
	fflush(stdout);
}
