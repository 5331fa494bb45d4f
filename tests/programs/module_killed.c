// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A client that is killed at a random moment leaves no module half loaded.
 *	module_killed FILE.ko NAME COUNT
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONGEST 3000 /* microseconds until it is killed */

static long load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long result = syscall(SYS_finit_module, fd, "", 0);

	close(fd);
	return result;
}

static _Noreturn void load_and_unload(const char *path, const char *name)
{
	for (;;) {
		load(path);
		syscall(SYS_delete_module, name, O_NONBLOCK);
	}
}

/*
 * Whatever it was in the middle of ends soon, on its own: then the module
 * loads and unloads again.
 */
static int check(const char *path, const char *name)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	for (int tries = 0; tries < 2000; tries++) {
		syscall(SYS_delete_module, name, O_NONBLOCK);
		if (load(path) == 0)
			break;
		nanosleep(&pause, NULL);
	}
	if (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		perror("unloading it afterwards");
		return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int count = argc == 4 ? atoi(argv[3]) : 0;

	if (count <= 0) {
		fprintf(stderr, "Usage: module_killed FILE.ko NAME COUNT\n");
		return 2;
	}
	srandom(1);
	for (int i = 0; i < count; i++) {
		const struct timespec life = {.tv_nsec = random() % LONGEST * 1000};
		pid_t child = fork();

		if (!child)
			load_and_unload(argv[1], argv[2]);
		nanosleep(&life, NULL);
		kill(child, SIGKILL);
		if (waitpid(child, NULL, 0) != child || check(argv[1], argv[2])) {
			fprintf(stderr, "after %d clients were killed\n", i + 1);
			return EXIT_FAILURE;
		}
	}
	printf("%d killed\n", count);
	return EXIT_SUCCESS;
}
