/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The front door: namespaces in which programs run as clients of a box. They
 * see the host's file system with the box's files in it, and their module
 * system calls are the box's (syscall/).
 */
#ifndef RING3_FRONT_H
#define RING3_FRONT_H

#include <sys/types.h>

struct front;
struct r3_box;

/*
 * Make the namespaces. Before the box and any thread of this process is there,
 * since a process is forked that stays; the box may then be made while that
 * one works. argv is what front_run() runs, it must live as long as the front.
 * NULL: no command; then the forked processes keep none of this one's
 * descriptors, standard ones included.
 */
int front_open(struct front **front, char *const argv[]);
/*
 * Let clients in. tree is shown at /lib/modules/RELEASE; NULL: as on the host.
 * tools is a program that stands for insmod, modprobe and so on, by its name, where the host has
 * kmod's; NULL: they are the host's. modprobe of the box runs as a client from then on.
 */
int front_serve(struct front *front, struct r3_box *box, const char *tree, const char *tools);
/* Run the command, as a client with this process's input and output; *status is wait()'s. */
int front_run(struct front *front, int *status);
/* The namespaces of users, mounts and PIDs that a client is in: -errno, or the caller's to close.
 */
#define FRONT_NAMESPACES 3
int front_namespaces(const struct front *front, int namespaces[FRONT_NAMESPACES]);
/*
 * Serve the calls of a client that has entered them by itself; the rest as supervisor_add(). After
 * front_serve(); gone may be called until front_close() returns.
 */
int front_add(struct front *front, int listener, void (*gone)(void *context), void *context);
/* Every client is killed; the box is none the wiser and can be freed afterwards. */
void front_close(struct front *front);

#endif
