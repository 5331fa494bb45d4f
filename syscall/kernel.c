// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel says of itself: uname(2). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include "syscall/client.h"

/* The host's names, the box's kernel. */
long serve_uname(struct client *client)
{
	struct utsname names;

	memset(&names, 0, sizeof(names));
	if (uname(&names))
		return -errno;
	memset(names.release, 0, sizeof(names.release));
	snprintf(names.release, sizeof(names.release), "%s", r3_box_release(client->box));
	memset(names.version, 0, sizeof(names.version));
	snprintf(names.version, sizeof(names.version), "%s", client->box->data->version);
	return client_write(client, client->notification.data.args[0], &names, sizeof(names));
}
