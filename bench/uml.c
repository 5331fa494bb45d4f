// SPDX-License-Identifier: GPL-2.0-or-later
/* A program as the init of User-Mode Linux, on the files of the host. */
#include <errno.h>
#include <linux/ptrace.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "measure.h"

#define MAX_WORDS 24

/*
 * Its kernel saves the registers of its processes with PTRACE_GETREGSET into a
 * buffer of its own time, and puts back what it got: EFAULT where a processor
 * has more of them (AMX), and init dies. Without that request it takes the old
 * ones, which are enough for programs that leave the others alone.
 */
#define OLD_REGISTERS                                                                              \
	"GLIBC_TUNABLES=glibc.cpu.hwcaps="                                                         \
	"-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX_Fast_Unaligned_Load"

static void hide_large_registers(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EIO), SCMP_SYS(ptrace), 1,
			     SCMP_A0(SCMP_CMP_EQ, PTRACE_GETREGSET, 0)) ||
	    seccomp_load(filter)) {
		fprintf(stderr, "bench: no seccomp filter\n");
		_exit(EXIT_FAILURE);
	}
	seccomp_release(filter);
}

_Noreturn void exec_uml(const struct uml *uml, char *const command[])
{
	char init[4096], directory[4096];
	char *argv[MAX_WORDS + 1] = {(char *)uml->kernel,
				     "mem=64M",
				     "rootfstype=hostfs",
				     "rootflags=/",
				     "ro",
				     "quiet",
				     "con=null",
				     "con0=null,fd:1",
				     OLD_REGISTERS,
				     directory,
				     init,
				     "--"};
	unsigned int count = 12;

	snprintf(directory, sizeof(directory), "uml_dir=%s/", uml->directory);
	snprintf(init, sizeof(init), "init=%s", command[0]);
	for (unsigned int i = 1; command[i] && count < MAX_WORDS; i++)
		argv[count++] = command[i];
	argv[count] = NULL;
	hide_large_registers();
	execv(argv[0], argv);
	perror(argv[0]);
	_exit(EXIT_FAILURE);
}
