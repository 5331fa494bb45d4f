// SPDX-License-Identifier: GPL-2.0-or-later
/* The whole command as a process, and what a box costs while it does nothing. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "measure.h"

extern char **environ;

static double run_process(char *const argv[])
{
	double start = now();
	posix_spawn_file_actions_t actions;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) ||
	    waitpid(pid, &status, 0) != pid) {
		fprintf(stderr, "bench: cannot run %s\n", argv[0]);
		exit(1);
	}
	posix_spawn_file_actions_destroy(&actions);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "bench: %s failed with status %d\n", argv[0], status);
		exit(1);
	}
	return now() - start;
}

#define PROCESS_ROUNDS 101

void bench_process(const char *label, const char *ring3, const char *module, double goal_ms)
{
	static double ours[PROCESS_ROUNDS], theirs[PROCESS_ROUNDS];
	char *const run[] = {(char *)ring3, "run", (char *)module, NULL};
	char *const rival[] = {"true", NULL};
	double mine, other;

	run_process(run); /* fill the cache */
	for (int i = 0; i < PROCESS_ROUNDS; i++) {
		ours[i] = run_process(run);
		theirs[i] = run_process(rival);
	}
	mine = median(ours, PROCESS_ROUNDS);
	other = median(theirs, PROCESS_ROUNDS);
	printf("%-29s %9.2f ms   true             %9.2f ms   difference %.2f ms  (goal: at most "
	       "%.0f)\n",
	       label, mine * 1e3, other * 1e3, (mine - other) * 1e3, goal_ms);
}

static long proportional_set_kb(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "re");
	char line[256];
	long kb = -1;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "Pss: %ld", &kb);
	if (file)
		fclose(file);
	return kb;
}

void bench_memory(void)
{
	long before = proportional_set_kb(), after;
	struct r3_box *box = new_box();

	after = proportional_set_kb();
	printf("memory of an idle box         %9ld KiB  this process     %9ld KiB\n",
	       after - before, before);
	r3_box_free(box);
}
