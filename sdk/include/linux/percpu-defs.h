/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_PERCPU_DEFS_H
#define _LINUX_PERCPU_DEFS_H

#include <linux/compiler.h>

#define PER_CPU_BASE_SECTION    ".data..percpu"
#define PER_CPU_ALIGNED_SECTION ""
#define DECLARE_PER_CPU_SECTION(type, name, sec)                                                   \
	extern __section(PER_CPU_BASE_SECTION sec) __typeof__(type) name
#define DEFINE_PER_CPU_SECTION(type, name, sec)                                                    \
	__section(PER_CPU_BASE_SECTION sec) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) DECLARE_PER_CPU_SECTION(type, name, "")
#define DEFINE_PER_CPU(type, name)  DEFINE_PER_CPU_SECTION(type, name, "")
#define DECLARE_PER_CPU_ALIGNED(type, name)                                                        \
	DECLARE_PER_CPU_SECTION(type, name, "") ____cacheline_aligned
#define DEFINE_PER_CPU_ALIGNED(type, name)                                                         \
	DEFINE_PER_CPU_SECTION(type, name, "") ____cacheline_aligned
#define DECLARE_PER_CPU_SHARED_ALIGNED  DECLARE_PER_CPU_ALIGNED
#define DEFINE_PER_CPU_SHARED_ALIGNED   DEFINE_PER_CPU_ALIGNED
#define DECLARE_PER_CPU_READ_MOSTLY     DECLARE_PER_CPU
#define DEFINE_PER_CPU_READ_MOSTLY      DEFINE_PER_CPU
#define EXPORT_PER_CPU_SYMBOL(name)     EXPORT_SYMBOL(name)
#define EXPORT_PER_CPU_SYMBOL_GPL(name) EXPORT_SYMBOL_GPL(name)

#endif
