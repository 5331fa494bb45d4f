/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module system calls for clients, which the C library has no functions for. */
#ifndef MODULE_CLIENT_H
#define MODULE_CLIENT_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* 0 or a negative errno, also of opening the file. */
static inline long load_module(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long result = fd < 0 || syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return result;
}

/* 0 or a negative errno. */
static inline long unload_module(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/* What a client does until it is killed. */
static inline _Noreturn void load_and_unload(const char *path, const char *name)
{
	for (;;) {
		load_module(path, "");
		unload_module(name);
	}
}

static inline void sleep_us(long us)
{
	const struct timespec time = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&time, NULL);
}

/*
 * Whatever a client that is gone was in the middle of ends soon, on its own:
 * then the module loads and unloads. 0, or what unloading it ended with.
 */
static inline long loads_again(const char *path, const char *name)
{
	for (int tries = 0; tries < 2000; tries++) {
		unload_module(name);
		if (load_module(path, "") == 0)
			break;
		sleep_us(1000);
	}
	return unload_module(name);
}

#endif
