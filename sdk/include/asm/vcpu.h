/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_VCPU_H
#define _ASM_VCPU_H

/*
 * The first words of this CPU's area, shared with the host: the offsets are
 * those of struct r3_vcpu_page.
 */
#define VCPU_IRQ_ENABLED "%%gs:48"
#define VCPU_IRQ_PENDING "%%gs:52"
#define VCPU_CPU         "%%gs:60"
#define VCPU_TASK        "%%gs:64"
#define VCPU_THREAD      "%%gs:72"

#define __vcpu_read(field, type)                                                                   \
	({                                                                                         \
		type __vcpu_value;                                                                 \
		asm volatile("mov " field ", %0" : "=r"(__vcpu_value));                            \
		__vcpu_value;                                                                      \
	})

#endif
