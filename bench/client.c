// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is timed of a machine's modules, as any program would do it: it knows
 * nothing of ring3, and runs in a box, on the host and as the init of
 * User-Mode Linux. Arguments are pairs: what to do, with what. It prints
 * "bench WHAT MICROSECONDS", medians.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "timing.h"

#define CALL_ROUNDS    500
#define PROGRAM_ROUNDS 21
#define READ_ROUNDS    2000
#define MODULE         "bench_0000"

extern char **environ;

static double times[READ_ROUNDS], others[READ_ROUNDS];

/* Ends the program, and with it the machine whose init it is: nobody would see more. */
static _Noreturn void end(int status)
{
	fflush(NULL);
	if (getpid() == 1)
		reboot(RB_POWER_OFF);
	exit(status);
}

static void check(long result, const char *what)
{
	if (result >= 0)
		return;
	printf("bench: %s: %s\n", what, strerror(errno));
	end(EXIT_FAILURE);
}

static void print(const char *what, double *values, size_t count)
{
	printf("bench %s %f\n", what, median(values, count) * 1e6);
}

static void load(int fd)
{
	check(syscall(SYS_finit_module, fd, "", 0), "finit_module");
}

static void unload(void)
{
	check(syscall(SYS_delete_module, MODULE, O_NONBLOCK), "delete_module");
}

/* The pair of system calls, and beside it one that has next to nothing to do. */
static void time_calls(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct utsname names;

	check(fd, path);
	for (int i = 0; i < CALL_ROUNDS; i++) {
		double start = now(), between;

		check(uname(&names), "uname");
		between = now();
		load(fd);
		unload();
		times[i] = now() - between;
		others[i] = between - start;
	}
	close(fd);
	print("uname", others, CALL_ROUNDS);
	print("calls", times, CALL_ROUNDS);
}

/* Its wait status, -1: there is no such program. */
static int run(const char *program, const char *argument)
{
	char *const argv[] = {(char *)program, (char *)argument, NULL};
	posix_spawn_file_actions_t actions;
	int error, status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(&pid, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error)
		return -1;
	check(waitpid(pid, &status, 0), "waitpid");
	return status;
}

/* kmod's programs; where they cannot succeed, what starting them takes. */
static void time_programs(const char *module, bool succeed)
{
	for (int i = 0; i < PROGRAM_ROUNDS; i++) {
		double start = now();
		int loaded = run("insmod", module), unloaded = run("rmmod", MODULE);

		times[i] = now() - start;
		if (loaded < 0 || unloaded < 0)
			return;
		if ((loaded == 0) != succeed || (unloaded == 0) != succeed) {
			printf("bench: insmod %s: status %x, rmmod: %x\n", module, loaded,
			       unloaded);
			end(EXIT_FAILURE);
		}
	}
	print("programs", times, PROGRAM_ROUNDS);
}

static void time_reading(const char *path)
{
	char text[64];

	for (int i = 0; i < READ_ROUNDS; i++) {
		double start = now();
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		check(fd, path);
		check(read(fd, text, sizeof(text)), path);
		close(fd);
		times[i] = now() - start;
	}
	print("read", times, READ_ROUNDS);
}

static void time_reading_loaded(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	check(fd, path);
	load(fd);
	close(fd);
	time_reading("/sys/module/" MODULE "/refcnt");
	unload();
}

int main(int argc, char **argv)
{
	if (getpid() == 1) {
		check(mount("proc", "/proc", "proc", 0, NULL), "/proc");
		check(mount("sysfs", "/sys", "sysfs", 0, NULL), "/sys");
	}
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	for (int i = 1; i + 1 < argc; i += 2) {
		const char *what = argv[i], *with = argv[i + 1];

		if (!strcmp(what, "calls"))
			time_calls(with);
		else if (!strcmp(what, "programs"))
			time_programs(with, true);
		else if (!strcmp(what, "refused"))
			time_programs(with, false);
		else if (!strcmp(what, "refcnt"))
			time_reading_loaded(with);
		else if (!strcmp(what, "read"))
			time_reading(with);
		else
			end(2);
	}
	end(EXIT_SUCCESS);
}
