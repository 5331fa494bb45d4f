// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How fast, beside what: every figure is taken in the same run as the one it
 * is compared with, alternating, and the median of many rounds is printed.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "measure.h"

#define FIXED_WORDS  9 /* of the arguments: before the targets */
#define TARGET_WORDS 6

static const char *or_none(const char *argument)
{
	return strcmp(argument, "-") ? argument : NULL;
}

static const char *in_folder(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		die("memory");
	return path;
}

static void bench_clients(char **argv, const struct target_files *targets, int count)
{
	const struct front front = {
		.ring3 = argv[1],
		.client = argv[4],
		.hello = argv[5],
		.directory = in_folder(argv[6], "hello"),
		.uml = {.kernel = or_none(argv[8]),
			.client = in_folder(argv[7], "client"),
			.module = in_folder(argv[7], "bench_0000.ko"),
			.directory = argv[7]},
	};

	if (access("/dev/fuse", R_OK | W_OK)) {
		fprintf(stderr, "no /dev/fuse, so no clients: their figures are skipped\n");
		return;
	}
	bench_front(&front, targets, count);
	for (int i = 0; i < count; i++)
		bench_exec(argv[1], &targets[i], 25);
}

int main(int argc, char **argv)
{
	struct target_files targets[MAX_TARGETS] = {{.release = NULL}};
	int count = 0;

	if (argc < FIXED_WORDS + TARGET_WORDS || (argc - FIXED_WORDS) % TARGET_WORDS ||
	    argc > FIXED_WORDS + TARGET_WORDS * MAX_TARGETS) {
		fprintf(stderr, "usage: bench RING3 LIBRARY.so LARGE.ko|- CLIENT HELLO_FUSE FOLDER "
				"UML_FOLDER UML|- TARGET HEADERS|- SOURCE|- HELLO.ko BENCH_0000.ko "
				"BENCH_PROBES.ko...\n"
				"The first target is builtin, the others are Linux releases.\n");
		return 2;
	}
	for (char **at = argv + FIXED_WORDS; *at; at += TARGET_WORDS)
		targets[count++] = (struct target_files){at[0], or_none(at[1]), or_none(at[2]),
							 at[3], at[4],          at[5]};
	for (int i = 0; i < count; i++)
		bench_memory(&targets[i]);
	bench_load(&targets[0], argv[2]);
	for (int i = 0; i < count; i++)
		bench_growth(&targets[i]);
	if (or_none(argv[3]))
		bench_relocations(&targets[0], argv[3]);
	bench_lookup();
	for (int i = 0; i < count; i++)
		bench_probes(&targets[i]);
	for (int i = 0; i < count; i++)
		bench_hello(argv[1], &targets[i], i ? 20 : 10);
	bench_clients(argv, targets, count);
	return missed() != 0;
}
