// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The processes that make and keep the clients' namespaces. The first has the
 * user and mount namespace, and mounts FUSE in the box's PID namespace, so that
 * the box knows who reads a file by a pid that it can look up. Its child is the
 * init of a PID namespace: whatever clients leave behind dies with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "front/background.h"
#include "front/internal.h"
#include "syscall/supervisor.h"

void init_fail(const struct init *init, int error, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length > (int)sizeof(text) - 1)
		length = sizeof(text) - 1;
	message_send(init->socket, MESSAGE_FAILED, error, text, length);
	_exit(EXIT_FAILURE);
}

static void expect(const struct init *init, int type, struct message *message)
{
	/* The box's process has ended, or will not go on: so does this one. */
	if (message_receive(init->socket, message) || message->type != type)
		_exit(EXIT_FAILURE);
}

/* PID 1: mounts what the box serves, lets the box have the clients' calls, runs them. */
static _Noreturn void init_child(const struct init *init)
{
	static struct message message;
	struct mounted mounted;
	int listener, error;

	prctl(PR_SET_NAME, "ring3-init");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	expect(init, MESSAGE_SERVED, &message);
	mounted.release = message.text;
	mounted.tree = mounted.release + strlen(mounted.release) + 1;
	mounted.tools = mounted.tree + strlen(mounted.tree) + 1;
	mount_all(init, &mounted);
	error = filter_install(&listener);
	if (error == -EBUSY)
		init_fail(init, error,
			  "this is a client of a box already, and a system call has one owner "
			  "only: start the box outside");
	if (error)
		init_fail(init, error,
			  "no seccomp filter with user notification: %s (a Linux kernel of 5.9 or "
			  "later has it, with CONFIG_SECCOMP_FILTER)",
			  strerror(-error));
	error = message_send_fds(init->socket, MESSAGE_READY, 0, NULL, 0, &listener, 1);
	if (error)
		_exit(EXIT_FAILURE);
	close(listener);
	init_serve(init);
}

void init_main(struct init *init)
{
	static struct message message;
	int fuse, status;
	pid_t child;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!init->argv) {
		init->socket = background_close(init->socket);
		background_quiet();
	}
	expect(init, MESSAGE_MAPPED, &message);
	/* What the host mounts later appears here as well, and nothing of here there. */
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL))
		init_fail(init, -errno, "no mount namespace: %s", strerror(errno));
	fuse = mount_files(init);
	if (fuse >= 0 && message_send_fds(init->socket, MESSAGE_FUSE, 0, NULL, 0, &fuse, 1))
		_exit(EXIT_FAILURE);
	close(fuse);
	if (unshare(CLONE_NEWPID))
		init_fail(init, -errno, "no PID namespace: %s", strerror(errno));
	child = fork();
	if (child < 0)
		init_fail(init, -errno, "no init in the PID namespace: %s", strerror(errno));
	if (!child)
		init_child(init);
	close(init->socket);
	prctl(PR_SET_NAME, "ring3-clients");
	/* Terminals signal their whole foreground group; this waits. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	_exit(EXIT_SUCCESS);
}
