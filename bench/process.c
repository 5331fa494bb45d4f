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

/* argv beside a process that does nothing. */
static void compare_with_true(const char *what, char *const argv[],
			      const struct target_files *target, double goal_ms)
{
	static double ours[PROCESS_ROUNDS], theirs[PROCESS_ROUNDS];
	char *const rival[] = {"true", NULL};
	double mine, other;
	char text[64];

	run_process(argv); /* fill the cache */
	for (int i = 0; i < PROCESS_ROUNDS; i++) {
		ours[i] = run_process(argv);
		theirs[i] = run_process(rival);
	}
	mine = median(ours, PROCESS_ROUNDS) * 1e3;
	other = median(theirs, PROCESS_ROUNDS) * 1e3;
	label(text, sizeof(text), what, target);
	show(&(struct figure){text, rival[0], mine, other, "ms", mine - other, "%.2f ms more",
			      goal_ms});
}

#define MAX_WORDS 16

void bench_hello(const char *ring3, const struct target_files *target, double goal_ms)
{
	char *argv[MAX_WORDS] = {(char *)ring3, "run"};
	unsigned int count = add_options(argv, 2, target);

	argv[count] = (char *)target->hello;
	compare_with_true("ring3 run hello.ko", argv, target, goal_ms);
}

void bench_exec(const char *ring3, const struct target_files *target, double goal_ms)
{
	char *argv[MAX_WORDS] = {(char *)ring3, "exec", "--console", "/dev/null"};
	unsigned int count = add_options(argv, 4, target);

	argv[count++] = "--";
	argv[count] = "true";
	compare_with_true("ring3 exec -- true", argv, target, goal_ms);
}

static long resident_kb(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "re");
	char line[256];
	long kb = -1;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "Rss: %ld", &kb);
	if (file)
		fclose(file);
	return kb;
}

/* In a process of its own, before there was any other box. */
void bench_memory(const struct target_files *target)
{
	double before, after;
	struct r3_box *box;
	char text[64];
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid) {
		waitpid(pid, &status, 0);
		if (pid < 0 || status)
			die("a process of its own");
		return;
	}
	before = resident_kb() / 1024.0;
	box = new_box(target);
	after = resident_kb() / 1024.0;
	label(text, sizeof(text), "memory of an idle box", target);
	show(&(struct figure){text, "the process without it", after - before, before, "MiB",
			      after - before, "%.1f MiB more", 0});
	r3_box_free(box);
	exit(0);
}
