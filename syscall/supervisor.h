/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The supervisor: system calls that clients make, as the box answers them. A
 * seccomp filter (filter.c) hands them over; each is served by a thread of the
 * box's process (supervisor.c), which reads what it needs from the client once
 * (client.c).
 */
#ifndef RING3_SUPERVISOR_H
#define RING3_SUPERVISOR_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/types.h>
#include "box/box.h"

struct supervisor;

/*
 * filter.c: this process and its children are clients from now on. *listener
 * gets the descriptor on which their system calls arrive. Needs CAP_SYS_ADMIN
 * in the user namespace. -EBUSY: this is a client of another box already.
 */
int filter_install(int *listener);
/* Does the filter hand it over as syslog(2), under the number of whatever ABI? Else it is uname. */
bool filter_is_syslog(const struct seccomp_data *data);

/*
 * init is a process of the clients' user namespace: who has capabilities there
 * has them in the box.
 */
int supervisor_start(struct supervisor **supervisor, struct r3_box *box, pid_t init);
/*
 * Serve what arrives at listener, which is taken over, also on failure: -EINVAL, it is none. gone
 * is called once, by a thread of the supervisor, when the last process with its filter has ended;
 * NULL: nobody asks. It must not wait.
 */
int supervisor_add(struct supervisor *supervisor, int listener, void (*gone)(void *context),
		   void *context);
/*
 * Once the clients are dead; returns when the last system call has ended. Nobody is told that a
 * listener is gone any more. NULL is none.
 */
void supervisor_stop(struct supervisor *supervisor);

#endif
