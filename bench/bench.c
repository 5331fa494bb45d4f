// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How fast, beside what: every figure is taken in the same run as the one it
 * is compared with, alternating, and the median of many rounds is printed.
 */
#include <stdio.h>
#include <string.h>
#include "measure.h"

#define MAX_TARGETS 4

static const char *or_none(const char *argument)
{
	return strcmp(argument, "-") ? argument : NULL;
}

int main(int argc, char **argv)
{
	struct target_files targets[MAX_TARGETS] = {{.release = NULL}};
	int count = 0;

	if (argc < 9 || (argc - 4) % 5 || argc > 4 + 5 * MAX_TARGETS) {
		fprintf(stderr, "usage: bench RING3 LIBRARY.so LARGE.ko|- "
				"TARGET HEADERS|- SOURCE|- HELLO.ko BENCH_0000.ko...\n"
				"The first target is builtin, the others are Linux releases.\n");
		return 2;
	}
	for (char **at = argv + 4; *at; at += 5)
		targets[count++] =
			(struct target_files){at[0], or_none(at[1]), or_none(at[2]), at[3], at[4]};
	for (int i = 0; i < count; i++)
		bench_memory(&targets[i]);
	bench_load(&targets[0], argv[2]);
	for (int i = 0; i < count; i++)
		bench_growth(&targets[i]);
	if (or_none(argv[3]))
		bench_relocations(&targets[0], argv[3]);
	bench_lookup();
	for (int i = 0; i < count; i++)
		bench_hello(argv[1], &targets[i], i ? 20 : 10);
	return missed() != 0;
}
