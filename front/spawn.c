// SPDX-License-Identifier: GPL-2.0-or-later
/* The clients' init: starts what the box's process asks for, and reaps what nobody else does. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "front/background.h"
#include "front/internal.h"

#define HELPER_WORDS 32

struct child {
	struct child *next;
	pid_t pid;
	int reply;
};

static void reset_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
}

/* As call_usermodehelper() starts programs (kernel/umh.c, kernel/module/kmod.c). */
static _Noreturn void run_helper(const struct message *message)
{
	static char *environment[] = {"HOME=/", "TERM=linux", "PATH=/sbin:/usr/sbin:/bin:/usr/bin",
				      NULL};
	const char *words[HELPER_WORDS + 1];
	unsigned int count = 0, at = 0;

	while (at < message->length && count < HELPER_WORDS) {
		words[count++] = message->text + at;
		at += strlen(message->text + at) + 1;
	}
	words[count] = NULL;
	reset_signals();
	background_quiet();
	setsid();
	if (count)
		execve(words[0], (char **)words, environment);
	_exit(STATUS_NOT_FOUND);
}

static void reply(const struct child *child, int status)
{
	while (write(child->reply, &status, sizeof(status)) < 0 && errno == EINTR)
		;
	close(child->reply);
}

static void start(const struct init *init, const struct message *message, struct child **children)
{
	struct child *child = calloc(1, sizeof(*child));

	if (!child) {
		close(message->fds[0]);
		return;
	}
	child->reply = message->fds[0];
	child->pid = fork();
	if (child->pid == 0) {
		if (message->length)
			run_helper(message);
		reset_signals();
		command_exec(init->directory, init->argv);
	}
	if (child->pid < 0) {
		reply(child, STATUS_NOT_RUN << 8);
		free(child);
		return;
	}
	child->next = *children;
	*children = child;
}

static void reap(struct child **children)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (struct child **link = children; *link; link = &(*link)->next) {
			struct child *child = *link;

			if (child->pid != pid)
				continue;
			*link = child->next;
			reply(child, status);
			free(child);
			break;
		}
	}
}

void init_serve(const struct init *init)
{
	static struct message message;
	struct child *children = NULL;
	struct pollfd wait[2];
	sigset_t set;

	sigemptyset(&set);
	signal(SIGPIPE, SIG_IGN); /* nobody may wait for a status */
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	wait[0] = (struct pollfd){init->socket, POLLIN, 0};
	wait[1] = (struct pollfd){signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), POLLIN, 0};
	for (;;) {
		struct signalfd_siginfo info;

		if (poll(wait, 2, -1) < 0 && errno != EINTR)
			_exit(EXIT_FAILURE);
		while (read(wait[1].fd, &info, sizeof(info)) > 0)
			;
		reap(&children);
		if (!wait[0].revents)
			continue;
		if (message_receive(init->socket, &message))
			_exit(EXIT_SUCCESS);
		if (message.type == MESSAGE_RUN)
			start(init, &message, &children);
	}
}
