// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which system calls go to the box. No client reaches the host's module
 * system calls: they are handed over, or do not exist (those of i386 and x32,
 * whose programs would need a box of their own).
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "syscall/supervisor.h"

/* Signals wait until the call was answered, as they do on Linux; since 5.19. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static const char *const module_calls[] = {"init_module",   "finit_module", "delete_module",
					   "create_module", "query_module", "get_kernel_syms"};

static int add_rules(scmp_filter_ctx filter, uint32_t module_action)
{
	const size_t count = sizeof(module_calls) / sizeof(module_calls[0]);
	int error = seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(uname), 0);

	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(syslog), 0);
	for (size_t i = 0; i < count && !error; i++) {
		int number = seccomp_syscall_resolve_name(module_calls[i]);

		if (number != __NR_SCMP_ERROR)
			error = seccomp_rule_add(filter, module_action, number, 0);
	}
	return error;
}

bool filter_is_syslog(const struct seccomp_data *data)
{
	uint32_t architecture = data->arch == SCMP_ARCH_X86    ? SCMP_ARCH_X86
				: data->nr & __X32_SYSCALL_BIT ? SCMP_ARCH_X32
							       : SCMP_ARCH_X86_64;

	return data->nr == seccomp_syscall_resolve_name_arch(architecture, "syslog");
}

static int add_architecture(scmp_filter_ctx filter, uint32_t architecture)
{
	scmp_filter_ctx other = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!other)
		return -ENOMEM;
	error = seccomp_arch_remove(other, SCMP_ARCH_NATIVE);
	if (!error)
		error = seccomp_arch_add(other, architecture);
	if (!error)
		error = add_rules(other, SCMP_ACT_ERRNO(ENOSYS));
	if (!error)
		error = seccomp_merge(filter, other);
	if (error)
		seccomp_release(other);
	return error;
}

static int load_program(const struct sock_fprog *program)
{
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
	int listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			       flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, program);

	if (listener < 0 && errno == EINVAL)
		listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
	return listener < 0 ? -errno : listener;
}

/* libseccomp 2.5 does not know all flags: it makes the program only. */
static int load_filter(scmp_filter_ctx filter)
{
	struct sock_fprog program = {0};
	struct stat status;
	void *code = NULL;
	int fd = memfd_create("filter", MFD_CLOEXEC), error;

	if (fd < 0)
		return -errno;
	error = seccomp_export_bpf(filter, fd);
	if (!error && fstat(fd, &status))
		error = -errno;
	if (!error) {
		code = malloc(status.st_size);
		error = !code                                                  ? -ENOMEM
			: pread(fd, code, status.st_size, 0) == status.st_size ? 0
									       : -EIO;
	}
	if (!error) {
		program.len = status.st_size / sizeof(struct sock_filter);
		program.filter = code;
		error = load_program(&program);
	}
	free(code);
	close(fd);
	return error;
}

int filter_install(int *listener)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!filter)
		return -ENOMEM;
	error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
	if (!error)
		error = add_rules(filter, SCMP_ACT_NOTIFY);
	if (!error)
		error = add_architecture(filter, SCMP_ARCH_X86);
	if (!error)
		error = add_architecture(filter, SCMP_ARCH_X32);
	if (!error)
		error = load_filter(filter);
	seccomp_release(filter);
	if (error < 0)
		return error;
	*listener = error;
	return 0;
}
