/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The code in a slot: what runs instead of an instruction that is probed. Its
 * detour puts a struct pt_regs on the kernel stack, calls the runtime, takes
 * the registers back from there, and falls into the copy.
 */
#ifndef RING3_ARCH_SLOT_H
#define RING3_ARCH_SLOT_H

#include "arch/x86_64/instruction.h"
#include "box/box.h"

enum arch_slot_kind {
	ARCH_SLOT_TRAP,      /* int3: one instruction */
	ARCH_SLOT_TRAP_POST, /* the same, and r3rt_probe_post() behind it */
	ARCH_SLOT_REGION,    /* a jump: all that it replaces */
	ARCH_SLOT_FENTRY,    /* a call at __fentry__'s place: nothing is copied */
};

#define ARCH_INT3         0xcc
#define ARCH_JUMP_SIZE    5  /* jmp and call with 32 bits of distance */
#define ARCH_MAX_REGION   19 /* the last instruction begins within the jump */
#define ARCH_REGION_COUNT 5
#define ARCH_SLOT_SIZE    512 /* at most */
#define ARCH_SLOT_PIECES  (ARCH_REGION_COUNT + 1)

/* What the code of a slot calls, all in module space. */
struct arch_slot_calls {
	uint64_t hit, post;     /* r3rt_probe_hit(), r3rt_probe_post() */
	uint64_t leave;         /* arch_slot_make_leave()'s */
	uint64_t preempt_count; /* of the runtime, per CPU: its link address; 0: none */
};

struct arch_slot {
	enum arch_slot_kind kind;
	uint64_t address; /* of the code that is probed */
	uint64_t context;
	const struct arch_instruction *instructions; /* of ARCH_SLOT_FENTRY: none */
	unsigned int count;
	const struct arch_slot_calls *calls;
};

/* What was made of it. */
struct arch_slot_code {
	uint8_t bytes[ARCH_SLOT_SIZE];
	size_t length;
	uint16_t trap;           /* where a trap goes on; a jump or call does at the beginning */
	uint16_t copy, copy_end; /* where the copy is */
	/* From that offset on the code stands for what lies so far behind slot->address. */
	struct arch_slot_piece {
		uint16_t offset, original;
	} pieces[ARCH_SLOT_PIECES];
	unsigned int nr_pieces;
};

/*
 * The slot's code to run at address; its length does not depend on that. 0, or
 * -EOPNOTSUPP: an instruction cannot reach from there what it could before.
 */
int arch_slot_make(const struct arch_slot *slot, uint64_t address, struct arch_slot_code *code);

/* What replaces code at address, to go on at target; call: with a return address on the stack. */
void arch_make_branch(uint8_t to[ARCH_JUMP_SIZE], uint64_t address, uint64_t target, bool call);

/*
 * What all slots of a box end in when they do not go on with their copy: takes
 * ip, sp and flags, too, from the registers on the stack.
 */
#define ARCH_LEAVE_SIZE 256
void arch_slot_make_leave(uint8_t to[ARCH_LEAVE_SIZE], uint64_t preempt_count);

#endif
