/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor: system calls that clients make, as the box answers them. A
 * seccomp filter (filter.c) hands them over; each is served by a thread of its
 * own (supervisor.c), which reads what it needs from the client once
 * (client.c).
 */
#ifndef RING3_SUPERVISOR_H
#define RING3_SUPERVISOR_H

#include <sys/types.h>
#include "box/box.h"

struct supervisor;

/*
 * filter.c: this process and its children are clients from now on. *listener
 * gets the descriptor on which their system calls arrive. Needs CAP_SYS_ADMIN
 * in the user namespace. -EBUSY: this is a client of another box already.
 */
int filter_install(int *listener);

/*
 * Serve what arrives at listener, which is taken over. init is a process of
 * the clients' user namespace: who has capabilities there has them in the box.
 */
int supervisor_start(struct supervisor **supervisor, struct r3_box *box, int listener, pid_t init);
/* Once the clients are dead; returns when the last system call has ended. */
void supervisor_stop(struct supervisor *supervisor);

#endif
