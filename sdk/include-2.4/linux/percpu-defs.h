/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _RING3_24_PERCPU_DEFS_H
#define _RING3_24_PERCPU_DEFS_H

/* insmod of Linux 2.4 gives a module one copy of its data: per-CPU variables are allocated. */
#include_next <linux/percpu-defs.h>

#undef DEFINE_PER_CPU_SECTION
#define DEFINE_PER_CPU_SECTION(type, name, sec)                                                    \
	__typeof__(type) name __aligned(sizeof(struct {                                            \
		long nothing;                                                                      \
		_Static_assert(0, "a module of the 2.4 scheme has no per-CPU section: use "        \
				  "alloc_percpu()");                                               \
	}))

#endif
