// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers by Linux's names for them, and what the calling convention keeps where. */
#include <errno.h>
#include <string.h>
#include "arch/x86_64/arch.h"

#define INDEX(register) (offsetof(struct arch_registers, register) / sizeof(uint64_t))

/* regoffset_table of arch/x86/kernel/ptrace.c. */
static const struct {
	const char *name;
	unsigned int index;
} names[] = {
	{"r15", INDEX(r15)},
	{"r14", INDEX(r14)},
	{"r13", INDEX(r13)},
	{"r12", INDEX(r12)},
	{"r11", INDEX(r11)},
	{"r10", INDEX(r10)},
	{"r9", INDEX(r9)},
	{"r8", INDEX(r8)},
	{"bx", INDEX(rbx)},
	{"cx", INDEX(rcx)},
	{"dx", INDEX(rdx)},
	{"si", INDEX(rsi)},
	{"di", INDEX(rdi)},
	{"bp", INDEX(rbp)},
	{"ax", INDEX(rax)},
	{"ip", INDEX(rip)},
	{"orig_ax", INDEX(orig_rax)},
	{"cs", INDEX(cs)},
	{"sp", INDEX(rsp)},
	{"flags", INDEX(rflags)},
	{"ss", INDEX(ss)},
};

int arch_register_index(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == length && !strncmp(names[i].name, name, length))
			return names[i].index;
	return -EINVAL;
}

uint64_t arch_register_value(const struct arch_registers *registers, unsigned int index)
{
	return ((const uint64_t *)registers)[index];
}

/* System V psABI, 3.2.3 */
int arch_argument_register(unsigned int argument)
{
	static const unsigned int indices[ARCH_ARGUMENT_REGISTERS] = {
		INDEX(rdi), INDEX(rsi), INDEX(rdx), INDEX(rcx), INDEX(r8), INDEX(r9),
	};

	return argument < ARCH_ARGUMENT_REGISTERS ? (int)indices[argument] : -EINVAL;
}

unsigned int arch_return_register(void)
{
	return INDEX(rax);
}
