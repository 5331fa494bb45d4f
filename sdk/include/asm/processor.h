/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

#include <linux/compiler.h>

static __always_inline void rep_nop(void)
{
	asm volatile("pause" : : : "memory");
}
#define cpu_relax() rep_nop()

#endif
