/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

/* A module of Linux 2.4 is one piece: nothing of it is freed after its init. */
#include <linux/compiler.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define __init
#define __initdata
#define __initconst
#define __exit
#define __exitdata
#define __devinit
#define __devinitdata
#define __devexit
#define __devexitdata
#define __devexit_p(x) x

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME "kernel"
#endif

/* insmod finds a module's functions by the names init_module and cleanup_module. */
#define module_init(function)                                                                      \
	int init_module(void) __copy(function) __attribute__((alias(#function)));                  \
	static inline initcall_t __maybe_unused __init_module_inline(void)                         \
	{                                                                                          \
		return function;                                                                   \
	}
#define module_exit(function)                                                                      \
	void cleanup_module(void) __copy(function) __attribute__((alias(#function)));              \
	static inline exitcall_t __maybe_unused __cleanup_module_inline(void)                      \
	{                                                                                          \
		return function;                                                                   \
	}

#endif
