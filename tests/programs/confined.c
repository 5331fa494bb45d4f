// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Run a program as containers do whose seccomp profile refuses what makes
 * another one: with EPERM, and ENOSYS for calls whose arguments it cannot see.
 *	confined namespaces|mounts COMMAND...
 */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REFUSE SCMP_ACT_ERRNO(EPERM)

static int refuse_namespaces(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp new_user =
		SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER);
	int error = seccomp_rule_add(filter, REFUSE, SCMP_SYS(clone), 1, new_user);

	if (!error)
		error = seccomp_rule_add(filter, REFUSE, SCMP_SYS(unshare), 1, new_user);
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return error;
}

static int refuse_mounts(scmp_filter_ctx filter)
{
	int error = seccomp_rule_add(filter, REFUSE, SCMP_SYS(mount), 0);

	if (!error)
		error = seccomp_rule_add(filter, REFUSE, SCMP_SYS(move_mount), 0);
	return error;
}

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error = -EINVAL;

	if (argc > 2 && filter && !strcmp(argv[1], "namespaces"))
		error = refuse_namespaces(filter);
	else if (argc > 2 && filter && !strcmp(argv[1], "mounts"))
		error = refuse_mounts(filter);
	if (!error)
		error = seccomp_load(filter);
	if (error) {
		fprintf(stderr, "confined: %s\n", strerror(-error));
		return EXIT_FAILURE;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return EXIT_FAILURE;
}
