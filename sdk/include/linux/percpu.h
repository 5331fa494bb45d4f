/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <asm/percpu.h>
#include <linux/cache.h>
#include <linux/percpu-defs.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/types.h>

extern unsigned long __per_cpu_offset[];
DECLARE_PER_CPU(unsigned long, this_cpu_off);

#define per_cpu_offset(cpu)           (__per_cpu_offset[cpu])
#define SHIFT_PERCPU_PTR(ptr, offset) RELOC_HIDE((typeof(*(ptr)) __force *)(ptr), (offset))
#define per_cpu_ptr(ptr, cpu)         SHIFT_PERCPU_PTR((ptr), per_cpu_offset(cpu))
#define raw_cpu_ptr(ptr)              SHIFT_PERCPU_PTR((ptr), __pcpu_read(this_cpu_off))
#define this_cpu_ptr(ptr)             raw_cpu_ptr(ptr)
#define __this_cpu_ptr(ptr)           raw_cpu_ptr(ptr)
#define per_cpu(variable, cpu)        (*per_cpu_ptr(&(variable), cpu))

#define get_cpu_var(variable)                                                                      \
	(*({                                                                                       \
		preempt_disable();                                                                 \
		this_cpu_ptr(&variable);                                                           \
	}))
#define put_cpu_var(variable)                                                                      \
	do {                                                                                       \
		(void)&(variable);                                                                 \
		preempt_enable();                                                                  \
	} while (0)
#define get_cpu_ptr(variable)                                                                      \
	({                                                                                         \
		preempt_disable();                                                                 \
		this_cpu_ptr(variable);                                                            \
	})
#define put_cpu_ptr(variable)                                                                      \
	do {                                                                                       \
		(void)(variable);                                                                  \
		preempt_enable();                                                                  \
	} while (0)

#define this_cpu_read(pcp)         __pcpu_read(pcp)
#define this_cpu_write(pcp, value) __pcpu_to_op("mov", pcp, value)
#define this_cpu_add(pcp, value)   __pcpu_to_op("add", pcp, value)
#define this_cpu_sub(pcp, value)   __pcpu_to_op("sub", pcp, value)
#define this_cpu_and(pcp, value)   __pcpu_to_op("and", pcp, value)
#define this_cpu_or(pcp, value)    __pcpu_to_op("or", pcp, value)
#define this_cpu_inc(pcp)          this_cpu_add(pcp, 1)
#define this_cpu_dec(pcp)          this_cpu_sub(pcp, 1)
#define this_cpu_xchg(pcp, value)  __pcpu_exchange("xchg", pcp, value)
#define this_cpu_add_return(pcp, value)                                                            \
	({                                                                                         \
		typeof(pcp) __par_value = (value);                                                 \
		(typeof(pcp))(__pcpu_exchange("xadd", pcp, __par_value) + __par_value);            \
	})
#define this_cpu_sub_return(pcp, value) this_cpu_add_return(pcp, -(typeof(pcp))(value))
#define this_cpu_inc_return(pcp)        this_cpu_add_return(pcp, 1)
#define this_cpu_dec_return(pcp)        this_cpu_add_return(pcp, -1)
#define this_cpu_cmpxchg(pcp, old, new) __pcpu_cmpxchg(pcp, old, new)

#define __this_cpu_read                 this_cpu_read
#define __this_cpu_write                this_cpu_write
#define __this_cpu_add                  this_cpu_add
#define __this_cpu_sub                  this_cpu_sub
#define __this_cpu_inc                  this_cpu_inc
#define __this_cpu_dec                  this_cpu_dec
#define __this_cpu_add_return           this_cpu_add_return
#define __this_cpu_sub_return           this_cpu_sub_return
#define __this_cpu_inc_return           this_cpu_inc_return
#define __this_cpu_dec_return           this_cpu_dec_return
#define __this_cpu_and                  this_cpu_and
#define __this_cpu_or                   this_cpu_or
#define __this_cpu_cmpxchg              this_cpu_cmpxchg
#define __this_cpu_xchg                 this_cpu_xchg
#define raw_cpu_read                    this_cpu_read
#define raw_cpu_write                   this_cpu_write
#define raw_cpu_add                     this_cpu_add
#define raw_cpu_inc                     this_cpu_inc
#define raw_cpu_dec                     this_cpu_dec

void __percpu *__alloc_percpu(size_t size, size_t align);
void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp);
void free_percpu(void __percpu *ptr);
#define alloc_percpu(type) (typeof(type) __percpu *)__alloc_percpu(sizeof(type), __alignof__(type))
#define alloc_percpu_gfp(type, gfp)                                                                \
	(typeof(type) __percpu *)__alloc_percpu_gfp(sizeof(type), __alignof__(type), gfp)

#endif
