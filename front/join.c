// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A client of a box that stays. This process enters the box's namespaces of
 * users and, for its children, of PIDs; its child, that of mounts. So the
 * command is the caller's own descendant: terminal, job control, environment
 * and descriptors are as they were, and the box has only its system calls.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "box/box.h"
#include "front/front.h"
#include "front/internal.h"
#include "front/visit.h"
#include "syscall/supervisor.h"

enum { USERS, MOUNTS, PIDS };

/* For signals that are sent to this process alone, and meant for the command. */
static volatile sig_atomic_t child;

static void pass_on(int signal)
{
	if (child > 0)
		kill(child, signal);
}

static bool is_inside(int user_namespace)
{
	struct stat here, there;

	return stat("/proc/self/ns/user", &here) == 0 && fstat(user_namespace, &there) == 0 &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

static int enter(const char *name, const struct message *message)
{
	int error = 0;

	for (unsigned int i = 0; i < FRONT_NAMESPACES; i++)
		if (message->fds[i] < 0)
			return r3_fail(-EPROTO, "the box '%s' has sent no namespaces", name);
	if (is_inside(message->fds[USERS]))
		return r3_fail(-EINVAL, "this is the box '%s' already: run the command as it is",
			       name);
	if (setns(message->fds[USERS], CLONE_NEWUSER) || setns(message->fds[PIDS], CLONE_NEWPID))
		error = r3_fail(-errno,
				"the box '%s' cannot be entered from here: %s (neither from within "
				"another box, nor from a container other than its own)",
				name, strerror(errno));
	return error;
}

__attribute__((format(printf, 1, 2))) static _Noreturn void child_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vdprintf(STDERR_FILENO, format, arguments);
	va_end(arguments);
	_exit(STATUS_NOT_RUN);
}

/* Ends as the command. */
static _Noreturn void run_child(int socket, struct message *message, const char *directory,
				char *const argv[])
{
	int listener, error;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (setns(message->fds[MOUNTS], CLONE_NEWNS))
		child_fail("ring3: the box's mounts: %s\n", strerror(errno));
	message_release(message);
	error = filter_install(&listener);
	if (error)
		child_fail("ring3: the box's system calls: %s\n", strerror(-error));
	error = message_send_fds(socket, MESSAGE_LISTENER, 0, NULL, 0, &listener, 1);
	close(listener);
	if (!error)
		error = message_receive(socket, message);
	if (error)
		child_fail("ring3: the box has ended: %s\n", strerror(-error));
	if (message->type != MESSAGE_CLIENT)
		child_fail("ring3: %s\n",
			   message->type == MESSAGE_FAILED ? message->text : "the box has ended");
	command_exec(directory, argv);
}

/* The terminal's signals reach the command by themselves; the others are passed on. */
static void wait_for(int *status)
{
	static const int passed[] = {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};
	struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};

	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		sigaction(passed[i], &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGQUIT, &action, NULL);
	sigaction(SIGTSTP, &action, NULL); /* it stops if the command does */
	for (;;) {
		pid_t pid = waitpid(child, status, WUNTRACED);

		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0 || !WIFSTOPPED(*status))
			return;
		/* Whoever waits for this process is to see it, and to make both go on. */
		raise(SIGSTOP);
		kill(child, SIGCONT);
	}
}

/* When a PID namespace has ended, no process can be made in it: pid_namespaces(7). */
static bool has_ended(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(EXIT_SUCCESS);
	if (pid < 0)
		return errno == ENOMEM;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return false;
}

int visit_run(const char *name, char *const argv[], int *status, bool *stopped)
{
	struct message *message = malloc(sizeof(*message));
	char *directory = getcwd(NULL, 0);
	int socket, pid, error;

	if (!message) {
		free(directory);
		return -ENOMEM;
	}
	socket = visit_ask(name, WISH_ENTER, message, &pid);
	error = socket < 0 ? socket : enter(name, message);
	if (!error) {
		signal(SIGCHLD, SIG_DFL); /* else there is no status */
		child = fork();
		if (child == 0)
			run_child(socket, message, directory, argv);
		error = child < 0 ? r3_fail(-errno, "no process: %s", strerror(errno)) : 0;
	}
	if (socket >= 0)
		message_release(message);
	if (!error) {
		wait_for(status);
		*stopped = WIFSIGNALED(*status) && has_ended();
	}
	if (socket >= 0)
		close(socket);
	free(directory);
	free(message);
	return error;
}
