/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <asm/vcpu.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/preempt.h>
#include <linux/types.h>

typedef void (*smp_call_func_t)(void *info);

#define raw_smp_processor_id() ((int)__vcpu_read(VCPU_CPU, unsigned int))
#define smp_processor_id()     raw_smp_processor_id()
#define __smp_processor_id()   raw_smp_processor_id()
#define get_cpu()                                                                                  \
	({                                                                                         \
		preempt_disable();                                                                 \
		smp_processor_id();                                                                \
	})
#define put_cpu()         preempt_enable()
#define get_boot_cpu_id() 0

/* func is called in an interrupt of the other CPU, or here with interrupts off. */
int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait);
void smp_call_function(smp_call_func_t func, void *info, int wait);
void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info,
			    bool wait);
void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);
static inline void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	on_each_cpu_mask(cpu_possible_mask, func, info, wait);
}

#endif
