/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_PTRACE_H
#define _ASM_PTRACE_H

#include <linux/types.h>

/* Linux's order, which probes hand to their handlers. */
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax;
	unsigned long ip;
	unsigned long cs;
	unsigned long flags;
	unsigned long sp;
	unsigned long ss;
};
static inline unsigned long instruction_pointer(struct pt_regs *regs)
{
	return regs->ip;
}
static inline void instruction_pointer_set(struct pt_regs *regs, unsigned long val)
{
	regs->ip = val;
}
static inline unsigned long kernel_stack_pointer(struct pt_regs *regs)
{
	return regs->sp;
}
static inline unsigned long regs_return_value(struct pt_regs *regs)
{
	return regs->ax;
}
static inline void regs_set_return_value(struct pt_regs *regs, unsigned long rc)
{
	regs->ax = rc;
}
static inline unsigned long regs_get_kernel_argument(struct pt_regs *regs, unsigned int n)
{
	const unsigned long arguments[] = {regs->di, regs->si, regs->dx,
					   regs->cx, regs->r8, regs->r9};

	return n < 6 ? arguments[n] : 0;
}

#endif
