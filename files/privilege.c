// SPDX-License-Identifier: GPL-2.0-or-later
/* What the process behind a request may do. */
#include "files/internal.h"

bool request_capable(fuse_req_t request, int capability)
{
	const struct files *files = fuse_req_userdata(request);

	return caller_capable(fuse_req_ctx(request)->pid, &files->user_namespace, capability);
}

/* perf_event_paranoid is above 1 on Debian: then only the capability counts. */
int open_with_addresses(struct handle *handle, fuse_req_t request, int flags)
{
	handle->shows_addresses = handle->files->box->sysctls.kptr_restrict < 2 &&
				  request_capable(request, CAP_SYSLOG);
	return 0;
}
