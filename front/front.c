// SPDX-License-Identifier: GPL-2.0-or-later
/* The box's side of the front door. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "box/box.h"
#include "files/files.h"
#include "front/front.h"
#include "front/internal.h"
#include "syscall/supervisor.h"

#define CLIENTS_DIE_MS 1000

struct front {
	int socket;
	pid_t child; /* the first process in the namespaces */
	struct r3_box *box;
	struct files *files;
	struct view *view;
	struct supervisor *supervisor;
};

static int write_text(pid_t child, const char *name, const char *text)
{
	char path[64];
	int fd, error = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", child, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		error = -errno;
	close(fd);
	return error;
}

/* Every id that exists here, as itself: it takes the privilege over them all. */
static int map_all(pid_t child, const char *name)
{
	char path[64], text[4096] = "";
	unsigned long inside, outside, count;
	size_t length = 0;
	FILE *map;

	snprintf(path, sizeof(path), "/proc/self/%s", name);
	map = fopen(path, "re");
	if (!map)
		return -errno;
	while (fscanf(map, "%lu %lu %lu", &inside, &outside, &count) == 3 &&
	       length < sizeof(text) - 64)
		length += snprintf(text + length, sizeof(text) - length, "%lu %lu %lu\n", inside,
				   inside, count);
	fclose(map);
	return write_text(child, name, text);
}

/* root keeps all ids; anybody else becomes root of a namespace with one user. */
static int map_ids(pid_t child)
{
	char text[64];
	int error = -EPERM;

	if (geteuid() == 0) {
		error = map_all(child, "uid_map");
		if (!error)
			return map_all(child, "gid_map");
	}
	snprintf(text, sizeof(text), "0 %u 1\n", geteuid());
	error = write_text(child, "uid_map", text);
	if (error)
		return error;
	write_text(child, "setgroups", "deny"); /* since 3.19 */
	snprintf(text, sizeof(text), "0 %u 1\n", getegid());
	return write_text(child, "gid_map", text);
}

static int start_child(struct front *front, char *const argv[], int sockets[2])
{
	struct init init = {.socket = sockets[1], .argv = argv};
	int error;

	init.directory = getcwd(NULL, 0);
	fflush(NULL);
	/* fork() into new namespaces */
	front->child =
		syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWNS | SIGCHLD, NULL, NULL, NULL, NULL);
	if (front->child == 0) {
		close(sockets[0]);
		init_main(&init);
	}
	error = front->child < 0 ? -errno : 0;
	free(init.directory);
	if (error == -EPERM || error == -ENOSPC || error == -EINVAL)
		return r3_fail(error,
			       "clients need a user namespace, and this system makes none (%s): "
			       "see user.max_user_namespaces and kernel.unprivileged_userns_clone "
			       "of sysctl, or the container's seccomp profile",
			       strerror(-error));
	return error ? r3_fail(error, "no namespaces for clients: %s", strerror(-error)) : 0;
}

int front_open(struct front **result, char *const argv[])
{
	struct front *front = calloc(1, sizeof(*front));
	int sockets[2], error;

	if (!front)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets)) {
		free(front);
		return -errno;
	}
	front->socket = sockets[0];
	error = start_child(front, argv, sockets);
	close(sockets[1]);
	if (!error) {
		error = map_ids(front->child);
		if (error)
			r3_fail(error, "the ids of the clients' user namespace: %s",
				strerror(-error));
	}
	if (!error)
		error = message_send(front->socket, MESSAGE_MAPPED, 0, NULL, 0);
	if (error) {
		front_close(front);
		return error;
	}
	*result = front;
	return 0;
}

/* What the init does on its way, until clients can run. */
static int let_in(struct front *front, const char *tree, const char *tools, struct message *message)
{
	const char *release = r3_box_release(front->box);
	char text[MESSAGE_TEXT];
	size_t length;
	int error;

	length = snprintf(text, sizeof(text), "%s%c%s%c%s", release, '\0', tree ? tree : "", '\0',
			  tools ? tools : "") +
		 1;
	if (length > sizeof(text))
		return r3_fail(-ENAMETOOLONG, "%s is too long a path", tree ? tree : tools);
	error = message_send(front->socket, MESSAGE_SERVED, 0, text, length);
	if (error)
		return error;
	error = message_receive(front->socket, message);
	if (!error && message->type == MESSAGE_VIEW) {
		error = view_start(&front->view, message->fds[0], message->fds[1], message->text,
				   message->length);
		message->fds[0] = message->fds[1] = -1;
		if (error)
			return r3_fail(error, "a view of /proc: %s", strerror(-error));
		error = message_send(front->socket, MESSAGE_VIEW_SERVED, 0, NULL, 0);
		if (!error)
			error = message_receive(front->socket, message);
	}
	if (!error && message->type == MESSAGE_FAILED)
		return r3_fail(message->value, "%s", message->text);
	if (!error && message->type != MESSAGE_READY)
		error = -EPROTO;
	return error ? r3_fail(error, "the clients' init ended early") : 0;
}

