// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "box/box.h"
#include "front/door.h"
#include "front/front.h"
#include "front/internal.h"
#include "front/place.h"

#define MAX_ENTERING 64    /* who has not said yet what it wants, or not entered; others wait */
#define ENTER_MS     10000 /* that long it may take, each step */
#define PAUSE_MS     100   /* when there are no descriptors for further ones */
#define REPORT_MS    10000 /* a part of the report that nobody takes that long is lost */

enum stage {
	ASKING,   /* its wish is awaited */
	ENTERING, /* its child's listener is */
	INSIDE,   /* nothing more is to come */
};

/* A caller, and the client that it has made: gone when both are. */
struct caller {
	struct caller *next;
	struct door *door;
	int socket; /* -1: it has hung up */
	enum stage stage;
	int64_t deadline; /* of the stage, on now_ms() */
	bool client;      /* there is one */
	bool gone;        /* atomic: no process of it is left */
};

struct door {
	struct place place;
	char name[PLACE_NAME_MAX + 1];
	int socket, signals;
	int event;   /* eventfd: some client is gone */
	int stopper; /* the socket of who wants the box to end, -1: none */
	struct door_wish wish;
	time_t since;
	int namespaces[FRONT_NAMESPACES];
	struct front *front;
	struct r3_box *box;
	const char *log;
	struct caller *callers;
	unsigned int nr_callers, nr_entering, nr_clients;
	int64_t pause; /* until then nobody is let in */
	struct pollfd *wait;
	struct message message;
};

/* What is waited for first, before the callers. */
enum { WAIT_SOCKET, WAIT_SIGNALS, WAIT_EVENT, WAIT_CALLERS };

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

int door_open(struct door **result, const char *name)
{
	struct door *door = malloc(sizeof(*door));
	int error;

	if (!door)
		return -ENOMEM;
	*door = (struct door){.socket = -1,
			      .signals = -1,
			      .event = -1,
			      .stopper = -1,
			      .place.folder = -1,
			      .namespaces = {-1, -1, -1}};
	snprintf(door->name, sizeof(door->name), "%s", name);
	time(&door->since);
	error = place_open(&door->place, true);
	if (!error) {
		door->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		door->signals = open_signals();
		if (door->event < 0 || door->signals < 0)
			error = r3_fail(-errno, "no descriptors: %s", strerror(errno));
	}
	if (!error) {
		door->socket = place_listen(&door->place, name);
		error = door->socket < 0 ? door->socket : 0;
	}
	if (error) {
		door_close(door);
		return error;
	}
	*result = door;
	return 0;
}

/* ---- callers ---- */

static void set_stage(struct caller *caller, enum stage stage)
{
	struct door *door = caller->door;

	door->nr_entering += (stage != INSIDE) - (caller->stage != INSIDE);
	caller->stage = stage;
	caller->deadline = now_ms() + ENTER_MS;
}

static void hang_up(struct caller *caller)
{
	set_stage(caller, INSIDE);
	close(caller->socket);
	caller->socket = -1;
}

static void send_failure(struct caller *caller, int error, const char *why)
{
	message_send(caller->socket, MESSAGE_FAILED, error, why, strlen(why));
	hang_up(caller);
}

