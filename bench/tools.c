// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tools of ring3-kmod beside kmod's, as whole processes: bench_tools
 * RING3_KMOD TREE RELEASE MODULE.ko... TREE is a folder with
 * lib/modules/RELEASE, for the tools to write to; the modules are for modinfo.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "measure.h"

#define ROUNDS 11

extern char **environ;

enum measured { WALL, CPU, PEAK, NR_MEASURED };

/* One run of a program under a name, and what it took: seconds, seconds, MiB. */
static void run(const char *program, char *const argv[], double taken[NR_MEASURED])
{
	posix_spawn_file_actions_t output;
	struct rusage usage;
	double start;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&output);
	posix_spawn_file_actions_addopen(&output, 1, "/dev/null", O_WRONLY, 0);
	start = now();
	if (posix_spawnp(&pid, program, &output, NULL, argv, environ) ||
	    wait4(pid, &status, 0, &usage) != pid || status) {
		fprintf(stderr, "bench: %s failed\n", program);
		exit(1);
	}
	taken[WALL] = now() - start;
	posix_spawn_file_actions_destroy(&output);
	taken[CPU] = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
		     (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	taken[PEAK] = usage.ru_maxrss / 1024.0;
}

/* The most that ours may take of what kmod's takes. */
struct goals {
	double wall, cpu, peak;
};

static void show_one(const char *tool, const char *what, double *ours, double *theirs, double scale,
		     const char *unit, double goal)
{
	double mine = median(ours, ROUNDS) * scale, other = median(theirs, ROUNDS) * scale;
	char text[64];

	snprintf(text, sizeof(text), "%s, %s", tool, what);
	show(&(struct figure){text, "kmod", mine, other, unit, mine / other, "ratio %.2f", goal});
}

static void compare(const char *what, const char *ours, char *const argv[],
		    const struct goals *goals)
{
	double mine[NR_MEASURED][ROUNDS], other[NR_MEASURED][ROUNDS], taken[NR_MEASURED];

	/* Both once, so that the files are in memory. */
	run(ours, argv, taken);
	run(argv[0], argv, taken);
	for (int i = 0; i < ROUNDS; i++) {
		run(ours, argv, taken);
		for (int j = 0; j < NR_MEASURED; j++)
			mine[j][i] = taken[j];
		run(argv[0], argv, taken);
		for (int j = 0; j < NR_MEASURED; j++)
			other[j][i] = taken[j];
	}
	show_one(what, "wall time", mine[WALL], other[WALL], 1e3, "ms", goals->wall);
	show_one(what, "cpu time", mine[CPU], other[CPU], 1e3, "ms", goals->cpu);
	show_one(what, "memory", mine[PEAK], other[PEAK], 1, "MiB", goals->peak);
}

int main(int argc, char **argv)
{
	char *depmod[] = {"depmod", "-b", NULL, NULL, NULL};

	if (argc < 5) {
		fprintf(stderr, "usage: bench_tools RING3_KMOD TREE RELEASE MODULE.ko...\n");
		return 2;
	}
	depmod[2] = argv[2];
	depmod[3] = argv[3];
	setenv("RING3_DEPMOD_CACHE", "", 1);
	compare("depmod", argv[1], depmod, &(struct goals){1 / 4.0, 1 / 2.5, 1});
	argv[3] = "modinfo"; /* and the modules behind it */
	compare("modinfo", argv[1], &argv[3], &(struct goals){1 / 3.0, 1 / 3.0, 1});
	return missed() != 0;
}
