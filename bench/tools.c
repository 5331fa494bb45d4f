// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tools of ring3-kmod beside kmod's, as whole processes: bench_tools
 * RING3_KMOD TREE RELEASE NAME MODULE.ko... TREE is a folder with
 * lib/modules/RELEASE, for the tools to write to; the module of that name is for
 * modprobe, the files are for modinfo.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "measure.h"

#define MAX_ROUNDS 201

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

struct comparison {
	const char *what;
	char *const *argv;
	unsigned int rounds;
	double goals[NR_MEASURED]; /* the most that ours may take of what kmod's takes */
};

static void show_one(const struct comparison *comparison, enum measured which, double *ours,
		     double *theirs)
{
	static const struct {
		const char *name, *unit;
		double scale;
	} kinds[NR_MEASURED] = {
		[WALL] = {"wall time", "ms", 1e3},
		[CPU] = {"cpu time", "ms", 1e3},
		[PEAK] = {"memory", "MiB", 1},
	};
	double mine = median(ours, comparison->rounds) * kinds[which].scale;
	double other = median(theirs, comparison->rounds) * kinds[which].scale;
	double goal = comparison->goals[which];
	const char *unit = kinds[which].unit;
	char text[64];

	snprintf(text, sizeof(text), "%s, %s", comparison->what, kinds[which].name);
	show(&(struct figure){text, "kmod", mine, other, unit, mine / other, "ratio %.2f", goal});
}

static void compare(const char *ours, const struct comparison *comparison)
{
	double mine[NR_MEASURED][MAX_ROUNDS], other[NR_MEASURED][MAX_ROUNDS], taken[NR_MEASURED];
	char *const *argv = comparison->argv;

	/* Both once, so that the files are in memory. */
	run(ours, argv, taken);
	run(argv[0], argv, taken);
	for (unsigned int i = 0; i < comparison->rounds; i++) {
		run(ours, argv, taken);
		for (int j = 0; j < NR_MEASURED; j++)
			mine[j][i] = taken[j];
		run(argv[0], argv, taken);
		for (int j = 0; j < NR_MEASURED; j++)
			other[j][i] = taken[j];
	}
	for (enum measured which = 0; which < NR_MEASURED; which++)
		show_one(comparison, which, mine[which], other[which]);
}

int main(int argc, char **argv)
{
	char *depmod[] = {"depmod", "-b", NULL, NULL, NULL};
	char *modprobe[] = {"modprobe", "-d", NULL, "-S", NULL, "--show-depends", NULL, NULL};

	if (argc < 6) {
		fprintf(stderr, "usage: bench_tools RING3_KMOD TREE RELEASE NAME MODULE.ko...\n");
		return 2;
	}
	depmod[2] = modprobe[2] = argv[2];
	depmod[3] = modprobe[4] = argv[3];
	modprobe[6] = argv[4];
	argv[4] = "modinfo"; /* and the modules behind it */
	setenv("RING3_DEPMOD_CACHE", "", 1);
	compare(argv[1], &(struct comparison){"depmod", depmod, 11, {1 / 4.0, 1 / 2.5, 1}});
	compare(argv[1], &(struct comparison){"modinfo", &argv[4], 11, {1 / 3.0, 1 / 3.0, 1}});
	compare(argv[1],
		&(struct comparison){
			"modprobe --show-depends", modprobe, MAX_ROUNDS, {1 / 2.0, 1 / 2.0, 1}});
	return missed() != 0;
}
