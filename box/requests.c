// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Handing the turn to wait from thread to thread would cost a switch for each
 * request. All wait instead, and the descriptor is disarmed when it wakes one
 * of them, since reading may wait as well when there is nothing.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "box/requests.h"

/* source: NULL for what ends all. */
static int watch(const struct requests *requests, int operation, int fd, uint32_t events,
		 void *source)
{
	struct epoll_event event = {.events = events, .data.ptr = source};

	return epoll_ctl(requests->events, operation, fd, &event) ? -errno : 0;
}

int requests_open(struct requests *requests)
{
	int error;

	*requests = (struct requests){.stop = eventfd(0, EFD_CLOEXEC)};
	if (requests->stop < 0)
		return -errno;
	requests->events = epoll_create1(EPOLL_CLOEXEC);
	if (requests->events < 0) {
		error = -errno;
		close(requests->stop);
		return error;
	}
	error = watch(requests, EPOLL_CTL_ADD, requests->stop, EPOLLIN, NULL);
	if (error)
		requests_close(requests);
	return error;
}

int requests_add(const struct requests *requests, int fd, void *source)
{
	return watch(requests, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLONESHOT, source);
}

enum requests_news requests_wait(const struct requests *requests, void **source)
{
	struct epoll_event event;

	while (epoll_wait(requests->events, &event, 1, -1) < 0)
		if (errno != EINTR)
			abort(); /* no such descriptor */
	*source = event.data.ptr;
	if (!*source)
		return REQUESTS_STOPPED;
	return event.events & EPOLLIN ? REQUESTS_COME : REQUESTS_ENDED;
}

void requests_next(const struct requests *requests, int fd, void *source)
{
	if (watch(requests, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLONESHOT, source))
		abort(); /* it was added: nothing is left to fail */
}

void requests_remove(const struct requests *requests, int fd)
{
	if (epoll_ctl(requests->events, EPOLL_CTL_DEL, fd, NULL))
		abort(); /* as above */
}

void requests_stop(const struct requests *requests)
{
	const uint64_t one = 1;

	if (write(requests->stop, &one, sizeof(one)) != sizeof(one))
		abort(); /* it was zero */
}

void requests_close(const struct requests *requests)
{
	close(requests->events);
	close(requests->stop);
}
