/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A descriptor that requests come from (a seccomp listener, /dev/fuse), and
 * threads that wait for them together: the kernel wakes one for each.
 */
#ifndef RING3_REQUESTS_H
#define RING3_REQUESTS_H

#include <stdbool.h>

struct requests {
	int fd;     /* the caller's */
	int stop;   /* eventfd: readable once all is to end */
	int events; /* epoll of both */
};

/* -errno */
int requests_open(struct requests *requests, int fd);
/*
 * Wait. True: there is something to read, and only this thread was told: it
 * reads, then calls requests_next(). False: stopped, or nothing will ever come.
 */
bool requests_wait(const struct requests *requests);
void requests_next(const struct requests *requests);
/* Once; from now on nobody waits. */
void requests_stop(const struct requests *requests);
/* When no thread uses it any more; fd stays open. */
void requests_close(const struct requests *requests);

#endif
