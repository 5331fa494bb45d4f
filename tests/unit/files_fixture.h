/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mounted tree for the tests of files/: user and mount namespace of a process
 * that does nothing else, and clients that run in there.
 */
#ifndef RING3_FILES_FIXTURE_H
#define RING3_FILES_FIXTURE_H

#include <sys/types.h>

/*
 * Mount /dev/fuse at where, in namespaces of their own; its descriptor, or a
 * negative errno and in *why what is missing. Before the process has threads.
 */
int fixture_mount(const char *where, const char **why);
/* Once it is served: over /dev/kmsg and /sys/module of the clients, where the host has them. */
void fixture_bind(void);
void fixture_unmount(void);
/* A process in there, which lives until fixture_unmount(). */
pid_t fixture_holder(void);
/* What body returns (0 to 255), run by a process in there; body may not use the box. */
int fixture_inside(int (*body)(void));
/* Start it, and wait for it. */
pid_t fixture_start(int (*body)(void));
int fixture_wait(pid_t pid);
/* stdout and stderr of a shell command in there; valid until the next one. */
const char *fixture_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
