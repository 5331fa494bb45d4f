/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One system call of a client under way, and the process that makes it. */
#ifndef RING3_CLIENT_H
#define RING3_CLIENT_H

#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "box/box.h"
#include "box/caller.h"

/* Linux's own, never seen by programs: the call ends with EINTR or starts again. */
#define ERESTARTSYS 512

struct file_load;

struct client {
	struct r3_box *box;
	int listener;
	struct user_namespace user_namespace; /* of the box */
	struct seccomp_notif notification;
	struct file_load **file_loads; /* same_file.c: of all clients of the box */
	bool interrupted;              /* client_signal_pending() has said so */
};

/* Does the call still wait for its answer? Its process may be gone, and the id another's. */
bool client_waits(const struct client *client);

/*
 * Memory of the client, valid only if the call still waits afterwards, which
 * these see to: -EFAULT, -ESRCH (gone).
 */
int client_read(const struct client *client, uint64_t address, void *data, size_t size);
int client_write(const struct client *client, uint64_t address, const void *data, size_t size);
/* Up to size bytes with the NUL; its length, size if there was none. */
ssize_t client_read_string(const struct client *client, uint64_t address, char *data, size_t size);
/* As strndup_user(); -E2BIG beyond limit. */
int client_copy_string(const struct client *client, uint64_t address, size_t limit, char **text);

/* Its descriptor, as one of this process: -EBADF. */
int client_descriptor(const struct client *client, int fd);
/* capable() of Linux: effective, and in the user namespace of the box. */
bool client_capable(const struct client *client, int capability);
/* Its name: -ESRCH. */
int client_comm(const struct client *client, char comm[CALLER_COMM_SIZE]);
/* signal_pending(); also when the client is gone. context is a struct client. */
bool client_signal_pending(void *context);
/* End its process by this signal, without a core: what an oops does to the one that called. */
void client_kill(const struct client *client, int signal);

/* ---- the system calls: what they return, or a negative errno ---- */
/* module.c */
long serve_init_module(struct client *client);
long serve_finit_module(struct client *client);
long serve_delete_module(struct client *client);
/* current->comm is the client's from now on: for code of modules. */
int client_take_comm(const struct client *client);
/* module24.c: those of the 2.4 scheme */
long serve_module24(struct client *client);
/* same_file.c: load_file's result, or that of who is loading the same file already */
long load_file_once(struct client *client, int fd,
		    long (*load_file)(struct client *client, int fd));
/* kernel.c */
long serve_uname(struct client *client);
/* log.c */
long serve_syslog(struct client *client);

#endif
