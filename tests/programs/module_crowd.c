// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any number of clients that load the same module at once: one does, the
 * others wait until its init is over and are told that it is there (later
 * kernels tell those that load the same file what became of the one load).
 *	module_crowd SLOW.ko NAME COUNT	SLOW's init takes ms= milliseconds
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "module_client.h"

#define INIT "ms=1000" /* so that all come while it lasts */

int main(int argc, char **argv)
{
	int count = argc == 4 ? atoi(argv[3]) : 0, gate[2], loaded = 0, status;
	long result;
	char byte;

	if (count <= 0 || pipe(gate)) {
		fprintf(stderr, "Usage: module_crowd SLOW.ko NAME COUNT\n");
		return 2;
	}
	for (int i = 0; i < count; i++) {
		pid_t child = fork();

		if (child < 0) {
			perror("fork");
			return EXIT_FAILURE;
		}
		if (child)
			continue;
		close(gate[1]);
		if (read(gate[0], &byte, 1))
			_exit(EIO);
		_exit(-load_module(argv[1], INIT));
	}
	close(gate[1]); /* now */
	for (int i = 0; i < count; i++) {
		if (wait(&status) < 0 || (status && status != EEXIST << 8)) {
			fprintf(stderr, "a caller ended with %s\n",
				strerror(WIFEXITED(status) ? WEXITSTATUS(status) : EINTR));
			return EXIT_FAILURE;
		}
		loaded += !status;
	}
	result = unload_module(argv[2]);
	if (result || loaded != 1) {
		fprintf(stderr, "%d loaded it; unloading: %s\n", loaded, strerror(-result));
		return EXIT_FAILURE;
	}
	printf("1 loaded, %d were told\n", count - 1);
	return EXIT_SUCCESS;
}
