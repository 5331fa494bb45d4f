// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The front door: what clients do with modules, timed by bench_client in a box,
 * in User-Mode Linux and on the host, by turns.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "measure.h"

#define TURNS     5
#define MAX_WORDS 24

/* What bench_client has printed, in microseconds by turn. */
enum { UNAME, CALLS, PROGRAMS, READ, NR_TIMES };
static const char *const names[NR_TIMES] = {"uname", "calls", "programs", "read"};

struct times {
	double turns[NR_TIMES][TURNS];
	unsigned int count[NR_TIMES];
};

static double middle(struct times *times, unsigned int which)
{
	return times->count[which] ? median(times->turns[which], times->count[which]) : 0;
}

static void take_line(struct times *times, const char *line)
{
	char what[32];
	double value;

	if (sscanf(line, "bench %31s %lf", what, &value) != 2) {
		if (!strncmp(line, "bench:", strlen("bench:")))
			fputs(line, stderr);
		return;
	}
	for (unsigned int i = 0; i < NR_TIMES; i++)
		if (!strcmp(what, names[i]) && times->count[i] < TURNS)
			times->turns[i][times->count[i]++] = value;
}

/* Run argv, in User-Mode Linux if there is uml, and take what it prints. Did it end well? */
static bool run(char *const argv[], const struct uml *uml, struct times *times)
{
	int fds[2], status;
	char line[256];
	FILE *output;
	pid_t pid;

	fflush(NULL);
	if (pipe(fds) || (pid = fork()) < 0) {
		perror("bench: a process");
		exit(1);
	}
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		if (uml)
			exec_uml(uml, argv);
		execv(argv[0], argv);
		_exit(127);
	}
	close(fds[1]);
	output = fdopen(fds[0], "r");
	while (output && fgets(line, sizeof(line), output))
		take_line(times, line);
	if (output)
		fclose(output);
	return waitpid(pid, &status, 0) == pid && !status;
}

static void run_or_end(char *const argv[], struct times *times)
{
	if (run(argv, NULL, times))
		return;
	fprintf(stderr, "bench: %s failed\n", argv[0]);
	exit(1);
}

static void run_in_box(const struct front *front, const struct target_files *target,
		       struct times *times)
{
	char *argv[MAX_WORDS] = {(char *)front->ring3, "exec", "--console", "/dev/null"};
	char *const command[] = {"--",       (char *)front->client, "calls",  (char *)target->small,
				 "programs", (char *)target->small, "refcnt", (char *)target->small,
				 NULL};
	unsigned int count = add_options(argv, 4, target);

	memcpy(argv + count, command, sizeof(command));
	run_or_end(argv, times);
}

/* False: it does not run here. */
static bool run_in_uml(const struct front *front, struct times *times)
{
	unsigned int before = times->count[READ];
	char *module = (char *)front->uml.module;
	char *const argv[] = {(char *)front->uml.client,
			      "calls",
			      module,
			      "programs",
			      module,
			      "refcnt",
			      module,
			      NULL};

	return run(argv, &front->uml, times) && times->count[READ] > before;
}

static void run_on_host(const struct front *front, struct times *times)
{
	/* A module that is none: both programs fail at once, with any privilege. */
	char *const argv[] = {(char *)front->client,       "refused", "/dev/null", "read",
			      "/sys/kernel/uevent_seqnum", NULL};

	run_or_end(argv, times);
}

static void run_hello(const struct front *front, struct times *times)
{
	char path[4096];
	char *const argv[] = {(char *)front->hello,
			      (char *)front->directory,
			      (char *)front->client,
			      "read",
			      path,
			      NULL};

	snprintf(path, sizeof(path), "%s/hello/refcnt", front->directory);
	run_or_end(argv, times);
}

static void compare(const char *text, double mine, const char *rival, double other)
{
	if (mine && other)
		show(&(struct figure){text, rival, mine, other, "us", mine / other, "ratio %.2f",
				      0});
}

static void compare_reads(const char *text, double mine, const char *rival, double other)
{
	if (mine && other)
		show(&(struct figure){text, rival, 1e3 / mine, 1e3 / other, "k/s", other / mine,
				      "ratio %.2f", 0});
}

static void show_target(const struct target_files *target, struct times *box, struct times *uml,
			struct times *host, struct times *hello)
{
	static const char user_mode_linux[] = "User-Mode Linux";
	char text[64];

	label(text, sizeof(text), "finit + delete_module", target);
	compare(text, middle(box, CALLS), "uname, by the box as well", middle(box, UNAME));
	compare(text, middle(box, CALLS), user_mode_linux, middle(uml, CALLS));
	label(text, sizeof(text), "insmod; rmmod", target);
	compare(text, middle(box, PROGRAMS), "refused at once, no box", middle(host, PROGRAMS));
	compare(text, middle(box, PROGRAMS), user_mode_linux, middle(uml, PROGRAMS));
	label(text, sizeof(text), "read refcnt", target);
	compare_reads(text, middle(box, READ), "the host's own sysfs", middle(host, READ));
	compare_reads(text, middle(box, READ), "libfuse, one file", middle(hello, READ));
	compare_reads(text, middle(box, READ), user_mode_linux, middle(uml, READ));
}

void bench_front(const struct front *front, const struct target_files *targets, unsigned int count)
{
	static struct times box[MAX_TARGETS], uml, host, hello;
	bool uml_runs = front->uml.kernel;

	for (unsigned int turn = 0; turn < TURNS; turn++) {
		for (unsigned int i = 0; i < count; i++)
			run_in_box(front, &targets[i], &box[i]);
		if (uml_runs && !run_in_uml(front, &uml)) {
			fprintf(stderr, "User-Mode Linux does not run here: left out\n");
			uml_runs = false;
		}
		run_on_host(front, &host);
		run_hello(front, &hello);
	}
	for (unsigned int i = 0; i < count; i++)
		show_target(&targets[i], &box[i], &uml, &host, &hello);
}
