/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where boxes that stay are found: NAME.sock in the first of
 *	$XDG_RUNTIME_DIR/ring3, /run/user/UID/ring3, /tmp/ring3-UID
 * whose parent is there and, but for /tmp, the user's. Nobody else may look
 * into it. Functions return -errno, with a sentence for r3_error().
 */
#ifndef RING3_PLACE_H
#define RING3_PLACE_H

#include <limits.h>
#include <stdbool.h>

#define PLACE_NAME_MAX 64

struct place {
	int folder;
	char path[PATH_MAX];
};

/* A letter or digit, then more of them, '.', '_' and '-'. */
bool place_name_is_valid(const char *name);

/* -ENOENT: it is not there, and was not to be made. */
int place_open(struct place *place, bool make);
void place_close(struct place *place);

/* A listening socket for the name, which must be free: else -EADDRINUSE. */
int place_listen(const struct place *place, const char *name);
/* The name is free again. */
void place_leave(const struct place *place, const char *name, int listening);
/*
 * A socket to the box of that name: -ENOENT. What a box left that has died is
 * removed. -EPERM: it is another user's. *pid is the box's process.
 */
int place_connect(const struct place *place, const char *name, int *pid);
/* Call visit for every name with a socket, in their order, until it returns non-zero. */
int place_each(const struct place *place, int (*visit)(void *context, const char *name),
	       void *context);

/* At the other end of a connection to, or from, a box is the same user, or else nobody. */
bool place_is_mine(int socket, int *pid);

#endif
