/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking a kernel stack, for reports. */
#ifndef RING3_ARCH_UNWIND_H
#define RING3_ARCH_UNWIND_H

#include "arch/x86_64/arch.h"

/* Values of arch_registers.orig_rax: what rip is. Any fault's or interrupt's registers have -1. */
#define REGISTERS_TRAP (-1UL)
#define REGISTERS_CALL (-2UL) /* a return address; only rip, rsp and rbp are known */

/* One thing that was found on the way outwards. */
struct unwind_event {
	uint64_t address;
	bool reliable;
	const struct arch_registers *interrupted; /* code that an interrupt interrupted, or NULL */
};

void arch_unwind_events(struct thread *thread, const struct arch_registers *registers,
			int (*visit)(void *context, const struct unwind_event *event),
			void *context);
/* Is an interrupt under way, on top of other code or of nothing? */
bool arch_unwind_in_interrupt(const struct thread *thread);

#endif
