/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes of the host that ask a box for something: their names, and what
 * they may do. A pid may be another process's as soon as its own has ended:
 * who asks sees to it that the process still waits for the answer.
 */
#ifndef RING3_CALLER_H
#define RING3_CALLER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CALLER_COMM_SIZE (16 + 1) /* TASK_COMM_LEN, and a newline in /proc */

struct user_namespace {
	dev_t dev;
	ino_t ino;
};

/* That of a process: -errno. */
int caller_namespace(pid_t pid, struct user_namespace *namespace);
/*
 * capable() of Linux: effective, and in this namespace, not in one that the
 * process has made. pid 0, a process that this one cannot see: false.
 */
bool caller_capable(pid_t pid, const struct user_namespace *namespace, int capability);
/* What /proc/PID/name says, all of it read at once, with a NUL: false if there is no such file. */
bool caller_read(pid_t pid, const char *name, char *buffer, size_t size);
/* Its name; false if it is gone. */
bool caller_comm(pid_t pid, char comm[CALLER_COMM_SIZE]);

#endif
