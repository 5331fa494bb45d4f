// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How fast, beside what: every figure is taken in the same run as the one it
 * is compared with, alternating, and the median of many rounds is printed.
 */
#include <stdio.h>
#include <string.h>
#include "measure.h"

static const char *or_none(const char *argument)
{
	return strcmp(argument, "-") ? argument : NULL;
}

int main(int argc, char **argv)
{
	const char *ring3 = argv[1];

	if (argc < 6 || (argc - 6) % 4) {
		fprintf(stderr, "usage: bench RING3 HELLO.ko BENCH_0000.ko LIBRARY.so LARGE.ko|-\n"
				"             [RELEASE HELLO.ko HEADERS|- SOURCE|-]...\n");
		return 2;
	}
	bench_memory(NULL);
	for (int i = 6; i < argc; i += 4)
		bench_memory(&(struct linux_target){argv[i], argv[i + 1], or_none(argv[i + 2]),
						    or_none(argv[i + 3])});
	bench_load(argv[3], "bench_0000", argv[4]);
	bench_growth(argv[3]);
	if (or_none(argv[5]))
		bench_relocations(argv[5]);
	bench_lookup();
	bench_hello(ring3, argv[2]);
	for (int i = 6; i < argc; i += 4)
		bench_linux_hello(ring3,
				  &(struct linux_target){argv[i], argv[i + 1], or_none(argv[i + 2]),
							 or_none(argv[i + 3])});
	return missed() != 0;
}
