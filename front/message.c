// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages over a socket, each whole or not at all, with descriptors. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include "box/box.h"
#include "front/internal.h"

union control {
	char space[CMSG_SPACE(MESSAGE_FDS * sizeof(int))];
	struct cmsghdr align;
};

int message_send(int socket, int type, int value, const char *text, size_t length)
{
	return message_send_fds(socket, type, value, text, length, NULL, 0);
}

int message_send_fds(int socket, int type, int value, const char *text, size_t length,
		     const int *fds, unsigned int nr_fds)
{
	int head[2] = {type, value};
	struct iovec parts[2] = {{head, sizeof(head)}, {(void *)text, length}};
	struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
	size_t size = nr_fds * sizeof(int);
	union control control;
	ssize_t sent;

	if (length > MESSAGE_TEXT - 1 || nr_fds > MESSAGE_FDS)
		return -E2BIG;
	if (size) {
		struct cmsghdr *rights;

		memset(&control, 0, sizeof(control));
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(size);
		rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(rights), fds, size);
	}
	do
		sent = sendmsg(socket, &header, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

int message_receive(int socket, struct message *message)
{
	int head[2];
	struct iovec parts[2] = {{head, sizeof(head)}, {message->text, MESSAGE_TEXT - 1}};
	union control control;
	struct msghdr header = {.msg_iov = parts,
				.msg_iovlen = 2,
				.msg_control = &control,
				.msg_controllen = sizeof(control)};
	struct cmsghdr *rights;
	ssize_t got;
	int error = 0;

	memset(message->fds, 0xff, sizeof(message->fds));
	do
		got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	rights = CMSG_FIRSTHDR(&header);
	if (rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS)
		memcpy(message->fds, CMSG_DATA(rights), rights->cmsg_len - CMSG_LEN(0));
	if (got == 0)
		error = -EPIPE;
	else if (got < (ssize_t)sizeof(head))
		error = -EPROTO;
	else if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
		error = -EMSGSIZE;
	if (error) {
		message_release(message);
		return error;
	}
	message->type = head[0];
	message->value = head[1];
	message->length = got - sizeof(head);
	message->text[message->length] = '\0';
	return 0;
}

void message_release(struct message *message)
{
	for (unsigned int i = 0; i < MESSAGE_FDS; i++) {
		if (message->fds[i] >= 0)
			close(message->fds[i]);
		message->fds[i] = -1;
	}
}

int message_expect(int socket, int type, struct message *message)
{
	int error = message_receive(socket, message);

	if (error)
		return r3_fail(error, "the processes of the box's clients ended: %s",
			       strerror(-error));
	if (message->type == MESSAGE_FAILED)
		return r3_fail(message->value, "%s", message->text);
	if (message->type != type)
		return r3_fail(-EPROTO, "the clients' init said %d, not %d", message->type, type);
	return 0;
}
