// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A client that is killed at a random moment leaves no module half loaded.
 *	module_killed FILE.ko NAME COUNT
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include "module_client.h"

#define LONGEST 3000 /* microseconds until it is killed */

int main(int argc, char **argv)
{
	int count = argc == 4 ? atoi(argv[3]) : 0;

	if (count <= 0) {
		fprintf(stderr, "Usage: module_killed FILE.ko NAME COUNT\n");
		return 2;
	}
	srandom(1);
	for (int i = 0; i < count; i++) {
		pid_t child = fork();

		if (!child)
			load_and_unload(argv[1], argv[2]);
		sleep_us(random() % LONGEST);
		kill(child, SIGKILL);
		if (waitpid(child, NULL, 0) != child || loads_again(argv[1], argv[2])) {
			fprintf(stderr, "after %d clients were killed\n", i + 1);
			return EXIT_FAILURE;
		}
	}
	printf("%d killed\n", count);
	return EXIT_SUCCESS;
}
