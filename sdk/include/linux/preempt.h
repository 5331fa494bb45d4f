/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <asm/percpu.h>
#include <linux/compiler.h>
#include <linux/percpu-defs.h>

/* The fields of the preemption count, as Linux lays them out. */
#define PREEMPT_BITS           8
#define SOFTIRQ_BITS           8
#define HARDIRQ_BITS           4
#define NMI_BITS               4
#define PREEMPT_SHIFT          0
#define SOFTIRQ_SHIFT          8
#define HARDIRQ_SHIFT          16
#define NMI_SHIFT              20
#define PREEMPT_OFFSET         (1UL << PREEMPT_SHIFT)
#define SOFTIRQ_OFFSET         (1UL << SOFTIRQ_SHIFT)
#define HARDIRQ_OFFSET         (1UL << HARDIRQ_SHIFT)
#define NMI_OFFSET             (1UL << NMI_SHIFT)
#define SOFTIRQ_DISABLE_OFFSET (2 * SOFTIRQ_OFFSET)
#define PREEMPT_MASK           0x000000ff
#define SOFTIRQ_MASK           0x0000ff00
#define HARDIRQ_MASK           0x000f0000
#define NMI_MASK               0x00f00000
#define PREEMPT_DISABLED       0
#define PREEMPT_ENABLED        0

DECLARE_PER_CPU(int, __preempt_count);

static __always_inline int preempt_count(void)
{
	return __pcpu_read(__preempt_count);
}
static __always_inline void preempt_count_set(int count)
{
	__pcpu_to_op("mov", __preempt_count, count);
}
static __always_inline void preempt_count_add(int value)
{
	__pcpu_to_op("add", __preempt_count, value);
}
static __always_inline void preempt_count_sub(int value)
{
	__pcpu_to_op("sub", __preempt_count, value);
}
#define __preempt_count_add     preempt_count_add
#define __preempt_count_sub     preempt_count_sub

#define nmi_count()             (preempt_count() & NMI_MASK)
#define hardirq_count()         (preempt_count() & HARDIRQ_MASK)
#define softirq_count()         (preempt_count() & SOFTIRQ_MASK)
#define irq_count()             (preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK))
#define in_nmi()                (nmi_count())
#define in_hardirq()            (hardirq_count())
#define in_irq()                (hardirq_count())
#define in_softirq()            (softirq_count())
#define in_serving_softirq()    (softirq_count() & SOFTIRQ_OFFSET)
#define in_interrupt()          (irq_count())
#define in_task()               (!(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)))
#define in_atomic()             (preempt_count() != 0)
#define in_atomic_preempt_off() (preempt_count() != 0)
#define preemptible()           (preempt_count() == 0 && !irqs_disabled())

/* A thread gives its CPU up only when it asks to: nothing to do when the count drops to 0. */
#define preempt_disable()                                                                          \
	do {                                                                                       \
		preempt_count_add(1);                                                              \
		barrier();                                                                         \
	} while (0)
#define preempt_enable()                                                                           \
	do {                                                                                       \
		barrier();                                                                         \
		preempt_count_sub(1);                                                              \
	} while (0)
#define preempt_disable_notrace()           preempt_disable()
#define preempt_enable_notrace()            preempt_enable()
#define preempt_enable_no_resched()         preempt_enable()
#define preempt_enable_no_resched_notrace() preempt_enable()
#define preempt_check_resched()             barrier()
#define migrate_disable()                   preempt_disable()
#define migrate_enable()                    preempt_enable()

#endif
