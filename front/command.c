// SPDX-License-Identifier: GPL-2.0-or-later
/* The end of the way to a client: the command itself. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "front/internal.h"

void command_exec(const char *directory, char *const argv[])
{
	int error;

	if (directory && chdir(directory))
		dprintf(STDERR_FILENO, "ring3: %s: %s\n", directory, strerror(errno));
	execvp(argv[0], argv);
	error = errno;
	dprintf(STDERR_FILENO, "ring3: %s: %s\n", argv[0], strerror(error));
	_exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN);
}
