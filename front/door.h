/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door of a box that stays: a socket at which callers ask for a way in, for
 * what there is to know, or for the box to end. Served by one thread, which
 * waits for nobody: who says nothing, or nonsense, or goes away in the middle,
 * costs nobody else anything.
 */
#ifndef RING3_DOOR_H
#define RING3_DOOR_H

#include <stdbool.h>
#include <stddef.h>

struct door;
struct front;
struct r3_box;

/* Who wants the box to end, and the report in which form. Nobody did if it was a signal. */
struct door_wish {
	bool asked, json, colour;
};

/*
 * Take the name: callers may come, and wait until door_serve() runs. Blocks
 * SIGTERM, SIGINT and SIGHUP: before there is any other thread. The front may
 * be made before, so that its processes do not hold the socket. -errno, with
 * a sentence for r3_error(); -EADDRINUSE: a box has that name.
 */
int door_open(struct door **door, const char *name);
/* Let callers in, after front_serve(), until one of them or a signal ends it. log is told to them.
 */
int door_serve(struct door *door, struct front *front, struct r3_box *box, const char *log);
/*
 * Nobody finds the box any more, and all are hung up on but who wants the
 * report. Then close the front, which calls this door until it is closed.
 */
void door_leave(struct door *door, struct door_wish *wish);
/* The last thing that who asked for the end hears: the report, and the exit status. */
void door_report(struct door *door, const char *text, size_t size, int status);
/* NULL is none. */
void door_close(struct door *door);

#endif