/* Called by the supervisor. */
static void client_gone(void *context)
{
	struct caller *caller = context;
	const uint64_t one = 1;
	int event = caller->door->event;

	__atomic_store_n(&caller->gone, true, __ATOMIC_RELEASE);
	while (write(event, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void forget_gone(struct door *door)
{
	struct caller **link = &door->callers, *caller;

	while ((caller = *link)) {
		if (caller->client && __atomic_load_n(&caller->gone, __ATOMIC_ACQUIRE)) {
			caller->client = false;
			door->nr_clients--;
		}
		if (caller->socket >= 0 || caller->client) {
			link = &caller->next;
			continue;
		}
		*link = caller->next;
		door->nr_callers--;
		free(caller);
	}
}

/* Numbers, then strings with their NULs. */
static void send_info(struct caller *caller)
{
	const struct door *door = caller->door;
	char text[MESSAGE_TEXT - 1];
	unsigned int modules = __atomic_load_n(&door->box->nr_modules, __ATOMIC_RELAXED);
	int length =
		snprintf(text, sizeof(text), "%u %u %lld%c%s%c%s", modules, door->nr_clients,
			 (long long)door->since, '\0', r3_box_release(door->box), '\0', door->log);

	if (length < (int)sizeof(text))
		message_send(caller->socket, MESSAGE_INFO, 0, text, length + 1);
	hang_up(caller);
}

static void note_stop(struct caller *caller, const char *words)
{
	struct door *door = caller->door;

	if (door->wish.asked) { /* somebody else was first */
		hang_up(caller);
		return;
	}
	door->wish.asked = true;
	door->wish.json = strstr(words, WISH_JSON);
	door->wish.colour = strstr(words, WISH_COLOUR);
	door->stopper = caller->socket;
	caller->socket = -1;
	set_stage(caller, INSIDE);
}

static void answer_wish(struct caller *caller, const struct message *message)
{
	const struct door *door = caller->door;
	const char *release = r3_box_release(door->box);
	char text[128];
	int pid;

	if (message->type != DOOR_MAGIC) {
		hang_up(caller);
	} else if (!place_is_mine(caller->socket, &pid)) {
		send_failure(caller, -EPERM, "it is another user's");
	} else if (message->value != DOOR_VERSION) {
		snprintf(text, sizeof(text), "it speaks version %d, and this ring3 version %d",
			 DOOR_VERSION, message->value);
		message_send(caller->socket, DOOR_MAGIC, DOOR_VERSION, text, strlen(text));
		hang_up(caller);
	} else if (!strcmp(message->text, WISH_INFO)) {
		send_info(caller);
	} else if (!strncmp(message->text, WISH_STOP, strlen(WISH_STOP))) {
		note_stop(caller, message->text + strlen(WISH_STOP));
	} else if (strcmp(message->text, WISH_ENTER)) {
		send_failure(caller, -EINVAL, "the box does not know what is wanted of it");
	} else if (message_send_fds(caller->socket, MESSAGE_NAMESPACES, 0, release, strlen(release),
				    door->namespaces, FRONT_NAMESPACES)) {
		hang_up(caller);
	} else {
		set_stage(caller, ENTERING);
	}
}

static void take_client(struct caller *caller, struct message *message)
{
	struct door *door = caller->door;
	int error;

	if (message->type != MESSAGE_LISTENER || message->fds[0] < 0) {
		hang_up(caller);
		return;
	}
	/* It may be gone before front_add() has returned. */
	caller->client = true;
	error = front_add(door->front, message->fds[0], client_gone, caller);
	message->fds[0] = -1;
	if (error) {
		caller->client = false;
		send_failure(caller, error, "the box cannot serve the system calls of a client");
		return;
	}
	door->nr_clients++;
	set_stage(caller, INSIDE);
	if (message_send(caller->socket, MESSAGE_CLIENT, 0, NULL, 0))
		hang_up(caller);
}

static void hear(struct caller *caller)
{
	struct message *message = &caller->door->message;
	int error = message_receive(caller->socket, message);

	if (error == -EAGAIN)
		return;
	if (error || caller->stage == INSIDE) {
		if (!error)
			message_release(message);
		hang_up(caller);
		return;
	}
	if (caller->stage == ASKING)
		answer_wish(caller, message);
	else
		take_client(caller, message);
	message_release(message);
}

static void let_in(struct door *door)
{
	int fd = accept4(door->socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct caller *caller = fd < 0 ? NULL : calloc(1, sizeof(*caller));

	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS))
		door->pause = now_ms() + PAUSE_MS;
	if (!caller) {
		if (fd >= 0)
			close(fd);
		return;
	}
	*caller =
		(struct caller){.next = door->callers, .door = door, .socket = fd, .stage = INSIDE};
	door->callers = caller;
	door->nr_callers++;
	set_stage(caller, ASKING);
}

/* ---- the loop ---- */

/* What to wait for, and how long: -1 for ever. */
static int prepare(struct door *door, int64_t now)
{
	struct pollfd *wait = door->wait;
	bool open = door->nr_entering < MAX_ENTERING && now >= door->pause;
	int64_t first = now >= door->pause ? INT64_MAX : door->pause;

	wait[WAIT_SOCKET] = (struct pollfd){open ? door->socket : -1, POLLIN, 0};
	wait[WAIT_SIGNALS] = (struct pollfd){door->signals, POLLIN, 0};
	wait[WAIT_EVENT] = (struct pollfd){door->event, POLLIN, 0};
	wait += WAIT_CALLERS;
	for (const struct caller *caller = door->callers; caller; caller = caller->next) {
		*wait++ = (struct pollfd){caller->socket, POLLIN, 0};
		if (caller->stage != INSIDE && caller->deadline < first)
			first = caller->deadline;
	}
	if (first == INT64_MAX)
		return -1;
	return first > now ? first - now : 0;
}

/* Callers are in the order of prepare(): none has come or gone since. */
static void hear_all(struct door *door)
{
	const struct pollfd *wait = door->wait + WAIT_CALLERS;
	int64_t now = now_ms();

	for (struct caller *caller = door->callers; caller; caller = caller->next, wait++) {
		if (wait->revents)
			hear(caller);
		else if (caller->stage != INSIDE && caller->deadline <= now)
			hang_up(caller);
	}
}

static int grow_wait(struct door *door)
{
	size_t count = WAIT_CALLERS + door->nr_callers;
	struct pollfd *wait = realloc(door->wait, count * sizeof(*wait));

	if (!wait)
		return -ENOMEM;
	door->wait = wait;
	return 0;
}

int door_serve(struct door *door, struct front *front, struct r3_box *box, const char *log)
{
	struct signalfd_siginfo info;
	uint64_t count;
	int error = front_namespaces(front, door->namespaces);

	if (error)
		return r3_fail(error, "the clients' namespaces: %s", strerror(-error));
	door->front = front;
	door->box = box;
	door->log = log;
	while (!door->wish.asked) {
		error = grow_wait(door);
		if (error)
			return r3_fail(error, "no memory for callers");
		if (poll(door->wait, WAIT_CALLERS + door->nr_callers, prepare(door, now_ms())) < 0)
			continue;
		hear_all(door);
		if (door->wait[WAIT_SOCKET].revents)
			let_in(door);
		if (door->wait[WAIT_EVENT].revents &&
		    read(door->event, &count, sizeof(count)) < 0 && errno != EAGAIN)
			return r3_fail(-errno, "the door: %s", strerror(errno));
		forget_gone(door);
		if (door->wait[WAIT_SIGNALS].revents &&
		    read(door->signals, &info, sizeof(info)) == sizeof(info))
			return 0;
	}
	return 0;
}

void door_leave(struct door *door, struct door_wish *wish)
{
	place_leave(&door->place, door->name, door->socket);
	door->socket = -1;
	for (struct caller *caller = door->callers; caller; caller = caller->next)
		if (caller->socket >= 0)
			hang_up(caller);
	*wish = door->wish;
}

void door_report(struct door *door, const char *text, size_t size, int status)
{
	const struct timeval limit = {.tv_sec = REPORT_MS / 1000};
	const size_t part = MESSAGE_TEXT - 1;
	size_t length;
	int error = 0;

	if (door->stopper < 0)
		return;
	setsockopt(door->stopper, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	fcntl(door->stopper, F_SETFL, 0); /* wait, for so long */
	for (; size && !error; text += length, size -= length) {
		length = size < part ? size : part;
		error = message_send(door->stopper, MESSAGE_REPORT, 0, text, length);
	}
	if (!error)
		message_send(door->stopper, MESSAGE_STOPPED, status, NULL, 0);
}

void door_close(struct door *door)
{
	const int fds[] = {door ? door->signals : -1, door ? door->event : -1,
			   door ? door->stopper : -1};

	if (!door)
		return;
	if (door->socket >= 0)
		place_leave(&door->place, door->name, door->socket);
	while (door->callers) {
		struct caller *caller = door->callers;

		door->callers = caller->next;
		if (caller->socket >= 0)
			close(caller->socket);
		free(caller);
	}
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	for (unsigned int i = 0; i < FRONT_NAMESPACES; i++)
		if (door->namespaces[i] >= 0)
			close(door->namespaces[i]);
	if (door->place.folder >= 0)
		place_close(&door->place);
	free(door->wait);
	free(door);
}
