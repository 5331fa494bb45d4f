// SPDX-License-Identifier: GPL-2.0-or-later
/* What the process behind a request may do. */
#include <stdlib.h>
#include <string.h>
#include "files/internal.h"

static bool read_effective(pid_t pid, unsigned long long *capabilities)
{
	char path[64], line[256];
	bool found = false;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	status = pid > 0 ? fopen(path, "re") : NULL;
	if (!status)
		return false;
	while (!found && fgets(line, sizeof(line), status))
		found = sscanf(line, "CapEff: %llx", capabilities) == 1;
	fclose(status);
	return found;
}

/* A pid of another PID namespace is 0, and then only uid 0 is believed. */
bool caller_capable(fuse_req_t request, unsigned int capability)
{
	const struct fuse_ctx *caller = fuse_req_ctx(request);
	unsigned long long capabilities;

	if (!read_effective(caller->pid, &capabilities))
		return caller->uid == 0;
	return capabilities >> capability & 1;
}

/* perf_event_paranoid is above 1 on Debian: then only the capability counts. */
int open_with_addresses(struct handle *handle, fuse_req_t request, int flags)
{
	handle->shows_addresses = handle->files->box->sysctls.kptr_restrict < 2 &&
				  caller_capable(request, CAP_SYSLOG);
	return 0;
}
