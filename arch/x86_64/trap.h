/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files about traps share: kernel code has faulted, in which way, what now. */
#ifndef RING3_ARCH_TRAP_H
#define RING3_ARCH_TRAP_H

#include "arch/x86_64/arch.h"

/* Exception vectors (Intel SDM, volume 3, 6.3.1), as REG_TRAPNO has them. */
enum vector {
	VECTOR_DE = 0,
	VECTOR_DB = 1,
	VECTOR_BP = 3,
	VECTOR_OF = 4,
	VECTOR_BR = 5,
	VECTOR_UD = 6,
	VECTOR_NM = 7,
	VECTOR_NP = 11,
	VECTOR_SS = 12,
	VECTOR_GP = 13,
	VECTOR_PF = 14,
	VECTOR_MF = 16,
	VECTOR_AC = 17,
	VECTOR_XM = 19,
};

/* Bits of a page fault's error code. */
#define PF_PROT  (1u << 0)
#define PF_WRITE (1u << 1)
#define PF_USER  (1u << 2)
#define PF_RSVD  (1u << 3)
#define PF_INSTR (1u << 4)
#define PF_PK    (1u << 5)

struct trap {
	enum vector vector;
	uint64_t error_code;
	uint64_t address; /* of a page fault */
};

/* extable.c: go on at the fixup of the instruction that trapped, if it has one. */
bool arch_fixup_exception(struct thread *thread, struct arch_registers *registers,
			  const struct trap *trap);

/* bug.c: is the ud2 at registers->rip a WARN or BUG? Prints what Linux's report_bug() does. */
enum bug_kind { BUG_NONE, BUG_WARNING, BUG_FATAL };
enum bug_kind arch_report_bug(struct thread *thread, const struct arch_registers *registers);

/* patch.c: the int3 that a thread ran into is (or was) there only while code changes. */
bool arch_poke_trapped(struct r3_box *box, struct arch_registers *registers);
int arch_patch_init(void);

/* oops.c: reports of several threads come one after the other; nests. */
bool arch_report_begin(struct thread *thread);
void arch_report_end(struct thread *thread, bool outermost);
void arch_add_taint(struct r3_box *box, unsigned int bit);
void arch_warn(struct thread *thread, const struct arch_registers *registers, const char *file,
	       unsigned int line, unsigned int taint);
void arch_show_trace(struct thread *thread, const struct arch_registers *registers, int level);

/* What an interrupt leaves on the kernel stack, see interrupt.S. */
struct interrupt_frame {
	uint64_t kernel_sp; /* arch_kernel_sp before it */
	uint64_t rbp;       /* these two as arch_make_hypercall() leaves them */
	uint64_t marker;    /* arch_interrupt_return */
	struct arch_registers registers;
};

/* interrupt.c: rewrite the thread's state so that it takes its vCPU's pending interrupts. */
void arch_interrupt_inject(struct thread *thread, struct arch_registers *registers);
/* If it was on its way back from one: as if it had arrived. */
void arch_interrupt_complete(struct arch_registers *registers);
/* nofault.S: the load that may fault, and where it goes on then */
extern const char arch_copy_nofault_load[], arch_copy_nofault_fixup[];

/* interrupt.S */
void arch_interrupt_return(void);
extern const char arch_interrupt_return_loaded[], arch_interrupt_return_lea[],
	arch_interrupt_return_ret[], arch_interrupt_return_end[];
/* enter.S: where the function that arch_kernel_call() called returns to */
extern const char arch_kernel_call_return[];

#define TAINT_DIE     7
#define TAINT_WARN    9

#define LEVEL_EMERG   0
#define LEVEL_ALERT   1
#define LEVEL_CRIT    2
#define LEVEL_WARNING 4 /* also KERN_DEFAULT */
#define LEVEL_INFO    6

#endif
