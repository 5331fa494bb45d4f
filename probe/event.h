/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Probes that a program has asked for with r3_probe_add(). */
#ifndef RING3_PROBE_EVENT_H
#define RING3_PROBE_EVENT_H

#include "arch/x86_64/arch.h"

/*
 * A module has come, and none of its code has run yet: plant the probes that
 * wait for it. On a thread that may sleep, holding a vCPU, without locks.
 */
void events_module_coming(struct r3_box *box, const char *module);
/*
 * The probe was hit, on a thread's host stack. address: the instruction, or the
 * function that returns; return_address: where it returns to, 0: it does not.
 */
void event_hit(struct thread *thread, unsigned long id, const struct arch_registers *registers,
	       uint64_t address, uint64_t return_address);
/* The box is freed: those that were not removed, without telling kernel code. */
void events_free(struct r3_box *box);

#endif
