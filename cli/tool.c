// SPDX-License-Identifier: GPL-2.0-or-later
/* ring3 insmod, rmmod, ...: ring3-kmod, which lies beside this program. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/commands.h"
#include "cli/tool.h"

bool tool_find(char path[PATH_MAX])
{
	/* The places it has when installed and in a build tree. */
	static const char *const places[] = {"ring3-kmod", "tools/kmod/ring3-kmod"};
	const char *elsewhere = getenv("RING3_KMOD");
	char own[PATH_MAX], *slash;
	ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);

	if (elsewhere) {
		snprintf(path, PATH_MAX, "%s", elsewhere);
		return true;
	}
	own[length > 0 ? length : 0] = '\0';
	slash = strrchr(own, '/');
	for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++)
		if (snprintf(path, PATH_MAX, "%.*s/%s", (int)(slash - own), own, places[i]) <
			    PATH_MAX &&
		    !access(path, F_OK))
			return true;
	return false;
}

int cmd_tool(int argc, char **argv)
{
	char path[PATH_MAX];

	if (!tool_find(path)) {
		fprintf(stderr, "ring3: ring3-kmod is not beside this program (RING3_KMOD)\n");
		return EXIT_FAILURE;
	}
	execv(path, argv);
	fprintf(stderr, "ring3: cannot run %s: %m\n", path);
	return EXIT_FAILURE;
}
