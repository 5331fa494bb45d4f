/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the front door share. */
#ifndef RING3_FRONT_INTERNAL_H
#define RING3_FRONT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define MESSAGE_TEXT 8192
#define MESSAGE_FDS  3

/*
 * The beginning of every conversation with a box that stays; it never changes, whatever else does:
 * type, the version of what follows as value, what is wanted as text. A box that speaks another
 * version answers with the same type, its own version and a sentence.
 */
#define DOOR_MAGIC   0x52334452
#define DOOR_VERSION 1
#define WISH_ENTER   "enter"
#define WISH_INFO    "info"
#define WISH_STOP    "stop" /* and, each after a blank: */
#define WISH_JSON    " json"
#define WISH_COLOUR  " colour"

/*
 * Between the box's process and the clients' init, or callers of a box that stays (the second
 * half); what comes with each is in brackets.
 */
enum message_type {
	MESSAGE_MAPPED = 1,  /* to init: user and group ids are mapped */
	MESSAGE_FUSE,        /* from init: a file system is mounted [its /dev/fuse] */
	MESSAGE_SERVED,      /* to init: it is served; release, module tree and tools */
	MESSAGE_VIEW,        /* from init: the same for a view [/dev/fuse, what it shows]; the
				names to add, each with its NUL, a directory's ends in '/' */
	MESSAGE_VIEW_SERVED, /* to init */
	MESSAGE_READY,       /* from init: clients can run [listener] */
	MESSAGE_RUN,         /* to init: run the command, or argv if there is text [where to
				write its status] */
	MESSAGE_FAILED,      /* from either: why not; value is the errno */

	MESSAGE_NAMESPACES, /* to the caller: enter them [of users, mounts, PIDs] */
	MESSAGE_LISTENER,   /* from the caller: of its child, which is a client now [listener] */
	MESSAGE_CLIENT,     /* to the child: its calls are served, it may run the command */
	MESSAGE_INFO,       /* to the caller: see door.c */
	MESSAGE_REPORT,     /* to the caller: a part of the report's text */
	MESSAGE_STOPPED,    /* to the caller: that was all of it; value is the exit status */
};

struct message {
	int type;
	int value;
	unsigned int length; /* of text */
	char text[MESSAGE_TEXT];
	int fds[MESSAGE_FDS]; /* -1: none; the receiver's to close */
};

/*
 * message.c: -errno. Receiving: -EPIPE when the other end is gone, -EAGAIN if the socket does not
 * wait, or not longer; -EMSGSIZE, -EPROTO for what is no message. A message that was received may
 * hold descriptors.
 */
int message_send(int socket, int type, int value, const char *text, size_t length);
int message_send_fds(int socket, int type, int value, const char *text, size_t length,
		     const int *fds, unsigned int nr_fds);
int message_receive(int socket, struct message *message);
/* Close those of its descriptors that nobody has taken (and set to -1). */
void message_release(struct message *message);
/* The one that is expected, or else an error, which a MESSAGE_FAILED explains to r3_error(). */
int message_expect(int socket, int type, struct message *message);

/* Exit statuses of a shell. */
#define STATUS_NOT_FOUND 127
#define STATUS_NOT_RUN   126
/* command.c: become the command, in this directory; what a shell says and returns if not. */
_Noreturn void command_exec(const char *directory, char *const argv[]);

/* init.c: the life of the processes in the namespaces; does not return. */
struct init {
	int socket;
	char *const *argv; /* NULL: none, and nobody is left whose terminal this is */
	char *directory;   /* where the command starts */
};
_Noreturn void init_main(struct init *init);
/* Tell the box's process, and end. */
__attribute__((format(printf, 3, 4))) _Noreturn void init_fail(const struct init *init, int error,
							       const char *format, ...);

/* A mount, and all that is mounted in it, for open_tree(). */
#define CLONE_FLAGS (OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)

/* mounts.c: in the clients' mount namespace; they end the process if they fail. */
int mount_files(const struct init *init);
struct mounted {
	const char *release;
	const char *tree, *tools; /* as front_serve()'s; "": none */
};
void mount_all(const struct init *init, const struct mounted *mounted);
/* spawn.c: run commands until the box's process closes its end. */
_Noreturn void init_serve(const struct init *init);
/* shadow.c: make a place to mount on, by a copy of the nearest directory. -errno. */
int shadow_path(const char *path, bool is_directory);

/*
 * visit.c: a conversation with a box; *message is its first answer, and *pid the process. A
 * MESSAGE_FAILED, or a box of another version, is an error.
 */
int visit_ask(const char *name, const char *wish, struct message *message, int *pid);

/* view.c: /proc with names that the host's kernel does not have. */
#define VIEW_REAL ".real"
struct view;
int view_start(struct view **view, int fuse_fd, int real_fd, const char *names, size_t length);
/* Whoever still has it mounted sees errors from then on. NULL is none. */
void view_stop(struct view *view);

#endif
