// SPDX-License-Identifier: GPL-2.0-or-later
/* Conversations with boxes that stay, but for those that enter one (join.c). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "box/box.h"
#include "front/internal.h"
#include "front/place.h"
#include "front/visit.h"

#define INFO_SECONDS 2  /* a box that does not answer within them is booting, or stuck */
#define STOP_SECONDS 10 /* then who waits is told so */

static void limit_waiting(int socket, int seconds)
{
	const struct timeval limit = {.tv_sec = seconds};

	setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

static int send_wish(const struct place *place, const char *name, const char *wish, int *pid)
{
	int socket = place_connect(place, name, pid), error;

	if (socket < 0)
		return socket;
	error = message_send(socket, DOOR_MAGIC, DOOR_VERSION, wish, strlen(wish));
	if (!error)
		return socket;
	close(socket);
	return r3_fail(error, "the box '%s' does not listen: %s", name, strerror(-error));
}

/* What came instead of an answer; 0: it is one. */
static int check_answer(const char *name, const struct message *message, int error)
{
	if (error == -EAGAIN)
		return error;
	if (error)
		return r3_fail(error, "the box '%s' has ended, or did not understand", name);
	if (message->type == DOOR_MAGIC)
		return r3_fail(-EPROTO, "the box '%s' was booted by another ring3: %s", name,
			       message->text);
	if (message->type == MESSAGE_FAILED)
		return r3_fail(message->value < 0 ? message->value : -EPROTO, "the box '%s': %s",
			       name, message->text);
	return 0;
}

int visit_ask(const char *name, const char *wish, struct message *message, int *pid)
{
	struct place place;
	int error = place_open(&place, false), socket;

	if (error == -ENOENT)
		return r3_fail(error, "there is no box '%s'", name);
	if (error)
		return error;
	socket = send_wish(&place, name, wish, pid);
	place_close(&place);
	if (socket < 0)
		return socket;
	error = check_answer(name, message, message_receive(socket, message));
	if (!error)
		return socket;
	close(socket);
	return error;
}

/* ---- what boxes there are ---- */

struct each {
	const struct place *place;
	int (*visit)(void *context, const struct visit_info *info);
	void *context;
};

/* As send_info() of door.c wrote it. */
static void read_info(const struct message *message, struct visit_info *info)
{
	const char *end = message->text + message->length;
	const char *release = message->text + strlen(message->text) + 1;
	const char *log = release < end ? release + strlen(release) + 1 : end;
	long long since;

	if (message->type != MESSAGE_INFO || log >= end ||
	    sscanf(message->text, "%u %u %lld", &info->modules, &info->clients, &since) != 3)
		return;
	info->answers = true;
	info->since = since;
	info->release = release;
	info->log = log;
}

static int visit_one(void *context, const char *name)
{
	const struct each *each = context;
	struct visit_info info = {.name = name};
	struct message *message = malloc(sizeof(*message));
	int socket, result = 0;

	if (!message)
		return r3_fail(-ENOMEM, "no memory");
	socket = send_wish(each->place, name, WISH_INFO, &info.pid);
	if (socket >= 0) {
		limit_waiting(socket, INFO_SECONDS);
		if (!message_receive(socket, message)) {
			message_release(message);
			read_info(message, &info);
		}
		close(socket);
	}
	if (socket != -ENOENT) /* it has just ended */
		result = each->visit(each->context, &info);
	free(message);
	return result;
}

int visit_each(int (*visit)(void *context, const struct visit_info *info), void *context)
{
	struct place place;
	struct each each = {&place, visit, context};
	int error = place_open(&place, false);

	if (error == -ENOENT)
		return 0;
	if (error)
		return error;
	error = place_each(&place, visit_one, &each);
	place_close(&place);
	return error;
}

/* ---- its end ---- */

static int take_report(int socket, const char *name, struct message *message, FILE *out,
		       int *status)
{
	int error = 0;

	while (!error && message->type == MESSAGE_REPORT) {
		fwrite(message->text, 1, message->length, out);
		error = check_answer(name, message, message_receive(socket, message));
	}
	if (!error && message->type != MESSAGE_STOPPED)
		error = r3_fail(-EPROTO, "the box '%s' has ended without its report", name);
	*status = message->value;
	return error;
}

int visit_stop(const char *name, bool json, bool colour, FILE *out, int *status,
	       void (*waiting)(const char *name, int pid))
{
	struct message *message = calloc(1, sizeof(*message));
	struct place place;
	char wish[64];
	int socket, pid, error;

	if (!message)
		return -ENOMEM;
	snprintf(wish, sizeof(wish), WISH_STOP "%s%s", json ? WISH_JSON : "",
		 colour ? WISH_COLOUR : "");
	error = place_open(&place, false);
	if (error) {
		free(message);
		return error == -ENOENT ? r3_fail(error, "there is no box '%s'", name) : error;
	}
	socket = send_wish(&place, name, wish, &pid);
	place_close(&place);
	error = socket < 0 ? socket : 0;
	if (!error) {
		limit_waiting(socket, STOP_SECONDS);
		do {
			error = check_answer(name, message, message_receive(socket, message));
			if (error == -EAGAIN)
				waiting(name, pid);
		} while (error == -EAGAIN);
	}
	if (!error)
		error = take_report(socket, name, message, out, status);
	if (socket >= 0)
		close(socket);
	free(message);
	return error;
}
