// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callers at the door of a box that stays who do not do what they should. Knows nothing of ring3
 * but the beginning of its conversations.
 *	door_knock SOCKET WAY
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAGIC   0x52334452
#define VERSION 1

struct packet {
	int type, value;
	char text[64];
};

static int knock(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		err(2, "%s", path);
	return fd;
}

static void say(int fd, int type, int value, const char *text)
{
	struct packet packet = {type, value, ""};

	snprintf(packet.text, sizeof(packet.text), "%s", text);
	if (send(fd, &packet, 2 * sizeof(int) + strlen(text), MSG_NOSIGNAL) < 0)
		err(2, "send");
}

/* With a descriptor that is no listener. */
static void say_with(int fd, int type, int passed)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	int head[2] = {type, 0};
	struct iovec part = {head, sizeof(head)};
	struct msghdr header = {.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = &control,
				.msg_controllen = sizeof(control)};
	struct cmsghdr *rights = CMSG_FIRSTHDR(&header);

	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(rights), &passed, sizeof(int));
	if (sendmsg(fd, &header, MSG_NOSIGNAL) < 0)
		err(2, "sendmsg");
}

/* What the box says, its text; "closed" when it hangs up. The type. */
static int answer(int fd)
{
	char data[16384] = "";
	int head[2] = {0, 0};
	ssize_t got = recv(fd, data, sizeof(data) - 1, 0);

	if (got <= 0) {
		puts("closed");
		return 0;
	}
	memcpy(head, data, sizeof(head));
	printf("%s %s\n", head[0] == MAGIC ? "magic" : "message", data + sizeof(head));
	return head[0];
}

static void rubbish(int fd)
{
	char noise[9000];

	memset(noise, 0x5a, sizeof(noise));
	if (send(fd, noise, sizeof(noise), MSG_NOSIGNAL) < 0)
		err(2, "send");
	answer(fd);
}

/* A pipe in place of a listener: every type of message is tried, for one is the right one. */
static void no_listener(const char *path)
{
	for (int type = 1; type < 32; type++) {
		int fd = knock(path), ends[2];

		say(fd, MAGIC, VERSION, "enter");
		if (pipe(ends) || answer(fd) == 0)
			errx(2, "no way in");
		say_with(fd, type, ends[0]);
		answer(fd);
		close(ends[0]);
		close(ends[1]);
		close(fd);
	}
}

int main(int argc, char **argv)
{
	const char *way = argc == 3 ? argv[2] : "";
	int fd;

	if (!*way)
		errx(2, "usage: door_knock SOCKET WAY");
	if (!strcmp(way, "listener")) {
		no_listener(argv[1]);
		return 0;
	}
	fd = knock(argv[1]);
	if (!strcmp(way, "silence"))
		return answer(fd), 0;
	if (!strcmp(way, "rubbish"))
		return rubbish(fd), 0;
	if (!strcmp(way, "version"))
		say(fd, MAGIC, VERSION + 1, "enter");
	else if (!strcmp(way, "wish"))
		say(fd, MAGIC, VERSION, "dance");
	else if (!strcmp(way, "enter"))
		say(fd, MAGIC, VERSION, "enter");
	else
		errx(2, "no way %s", way);
	answer(fd);
	return 0;
}
