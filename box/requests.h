/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors that requests come from (seccomp listeners, /dev/fuse), and
 * threads that wait for them together: the kernel wakes one for each.
 */
#ifndef RING3_REQUESTS_H
#define RING3_REQUESTS_H

#include <stdbool.h>

struct requests {
	int stop;   /* eventfd: readable once all is to end */
	int events; /* epoll */
};

/* What a thread is told; nobody else is told the same of a descriptor until requests_next(). */
enum requests_news {
	REQUESTS_STOPPED,
	REQUESTS_COME,  /* there is something to read */
	REQUESTS_ENDED, /* nothing will ever come */
};

/* -errno */
int requests_open(struct requests *requests);
/* Wait for this one, too. It stays the caller's, as does source, which names it: not NULL. */
int requests_add(const struct requests *requests, int fd, void *source);
enum requests_news requests_wait(const struct requests *requests, void **source);
/* Once it was read: the others may be told of it. */
void requests_next(const struct requests *requests, int fd, void *source);
/* By who was told that it has ended. */
void requests_remove(const struct requests *requests, int fd);
/* Once; from now on nobody waits. */
void requests_stop(const struct requests *requests);
/* When no thread uses it any more; the descriptors stay open. */
void requests_close(const struct requests *requests);

#endif
