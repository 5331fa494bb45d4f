/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A box without a runtime, with arch_kernel.S loaded as its one object. */
#ifndef RING3_ARCH_FIXTURE_H
#define RING3_ARCH_FIXTURE_H

#include "arch/x86_64/arch.h"

struct fixture {
	struct r3_box *box;
	struct object *object;
	struct r3_runtime_data data;
	uint64_t interrupts_stub; /* r3hc_interrupts */
	uint64_t next_stub;
	char log[65536]; /* "<level>line\n" of everything logged */
	size_t log_length;
};

struct fixture *fixture_new(unsigned int cpus);
void fixture_free(struct fixture *fixture);
void fixture_clear_log(struct fixture *fixture);
/* Where a label of arch_kernel.S lies in the box. */
uint64_t fixture_address(const struct fixture *fixture, const void *label);
#define KERNEL(fixture, label)                                                                     \
	({                                                                                         \
		extern const char label[];                                                         \
		fixture_address(fixture, label);                                                   \
	})
/* A stub through which kernel code calls a host function. */
uint64_t fixture_stub(struct fixture *fixture, void *function);
/* Call it as r3_call() would; fails the test unless it returns. */
uint64_t fixture_call(struct fixture *fixture, uint64_t function, uint64_t argument);
/* Fails the test unless it oopses. */
void fixture_oops(struct fixture *fixture, uint64_t function, uint64_t argument);
/* Is there such a line, numbers of 16 hex digits written as X? */
bool fixture_logged(const struct fixture *fixture, const char *line);

#endif
