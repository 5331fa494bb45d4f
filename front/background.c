// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <unistd.h>
#include "front/background.h"

#define FIRST_OTHER (STDERR_FILENO + 1)

int background_close(int keep)
{
	if (keep != FIRST_OTHER)
		dup3(keep, FIRST_OTHER, O_CLOEXEC);
	close_range(FIRST_OTHER + 1, ~0U, 0);
	return FIRST_OTHER;
}

void background_quiet(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
	if (chdir("/"))
		return; /* as good a place as any */
}
