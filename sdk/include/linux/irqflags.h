/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

#include <asm/vcpu.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* What was pending while interrupts were off is run as they go on. */
void __r3_run_pending_irqs(void);

static __always_inline unsigned long arch_local_save_flags(void)
{
	return __vcpu_read(VCPU_IRQ_ENABLED, unsigned int);
}
static __always_inline void arch_local_irq_disable(void)
{
	asm volatile("movl $0, " VCPU_IRQ_ENABLED : : : "memory");
}
static __always_inline void arch_local_irq_enable(void)
{
	asm volatile("movl $1, " VCPU_IRQ_ENABLED : : : "memory");
	if (unlikely(__vcpu_read(VCPU_IRQ_PENDING, unsigned int)))
		__r3_run_pending_irqs();
}
static __always_inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = arch_local_save_flags();

	arch_local_irq_disable();
	return flags;
}
static __always_inline void arch_local_irq_restore(unsigned long flags)
{
	if (flags)
		arch_local_irq_enable();
	else
		arch_local_irq_disable();
}
static __always_inline bool arch_irqs_disabled_flags(unsigned long flags)
{
	return !flags;
}

#define local_irq_enable()  arch_local_irq_enable()
#define local_irq_disable() arch_local_irq_disable()
#define local_irq_save(flags)                                                                      \
	do {                                                                                       \
		typecheck(unsigned long, flags);                                                   \
		flags = arch_local_irq_save();                                                     \
	} while (0)
#define local_irq_restore(flags)                                                                   \
	do {                                                                                       \
		typecheck(unsigned long, flags);                                                   \
		arch_local_irq_restore(flags);                                                     \
	} while (0)
#define local_save_flags(flags)    ((flags) = arch_local_save_flags())
#define raw_local_irq_disable      local_irq_disable
#define raw_local_irq_enable       local_irq_enable
#define raw_local_irq_save         local_irq_save
#define raw_local_irq_restore      local_irq_restore
#define irqs_disabled()            arch_irqs_disabled_flags(arch_local_save_flags())
#define irqs_disabled_flags(flags) arch_irqs_disabled_flags(flags)
#define raw_irqs_disabled()        irqs_disabled()

#include <linux/typecheck.h>

#endif
