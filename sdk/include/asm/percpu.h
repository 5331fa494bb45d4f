/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_PERCPU_H
#define _ASM_PERCPU_H

#include <linux/compiler.h>
#include <linux/stringify.h>

/*
 * GS base + link address is this CPU's copy. Single instructions, so that an
 * interrupt or a move to another CPU cannot come in between.
 */
#define __gs_arg(n) "%%gs:%" #n
#define __pcpu_size_call(variable, b, w, l, q)                                                     \
	do {                                                                                       \
		switch (sizeof(variable)) {                                                        \
		case 1:                                                                            \
			b;                                                                         \
			break;                                                                     \
		case 2:                                                                            \
			w;                                                                         \
			break;                                                                     \
		case 4:                                                                            \
			l;                                                                         \
			break;                                                                     \
		default:                                                                           \
			q;                                                                         \
			break;                                                                     \
		}                                                                                  \
	} while (0)
#define __pcpu_op(op, variable, value, constraint)                                                 \
	asm volatile(op " %1, " __gs_arg(0) : "+m"(variable) : constraint(value) : "cc", "memory")
#define __pcpu_to_op(op, variable, value)                                                          \
	do {                                                                                       \
		unsigned long __pto_value = (unsigned long)(value);                                \
		__pcpu_size_call(variable,                                                         \
				 __pcpu_op(op "b", variable, (unsigned char)__pto_value, "qi"),    \
				 __pcpu_op(op "w", variable, (unsigned short)__pto_value, "ri"),   \
				 __pcpu_op(op "l", variable, (unsigned int)__pto_value, "ri"),     \
				 __pcpu_op(op "q", variable, __pto_value, "re"));                  \
	} while (0)
#define __pcpu_load(insn, variable, type, constraint)                                              \
	({                                                                                         \
		type __pl_value;                                                                   \
		asm volatile(insn " " __gs_arg(1) ", %0"                                           \
			     : constraint(__pl_value)                                              \
			     : "m"(variable));                                                     \
		__pl_value;                                                                        \
	})
#define __pcpu_read(variable)                                                                      \
	({                                                                                         \
		unsigned long __pr_value = 0;                                                      \
		__pcpu_size_call(variable,                                                         \
				 __pr_value = __pcpu_load("movb", variable, unsigned char, "=q"),  \
				 __pr_value = __pcpu_load("movw", variable, unsigned short, "=r"), \
				 __pr_value = __pcpu_load("movl", variable, unsigned int, "=r"),   \
				 __pr_value = __pcpu_load("movq", variable, unsigned long, "=r")); \
		(typeof(variable))__pr_value;                                                      \
	})
#define __pcpu_exchange_op(insn, variable, value, type)                                            \
	({                                                                                         \
		type __pe_value = (type)(value);                                                   \
		asm volatile(insn " %0, " __gs_arg(1)                                              \
			     : "+q"(__pe_value), "+m"(variable)                                    \
			     :                                                                     \
			     : "cc", "memory");                                                    \
		(unsigned long)__pe_value;                                                         \
	})
/* The old value, for xadd and xchg. */
#define __pcpu_exchange(op, variable, value)                                                       \
	({                                                                                         \
		unsigned long __px_old = 0, __px_new = (unsigned long)(value);                     \
		__pcpu_size_call(                                                                  \
			variable,                                                                  \
			__px_old = __pcpu_exchange_op(op "b", variable, __px_new, unsigned char),  \
			__px_old = __pcpu_exchange_op(op "w", variable, __px_new, unsigned short), \
			__px_old = __pcpu_exchange_op(op "l", variable, __px_new, unsigned int),   \
			__px_old = __pcpu_exchange_op(op "q", variable, __px_new, unsigned long)); \
		(typeof(variable))__px_old;                                                        \
	})
#define __pcpu_cmpxchg(variable, old, new)                                                         \
	({                                                                                         \
		typeof(variable) __pc_old = (old), __pc_new = (new);                               \
		asm volatile("cmpxchg %2, " __gs_arg(1)                                            \
			     : "+a"(__pc_old), "+m"(variable)                                      \
			     : "q"(__pc_new)                                                       \
			     : "cc", "memory");                                                    \
		__pc_old;                                                                          \
	})

#endif
