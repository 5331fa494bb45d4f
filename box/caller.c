// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "box/caller.h"

int caller_namespace(pid_t pid, struct user_namespace *namespace)
{
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	if (stat(path, &status))
		return -errno;
	*namespace = (struct user_namespace){status.st_dev, status.st_ino};
	return 0;
}

bool caller_capable(pid_t pid, const struct user_namespace *namespace, int capability)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, pid};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	struct user_namespace own = {0};

	if (pid <= 0 || caller_namespace(pid, &own) || own.dev != namespace->dev ||
	    own.ino != namespace->ino)
		return false;
	return syscall(SYS_capget, &header, data) == 0 &&
	       data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

bool caller_read(pid_t pid, const char *name, char *buffer, size_t size)
{
	char path[64];
	ssize_t length;
	int file;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	length = read(file, buffer, size - 1);
	close(file);
	if (length < 0)
		return false;
	buffer[length] = '\0';
	return true;
}

bool caller_comm(pid_t pid, char comm[CALLER_COMM_SIZE])
{
	if (!caller_read(pid, "comm", comm, CALLER_COMM_SIZE))
		return false;
	comm[strcspn(comm, "\n")] = '\0';
	return true;
}
