/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An instruction that is probed: what it does to the flow of control, and its copy elsewhere. */
#ifndef RING3_ARCH_INSTRUCTION_H
#define RING3_ARCH_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARCH_MAX_INSTRUCTION 15
#define ARCH_MAX_COPY        16 /* the most bytes that stand for one */

/* Where it may go on, other than behind itself. */
enum arch_flow {
	ARCH_NEXT,          /* nowhere */
	ARCH_JUMP,          /* target */
	ARCH_BRANCH,        /* target, by a condition of the flags */
	ARCH_LOOP,          /* target, by %rcx: loop, loope, loopne, jrcxz */
	ARCH_BEGIN,         /* target, when the transaction aborts: xbegin */
	ARCH_CALL,          /* target */
	ARCH_JUMP_REGISTER, /* where the register points */
	ARCH_CALL_REGISTER,
	ARCH_JUMP_MEMORY,
	ARCH_CALL_MEMORY,
	ARCH_RETURN,
};

struct arch_instruction {
	uint64_t address; /* where it is from */
	uint8_t code[ARCH_MAX_INSTRUCTION];
	uint8_t length;
	enum arch_flow flow;
	uint64_t target;
	uint8_t condition;    /* of ARCH_BRANCH, as in its opcode */
	uint8_t reg;          /* of ARCH_*_REGISTER: rax 0, ... r15 15 */
	uint16_t pops;        /* of ARCH_RETURN: bytes beyond the return address */
	uint8_t displacement; /* where in code a distance from rip stands, 0: nowhere */
	int refused; /* why nothing can stand for it: -EINVAL, -EOPNOTSUPP; 0: a copy can */
};

/* What lies in code, at most size bytes, is the code at address. 0 or -EINVAL: no instruction. */
int arch_instruction_decode(struct arch_instruction *instruction, uint64_t address,
			    const uint8_t *code, size_t size);
/*
 * At most ARCH_MAX_COPY bytes that do the same when they run at address: they
 * go on behind themselves where the instruction goes on behind itself, and
 * leave the same on the stack. Returns how many; 0: the distance is too long.
 */
size_t arch_instruction_copy(const struct arch_instruction *instruction, uint64_t address,
			     uint8_t *to);
/* As the assembler writes it, for people. */
void arch_instruction_format(const uint8_t *code, size_t length, uint64_t address, char *text,
			     size_t size);

#endif
