/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How relocations are computed. Needs no box: the tools of the 2.4 scheme link by it, too. */
#ifndef RING3_ARCH_RELOCATION_H
#define RING3_ARCH_RELOCATION_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Linux's types; see psABI x86-64, table 4.9. writable: where to store; address: where it will run.
 * -EEXIST: the place is not zero; -ERANGE: the value does not fit; -EFAULT: the place goes beyond
 * size_left; -EINVAL: unknown type.
 */
int arch_relocate(unsigned int type, void *writable, uint64_t address, uint64_t value,
		  uint64_t size_left, bool check_zero);
const char *arch_relocation_name(unsigned int type);

#endif
