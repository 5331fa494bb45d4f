/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One instruction, as far as fault handling needs it. */
#ifndef RING3_ARCH_DECODE_H
#define RING3_ARCH_DECODE_H

#include "arch/x86_64/arch.h"

struct decoded {
	unsigned int length;
	const char *mnemonic;     /* "cli" */
	bool branches;            /* jumps, calls or returns */
	bool privileged;          /* refused outside of ring 0 */
	bool has_memory;          /* it accesses memory: */
	uint64_t memory;          /* there, */
	unsigned int memory_size; /* that many bytes */
	int load_register;        /* pt_regs number that a plain 8-byte mov loads, -1: it is none */
};

/* Decode the instruction at registers->rip, probed or not. -EFAULT: not readable, -EINVAL: none. */
int arch_decode(struct r3_box *box, const struct arch_registers *registers,
		struct decoded *decoded);

/* Register by its number in an instruction (rax 0, rcx 1, ... r15 15). */
uint64_t *arch_register(struct arch_registers *registers, unsigned int number);

#endif
