// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is read of a client counts only if its call still waits afterwards: a
 * thread id may be another process's by then (seccomp_unotify(2)).
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "syscall/client.h"

#define CHUNK       4096UL /* strings are read up to the end of a page: the next may not be there */
#define STATUS_SIZE 4096   /* /proc/TID/status is some 1500 bytes */

bool client_waits(const struct client *client)
{
	uint64_t id = client->notification.id;

	return ioctl(client->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static int confirm(const struct client *client, int error)
{
	return client_waits(client) ? error : -ESRCH;
}

int client_read(const struct client *client, uint64_t address, void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		struct iovec local = {(char *)data + done, size - done};
		struct iovec remote = {(void *)(address + done), size - done};
		ssize_t got = process_vm_readv(client->notification.pid, &local, 1, &remote, 1, 0);

		if (got <= 0)
			return confirm(client, -EFAULT);
		done += got;
	}
	return confirm(client, 0);
}

int client_write(const struct client *client, uint64_t address, const void *data, size_t size)
{
	struct iovec local = {(void *)data, size};
	struct iovec remote = {(void *)address, size};
	ssize_t put;

	/* Before, too: a stranger's memory is not to be written. */
	if (!client_waits(client))
		return -ESRCH;
	put = process_vm_writev(client->notification.pid, &local, 1, &remote, 1, 0);
	return confirm(client, put == (ssize_t)size ? 0 : -EFAULT);
}

ssize_t client_read_string(const struct client *client, uint64_t address, char *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		size_t part = CHUNK - (address + done) % CHUNK;
		const char *end;
		int error;

		if (part > size - done)
			part = size - done;
		error = client_read(client, address + done, data + done, part);
		if (error)
			return error;
		end = memchr(data + done, '\0', part);
		if (end)
			return end - data;
		done += part;
	}
	return size;
}

int client_copy_string(const struct client *client, uint64_t address, size_t limit, char **text)
{
	size_t size = CHUNK;

	for (;; size *= 4) {
		char *buffer;
		ssize_t length;

		if (size > limit)
			size = limit;
		buffer = malloc(size);
		if (!buffer)
			return -ENOMEM;
		length = client_read_string(client, address, buffer, size);
		if (length >= 0 && (size_t)length < size) {
			*text = buffer;
			return 0;
		}
		free(buffer);
		if (length < 0)
			return length;
		if (size == limit)
			return -E2BIG;
	}
}

/* /proc/TID/status; NULL if the client is gone. */
static const char *read_status(const struct client *client, char buffer[STATUS_SIZE])
{
	bool got = caller_read(client->notification.pid, "status", buffer, STATUS_SIZE);

	return got && client_waits(client) ? buffer : NULL;
}

int client_comm(const struct client *client, char comm[CALLER_COMM_SIZE])
{
	bool got = caller_comm(client->notification.pid, comm);

	return got && client_waits(client) ? 0 : -ESRCH;
}

/* A line of /proc/TID/status is "Name:\tvalue". */
static uint64_t status_number(const char *status, const char *name, int base)
{
	const char *line = strstr(status, name);

	return line ? strtoull(line + strlen(name), NULL, base) : 0;
}

/* pidfd_open() takes a process; its threads have its descriptors. */
static int open_process(const struct client *client)
{
	char buffer[STATUS_SIZE];
	const char *status;
	int process = syscall(SYS_pidfd_open, client->notification.pid, 0);

	/* A thread that is not the first one: EINVAL, since 6.9 ENOENT. */
	if (process < 0 && (errno == EINVAL || errno == ENOENT)) {
		status = read_status(client, buffer);
		if (!status)
			return -ESRCH;
		process = syscall(SYS_pidfd_open, (pid_t)status_number(status, "\nTgid:", 10), 0);
	}
	return process < 0 ? confirm(client, -errno) : process;
}

int client_descriptor(const struct client *client, int fd)
{
	int process = open_process(client), copy, error;

	if (process < 0)
		return process;
	copy = syscall(SYS_pidfd_getfd, process, fd, 0);
	error = copy < 0 ? -errno : 0;
	close(process);
	if (!client_waits(client)) {
		if (copy >= 0)
			close(copy);
		return -ESRCH;
	}
	return error ? error : copy;
}

bool client_capable(const struct client *client, int capability)
{
	return caller_capable(client->notification.pid, &client->user_namespace, capability) &&
	       client_waits(client);
}

bool client_signal_pending(void *context)
{
	struct client *client = context;
	char buffer[STATUS_SIZE];
	const char *status = read_status(client, buffer);
	uint64_t pending;

	if (!status) {
		client->interrupted = true;
		return true;
	}
	pending = status_number(status, "\nSigPnd:", 16) | status_number(status, "\nShdPnd:", 16);
	client->interrupted = pending & ~status_number(status, "\nSigBlk:", 16);
	return client->interrupted;
}

/* do_exit(signal), which no handler can stop: only SIGKILL is as sure. */
void client_kill(const struct client *client, int signal)
{
	/* With a limit of 1 there is no core, not even for a program in core_pattern. */
	const struct rlimit no_core = {1, 1};
	char buffer[STATUS_SIZE];
	const char *status = read_status(client, buffer);
	uint64_t kept;

	if (!status)
		return;
	kept = status_number(status, "\nSigBlk:", 16) | status_number(status, "\nSigIgn:", 16) |
	       status_number(status, "\nSigCgt:", 16);
	if (kept >> (signal - 1) & 1)
		signal = SIGKILL;
	prlimit(client->notification.pid, RLIMIT_CORE, &no_core, NULL);
	kill(client->notification.pid, signal);
}
