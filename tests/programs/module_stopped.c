// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A client that is stopped in the middle holds up nobody else, nor what it
 * began: a module in its init gets live, which a stopped caller learns later.
 *	module_stopped SLOW.ko NAME OTHER.ko NAME COUNT	SLOW's init takes ms= milliseconds
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "module_client.h"

#define LONGEST   3000 /* microseconds until it is stopped */
#define INIT      "ms=300"
#define IN_INIT   100000  /* microseconds after which it is in init */
#define LIVE_WAIT 5000000 /* microseconds within which it must be live */
#define STEP      10000

static int complain(const char *what, long result)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-result));
	return EXIT_FAILURE;
}

static int stopped_at_any_moment(char **names)
{
	pid_t child = fork();
	long result;

	if (!child)
		load_and_unload(names[0], names[1]);
	sleep_us(random() % LONGEST);
	kill(child, SIGSTOP);
	result = load_module(names[2], "");
	if (!result)
		result = unload_module(names[3]);
	kill(child, SIGCONT);
	kill(child, SIGKILL);
	if (waitpid(child, NULL, 0) != child)
		return complain("waiting for it", -errno);
	if (result)
		return complain("another one's module, while it was stopped", result);
	result = loads_again(names[0], names[1]);
	return result ? complain("its own module afterwards", result) : 0;
}

static int is_live(const char *name)
{
	char path[256], state[16] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(state, sizeof(state), file))
		*state = '\0';
	fclose(file);
	return !strcmp(state, "live\n");
}

static int stopped_in_init(char **names)
{
	pid_t child = fork();
	int status, live = 0;
	long result;

	if (!child)
		_exit(-load_module(names[0], INIT));
	sleep_us(IN_INIT);
	kill(child, SIGSTOP);
	if (is_live(names[1]))
		return complain("it was not stopped in init", 0);
	for (long us = 0; us < LIVE_WAIT && !live; us += STEP) {
		sleep_us(STEP);
		live = is_live(names[1]);
	}
	kill(child, SIGCONT);
	if (waitpid(child, &status, 0) != child || status)
		return complain("the call that was stopped", -WEXITSTATUS(status));
	result = unload_module(names[1]);
	if (result || !live)
		return complain("the module of who is stopped in init does not get live", result);
	return 0;
}

int main(int argc, char **argv)
{
	int count = argc == 6 ? atoi(argv[5]) : 0;

	if (count <= 0) {
		fprintf(stderr, "Usage: module_stopped SLOW.ko NAME OTHER.ko NAME COUNT\n");
		return 2;
	}
	srandom(1);
	for (int i = 0; i < count; i++)
		if (stopped_at_any_moment(argv + 1))
			return EXIT_FAILURE;
	if (stopped_in_init(argv + 1))
		return EXIT_FAILURE;
	printf("%d stopped\n", count + 1);
	return EXIT_SUCCESS;
}
