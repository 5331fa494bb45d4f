// SPDX-License-Identifier: GPL-2.0-or-later
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
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "files_fixture.h"

static pid_t holder;
static int fuse_fd = -1; /* clients must not keep it open: it would outlive who serves it */
static char shell_output[65536];

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		error = -errno;
	close(fd);
	return error;
}

static int become_root_of_a_namespace(void)
{
	char map[64];
	uid_t uid = getuid();
	gid_t gid = getgid();
	int error;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -errno;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	error = write_file("/proc/self/uid_map", map);
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", gid);
	return error ? error : write_file("/proc/self/gid_map", map);
}

/* The client of /dev/kmsg and so on finds it where it looks, if the host has one to cover. */
static void bind_over(const char *where, const char *path, const char *target)
{
	char source[4096];

	snprintf(source, sizeof(source), "%s/%s", where, path);
	mount(source, target, NULL, MS_BIND, NULL);
}

static void send_descriptor(int socket, int fd, int error)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec data = {&error, sizeof(error)};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
	struct cmsghdr *header;

	if (fd >= 0) {
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	}
	if (sendmsg(socket, &message, 0) < 0)
		_exit(1);
}

static int receive_descriptor(int socket, int *error)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec data = {error, sizeof(*error)};
	struct msghdr message = {.msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header;
	int fd = -1;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0) {
		*error = -EPIPE;
		return -1;
	}
	header = CMSG_FIRSTHDR(&message);
	if (header)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

static void hold(int socket, const char *where)
{
	char options[128], go;
	int error, fd = -1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	error = become_root_of_a_namespace();
	if (!error) {
		fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
		error = fd < 0 ? -errno : 0;
	}
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 fd);
	if (!error && mount("ring3", where, "fuse", MS_NOSUID | MS_NODEV, options))
		error = -errno;
	send_descriptor(socket, fd, error);
	close(fd);
	/* Only a tree that is served can be bound. */
	if (!error && read(socket, &go, 1) == 1) {
		bind_over(where, "dev/kmsg", "/dev/kmsg");
		bind_over(where, "sys/module", "/sys/module");
		send_descriptor(socket, -1, 0);
	}
	for (;;)
		pause();
}

static int held_socket = -1;

int fixture_mount(const char *where, const char **why)
{
	int sockets[2], error, fd;

	if (access("/dev/fuse", F_OK)) {
		*why = "there is no /dev/fuse";
		return -ENOENT;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return -errno;
	setenv("LC_ALL", "C", 1); /* of the shells, here: after fork() it might wait for ever */
	fflush(NULL);
	holder = fork();
	if (!holder)
		hold(sockets[1], where);
	close(sockets[1]);
	held_socket = sockets[0];
	fd = receive_descriptor(sockets[0], &error);
	*why = "no user and mount namespace with a FUSE mount";
	fuse_fd = fd;
	return error ? error : fd;
}

pid_t fixture_holder(void)
{
	return holder;
}

void fixture_bind(void)
{
	int error;

	if (write(held_socket, "", 1) == 1)
		receive_descriptor(held_socket, &error);
}

void fixture_unmount(void)
{
	close(held_socket);
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
}

static void enter(void)
{
	static const struct {
		const char *name;
		int type;
	} namespaces[] = {{"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS}};
	int fds[2];
	char path[64];

	close(fuse_fd);
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)holder, namespaces[i].name);
		fds[i] = open(path, O_RDONLY | O_CLOEXEC);
	}
	for (int i = 0; i < 2; i++) {
		if (setns(fds[i], namespaces[i].type)) {
			perror("setns");
			_exit(99);
		}
		close(fds[i]);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

pid_t fixture_start(int (*body)(void))
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid)
		return pid;
	enter();
	_exit(body());
}

int fixture_wait(pid_t pid)
{
	int status = 0;

	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int fixture_inside(int (*body)(void))
{
	return fixture_wait(fixture_start(body));
}

const char *fixture_shell(const char *format, ...)
{
	char command[8192];
	va_list arguments;
	size_t used = 0;
	ssize_t got;
	int ends[2];
	pid_t pid;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	shell_output[0] = '\0';
	if (pipe2(ends, O_CLOEXEC))
		return "no pipe";
	fflush(NULL);
	pid = fork();
	if (!pid) {
		enter();
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	close(ends[1]);
	while ((got = read(ends[0], shell_output + used, sizeof(shell_output) - 1 - used)) > 0)
		used += got;
	shell_output[used] = '\0';
	close(ends[0]);
	waitpid(pid, NULL, 0);
	return shell_output;
}
