// SPDX-License-Identifier: GPL-2.0-or-later
/* Other programs: make, ld, tar. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "target/internal.h"

/*
 * What an outer make, or a kernel developer's shell, exports and what would
 * change how Kbuild works here.
 */
static bool variable_is_foreign(const char *entry)
{
	static const char *const names[] = {"MAKEFLAGS=",
					    "MFLAGS=",
					    "MAKELEVEL=",
					    "MAKEOVERRIDES=",
					    "GNUMAKEFLAGS=",
					    "KBUILD",
					    "KCFLAGS=",
					    "KCPPFLAGS=",
					    "KAFLAGS=",
					    "ARCH=",
					    "CROSS_COMPILE=",
					    "M=",
					    "O=",
					    "V=",
					    "W=",
					    "C=",
					    "CF=",
					    "LLVM=",
					    "LLVM_IAS=",
					    "CC=",
					    "LD=",
					    "INSTALL_MOD_PATH=",
					    "sub_make_done=",
					    "srctree=",
					    "objtree=",
					    "LC_ALL=",
					    "DEB_HOST_ARCH=",
					    "DEB_BUILD_ARCH=",
					    "DEBIAN_KERNEL_USE_CCACHE="};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strncmp(entry, names[i], strlen(names[i])))
			return true;
	}
	return false;
}

static char **clean_environment(void)
{
	unsigned int count = 0, kept = 0;
	char **clean;

	while (environ && environ[count])
		count++;
	clean = calloc(count + 2, sizeof(*clean));
	if (!clean)
		return NULL;
	for (unsigned int i = 0; i < count; i++) {
		if (!variable_is_foreign(environ[i]))
			clean[kept++] = environ[i];
	}
	clean[kept] = (char *)"LC_ALL=C";
	return clean;
}

struct stream {
	int fd;
	char *text;
	size_t size, room;
};

static int stream_read(struct stream *stream)
{
	ssize_t got;

	if (stream->size + 4096 > stream->room) {
		size_t room = (stream->room + 4096) * 2;
		char *text = realloc(stream->text, room);

		if (!text)
			return -ENOMEM;
		stream->text = text;
		stream->room = room;
	}
	got = read(stream->fd, stream->text + stream->size, stream->room - stream->size - 1);
	if (got < 0)
		return errno == EINTR ? 0 : -errno;
	if (!got) {
		close(stream->fd);
		stream->fd = -1;
	}
	stream->size += (size_t)got;
	stream->text[stream->size] = '\0';
	return 0;
}

/* Hand out whole lines and keep the rest. */
static void stream_lines(struct stream *stream, const struct process *process)
{
	char *start = stream->text, *end;

	if (!start)
		return;
	while ((end = strchr(start, '\n'))) {
		*end = '\0';
		if (process->line)
			process->line(process->context, start);
		start = end + 1;
	}
	stream->size = strlen(start);
	memmove(stream->text, start, stream->size + 1);
}

static void process_pump(struct process *process, struct stream *out, struct stream *err)
{
	while (out->fd >= 0 || err->fd >= 0) {
		struct pollfd fds[2] = {{.fd = out->fd, .events = POLLIN},
					{.fd = err->fd, .events = POLLIN}};

		if (poll(fds, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		if (fds[0].revents) {
			if (stream_read(out))
				break;
			stream_lines(out, process);
		}
		if (fds[1].revents && stream_read(err))
			break;
	}
}

static int spawn(const struct process *process, pid_t *pid, int out, int err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char **environment = clean_environment();
	sigset_t none, all;
	int error;

	if (!environment)
		return -ENOMEM;
	posix_spawn_file_actions_init(&actions);
	if (process->input >= 0)
		posix_spawn_file_actions_adddup2(&actions, process->input, 0);
	else
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, err, 2);
	if (process->lock > 0) /* onto itself: no longer closed on exec */
		posix_spawn_file_actions_adddup2(&actions, process->lock, process->lock);
	posix_spawnattr_init(&attributes);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	error = posix_spawnp(pid, process->argv[0], &actions, &attributes,
			     (char *const *)process->argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	free(environment);
	return -error;
}

int process_run(struct process *process)
{
	struct stream out = {.fd = -1}, err = {.fd = -1};
	int out_pipe[2], err_pipe[2], status, error;
	pid_t pid;

	process->errors = NULL;
	if (pipe2(out_pipe, O_CLOEXEC))
		return -errno;
	if (pipe2(err_pipe, O_CLOEXEC)) {
		error = -errno;
		close(out_pipe[0]);
		close(out_pipe[1]);
		return error;
	}
	error = spawn(process, &pid, out_pipe[1], err_pipe[1]);
	close(out_pipe[1]);
	close(err_pipe[1]);
	if (error) {
		close(out_pipe[0]);
		close(err_pipe[0]);
		return error;
	}
	out.fd = out_pipe[0];
	err.fd = err_pipe[0];
	process_pump(process, &out, &err);
	if (out.fd >= 0)
		close(out.fd);
	if (err.fd >= 0)
		close(err.fd);
	free(out.text);
	process->errors = err.text;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}
