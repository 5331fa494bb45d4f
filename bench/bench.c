// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How fast, beside what: every figure is taken in the same run as the one it
 * is compared with, alternating, and the median of many rounds is printed.
 */
#include <stdio.h>
#include <string.h>
#include "measure.h"

int main(int argc, char **argv)
{
	if (argc < 5) {
		fprintf(stderr, "usage: bench RING3 HELLO.ko BENCH_0000.ko LIBRARY.so "
				"[LINUX_HELLO.ko|-] [LARGE.ko]\n");
		return 2;
	}
	bench_memory();
	bench_load(argv[3], "bench_0000", argv[4]);
	bench_process("ring3 run hello, builtin", argv[1], argv[2], 10);
	if (argc > 5 && strcmp(argv[5], "-"))
		bench_process("ring3 run hello, Linux target", argv[1], argv[5], 20);
	bench_lookup();
	bench_many(argv[3]);
	if (argc > 6)
		bench_relocations(argv[6]);
	return 0;
}
