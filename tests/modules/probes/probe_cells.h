/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What probe_cells.c and the program that fills it agree on. A cell is room for one
 * instruction, with somewhere to go on to whichever way it leaves.
 */
#ifndef PROBE_CELLS_H
#define PROBE_CELLS_H

#define CELLS            4096
#define CELL_SIZE        64
#define CELL_BACKWARD    0  /* in a cell: where a jump backwards leads */
#define CELL_INSTRUCTION 16 /* the instruction; behind it, room, and the way out */
#define CELL_FORWARD     48 /* where a jump forwards leads */

#define ARENA_SIZE       8192
#define ARENA_MIDDLE     4096
#define ARENA_STACK_TOP  (16384 + 12288) /* of what the instruction may have on the stack */
#define ARENA_STACK_SP   16384           /* below lies what handlers use */
#define XSAVE_SIZE       4096

/* The order of registers in an instruction's encoding. */
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, NR_REGISTERS = 16 };

/* What an instruction sees, and what it leaves. */
struct machine {
	unsigned long registers[NR_REGISTERS];
	unsigned long flags;
	unsigned long exit;   /* EXIT_* */
	unsigned long vector; /* the components in xsave */
	unsigned long cell;   /* the instruction's address */
	unsigned char xsave[XSAVE_SIZE] __attribute__((aligned(64)));
};
/* Of the flags: carry, parity, adjust, zero, sign, direction, overflow. */
#define FORM_FLAGS    0xcd5UL

#define EXIT_NONE     0
#define EXIT_NEXT     1
#define EXIT_FORWARD  2
#define EXIT_BACKWARD 3

#endif
