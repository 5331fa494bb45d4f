/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the front door share. */
#ifndef RING3_FRONT_INTERNAL_H
#define RING3_FRONT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define MESSAGE_TEXT 8192
#define MESSAGE_FDS  3

/* Between the box's process and the clients' init; what comes with each is in brackets. */
enum message_type {
	MESSAGE_MAPPED = 1,  /* to init: user and group ids are mapped */
	MESSAGE_FUSE,        /* from init: a file system is mounted [its /dev/fuse] */
	MESSAGE_SERVED,      /* to init: it is served; release and module tree */
	MESSAGE_VIEW,        /* from init: the same for a view [/dev/fuse, what it shows]; the
				names to add, each with its NUL, a directory's ends in '/' */
	MESSAGE_VIEW_SERVED, /* to init */
	MESSAGE_READY,       /* from init: clients can run [listener]; its pid */
	MESSAGE_RUN,         /* to init: run the command, or argv if there is text [where to
				write its status] */
	MESSAGE_FAILED,      /* from init: why there is no front door; value is the errno */
};

struct message {
	int type;
	int value;
	unsigned int length; /* of text */
	char text[MESSAGE_TEXT];
	int fds[MESSAGE_FDS]; /* -1: none; the receiver's to close */
};

/* message.c: -errno; receiving, also -EPIPE when the other end is gone. */
int message_send(int socket, int type, int value, const char *text, size_t length, int fd,
		 int other_fd);
int message_receive(int socket, struct message *message);
/* The one that is expected, or else an error, which a MESSAGE_FAILED explains to r3_error(). */
int message_expect(int socket, int type, struct message *message);

/* init.c: the life of the processes in the namespaces; does not return. */
struct init {
	int socket;
	char *const *argv;
	char *directory; /* where the command starts */
};
_Noreturn void init_main(const struct init *init);
/* Tell the box's process, and end. */
__attribute__((format(printf, 3, 4))) _Noreturn void init_fail(const struct init *init, int error,
							       const char *format, ...);

/* mounts.c: in the clients' mount namespace; they end the process if they fail. */
int mount_files(const struct init *init);
void mount_all(const struct init *init, const char *release, const char *tree);
/* spawn.c: run commands until the box's process closes its end. */
_Noreturn void init_serve(const struct init *init);

/* shadow.c: make a place to mount on, by a copy of the nearest directory. -errno. */
int shadow_path(const char *path, bool is_directory);

/* view.c: /proc with names that the host's kernel does not have. */
#define VIEW_REAL ".real"
struct view;
int view_start(struct view **view, int fuse_fd, int real_fd, const char *names, size_t length);
/* Once nothing has it mounted any more. NULL is none. */
void view_stop(struct view *view);

#endif
