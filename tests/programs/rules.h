/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For clients that try the module system calls rule by rule: one line each, and a count of
 * failures. */
#ifndef RULES_H
#define RULES_H

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* An address that nobody has. */
#define BAD ((void *)8)

static unsigned int failures;

/* As people write it: "EINVAL", or a number. */
static inline const char *result_text(long result, char text[32])
{
	if (result < 0)
		snprintf(text, 32, "%s", strerrorname_np(-result));
	else
		snprintf(text, 32, "%ld", result);
	return text;
}

static inline void report(const char *rule, long wanted, long got)
{
	char is[32], ought[32];

	if (got == wanted) {
		printf("ok      %s: %s\n", rule, result_text(got, is));
		return;
	}
	failures++;
	printf("FAILED  %s: %s, not %s\n", rule, result_text(got, is), result_text(wanted, ought));
}

/* What syscall() gives, as the kernel gave it. */
static inline long result_of(long result)
{
	return result == -1 ? -errno : result;
}

/* What the function returns in a process of its own: 0 or a negative errno. */
static inline long in_child(long (*function)(void))
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(-function() & 0xff);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -ECHILD;
	return -(long)WEXITSTATUS(status);
}

/* Of a process that is in_child(). */
static inline void drop_module_capability(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		_exit(200);
	data[0].effective &= ~(1U << CAP_SYS_MODULE);
	if (syscall(SYS_capset, &header, data))
		_exit(201);
}

#endif