static int run(struct front *front, const char *text, size_t length, int *status)
{
	int reply[2], error;
	ssize_t got;

	if (pipe2(reply, O_CLOEXEC))
		return -errno;
	error = message_send_fds(front->socket, MESSAGE_RUN, 0, text, length, &reply[1], 1);
	close(reply[1]);
	if (!error && status) {
		do
			got = read(reply[0], status, sizeof(*status));
		while (got < 0 && errno == EINTR);
		error = got == sizeof(*status) ? 0 : -EPIPE;
	}
	close(reply[0]);
	return error;
}

/* As call_usermodehelper() runs programs; without status nobody waits for it. */
static int run_helper(void *context, const char *const argv[], int *status)
{
	struct front *front = context;
	char text[MESSAGE_TEXT];
	size_t length = 0;

	for (unsigned int i = 0; argv[i]; i++) {
		size_t size = strlen(argv[i]) + 1;

		if (size > sizeof(text) - 1 - length)
			return -E2BIG;
		memcpy(text + length, argv[i], size);
		length += size;
	}
	return run(front, text, length, status);
}

static void set_user_mode(struct r3_box *box,
			  int (*run)(void *context, const char *const argv[], int *status),
			  void *context)
{
	pthread_rwlock_wrlock(&box->user_mode.lock);
	box->user_mode.run = run;
	box->user_mode.context = context;
	pthread_rwlock_unlock(&box->user_mode.lock);
}

int front_serve(struct front *front, struct r3_box *box, const char *tree, const char *tools)
{
	struct message *message = calloc(1, sizeof(*message));
	int error;

	if (!message)
		return -ENOMEM;
	front->box = box;
	memset(message->fds, 0xff, sizeof(message->fds));
	error = message_expect(front->socket, MESSAGE_FUSE, message);
	if (error)
		goto out;
	error = files_start(box, message->fds[0], front->child, &front->files);
	message->fds[0] = -1;
	if (error) {
		r3_fail(error, "the box's files: %s", strerror(-error));
		goto out;
	}
	error = let_in(front, tree, tools, message);
	if (error)
		goto out;
	error = supervisor_start(&front->supervisor, box, front->child);
	if (!error) {
		error = supervisor_add(front->supervisor, message->fds[0], NULL, NULL);
		message->fds[0] = -1;
	}
	if (error)
		r3_fail(error, "the clients' system calls: %s", strerror(-error));
	else
		set_user_mode(box, run_helper, front);
out:
	message_release(message);
	free(message);
	return error;
}

int front_run(struct front *front, int *status)
{
	int error = run(front, NULL, 0, status);

	return error ? r3_fail(error, "the command's end is not known: its namespace is gone") : 0;
}

int front_namespaces(const struct front *front, int namespaces[FRONT_NAMESPACES])
{
	/* Its own namespace of PIDs is the box's: it has made one for its children. */
	static const char *const names[FRONT_NAMESPACES] = {"user", "mnt", "pid_for_children"};
	char path[64];

	for (unsigned int i = 0; i < FRONT_NAMESPACES; i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", front->child, names[i]);
		namespaces[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (namespaces[i] < 0) {
			int error = -errno;

			while (i) {
				close(namespaces[--i]);
				namespaces[i] = -1;
			}
			return error;
		}
	}
	return 0;
}

int front_add(struct front *front, int listener, void (*gone)(void *context), void *context)
{
	return supervisor_add(front->supervisor, listener, gone, context);
}

/*
 * The init ends when all clients have been reaped, and one that has entered is reaped by whoever
 * started it, who may be stopped: dead it is all the same.
 */
static void end_child(const struct front *front)
{
	int process = syscall(SYS_pidfd_open, front->child, 0), status;
	struct pollfd wait = {process, POLLIN, 0};

	if (process < 0 || poll(&wait, 1, CLIENTS_DIE_MS) <= 0)
		kill(front->child, SIGKILL);
	if (process >= 0)
		close(process);
	while (waitpid(front->child, &status, 0) < 0 && errno == EINTR)
		;
}

void front_close(struct front *front)
{
	if (!front)
		return;
	/* The init sees the end of its socket and ends, and with it all of its namespace. */
	shutdown(front->socket, SHUT_RDWR);
	if (front->box)
		set_user_mode(front->box, NULL, NULL);
	close(front->socket);
	/* Nobody waits for files any more, else clients in the middle of one would not die. */
	if (front->files)
		files_stop(front->files);
	if (front->child > 0)
		end_child(front);
	view_stop(front->view);
	supervisor_stop(front->supervisor);
	free(front);
}
