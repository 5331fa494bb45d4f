// SPDX-License-Identifier: GPL-2.0-or-later
/* Linux 2.4's module calls by their numbers on x86-64; C libraries have forgotten some. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "tools/modutils/modutils.h"

#define TAINTED "/proc/sys/kernel/tainted"

/* glibc makes -1 and errno of it. */
static long result_of(long result)
{
	return result == -1 ? -errno : result;
}

static long create(void *context, const char *name, size_t size)
{
	(void)context;
	return result_of(syscall(SYS_create_module, name, size));
}

static int init(void *context, const char *name, const void *image)
{
	(void)context;
	return result_of(syscall(SYS_init_module, name, image));
}

static int delete (void *context, const char *name)
{
	(void)context;
	return result_of(syscall(SYS_delete_module, name, 0));
}

static int query(void *context, const char *name, int which, void *buffer, size_t size,
		 size_t *result)
{
	(void)context;
	return result_of(syscall(SYS_query_module, name, which, buffer, size, result));
}

static int taint(void *context, unsigned int bits)
{
	int fd = open(TAINTED, bits ? O_RDWR | O_CLOEXEC : O_RDONLY | O_CLOEXEC), error = 0;
	char text[32];
	ssize_t length;

	(void)context;
	if (fd < 0)
		return -errno;
	length = bits ? read(fd, text, sizeof(text) - 1) : 0;
	if (bits && length >= 0) {
		text[length] = '\0';
		length = snprintf(text, sizeof(text), "%lu\n", strtoul(text, NULL, 10) | bits);
		if (write(fd, text, length) != length)
			error = -errno;
	}
	close(fd);
	return error;
}

const struct module_calls kernel_calls = {
	.create = create,
	.init = init,
	.delete = delete,
	.query = query,
	.taint = taint,
};
