/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's unwind data (Documentation/arch/x86/orc-unwinder.rst). */
#ifndef RING3_ARCH_ORC_H
#define RING3_ARCH_ORC_H

#include "arch/x86_64/arch.h"

/* Base registers, as in asm/orc_types.h. */
enum orc_base {
	ORC_REG_UNDEFINED,
	ORC_REG_PREV_SP,
	ORC_REG_DX,
	ORC_REG_DI,
	ORC_REG_BP,
	ORC_REG_SP,
	ORC_REG_R10,
	ORC_REG_R13,
	ORC_REG_BP_INDIRECT,
	ORC_REG_SP_INDIRECT,
};

/* Linux 6.4's types; those of earlier releases are translated. */
enum orc_type { ORC_UNDEFINED, ORC_END_OF_STACK, ORC_CALL, ORC_REGS, ORC_REGS_PARTIAL };

struct orc {
	uint64_t ip; /* holds from here to the next entry */
	int16_t sp_offset, bp_offset;
	uint8_t sp_base, bp_base; /* enum orc_base */
	uint8_t type;             /* enum orc_type */
	bool signal;
};

/* What holds at ip; NULL: the object has no such data. */
const struct orc *orc_find(const struct object *object, uint64_t ip);

#endif
