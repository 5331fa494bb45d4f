// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 insmod, rmmod, ...: ring3-kmod, which lies beside this program. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/commands.h"

/* The places it has when installed and in a build tree. */
static const char *const places[] = {"ring3-kmod", "tools/kmod/ring3-kmod"};

static void run_at(const char *path, char **argv)
{
	execv(path, argv);
	if (errno != ENOENT)
		fprintf(stderr, "ring3: cannot run %s: %m\n", path);
}

int cmd_tool(int argc, char **argv)
{
	char own[PATH_MAX], path[PATH_MAX + 64], *slash;
	const char *elsewhere = getenv("RING3_KMOD");
	ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);

	if (elsewhere)
		run_at(elsewhere, argv);
	own[length > 0 ? length : 0] = '\0';
	slash = strrchr(own, '/');
	for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - own), own, places[i]);
		run_at(path, argv);
	}
	fprintf(stderr, "ring3: ring3-kmod is not beside this program (RING3_KMOD)\n");
	return EXIT_FAILURE;
}
