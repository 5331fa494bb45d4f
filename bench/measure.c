// SPDX-License-Identifier: GPL-2.0-or-later
/* What every figure needs: a box, a line of text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "measure.h"

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

unsigned int add_options(char **argv, unsigned int count, const struct target_files *target)
{
	argv[count++] = "--kernel";
	argv[count++] = (char *)target->release;
	if (target->headers) {
		argv[count++] = "--headers";
		argv[count++] = (char *)target->headers;
	}
	if (target->source) {
		argv[count++] = "--source";
		argv[count++] = (char *)target->source;
	}
	return count;
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
