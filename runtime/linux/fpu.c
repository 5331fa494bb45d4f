// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The FPU in kernel code. A thread's vector registers are its own here, and
 * kernel code is compiled without any use of them; what must not happen in
 * between is an interrupt, whose host side would use them.
 */
#include <linux/preempt.h>
#include <asm/fpu/api.h>
#include "machine.h"

#define MXCSR_START 0x1f80 /* after reset: all exceptions masked */

static void vcpu_defer(int by)
{
	asm volatile("addl %0, %%gs:%c1"
		     :
		     : "r"(by), "i"(offsetof(struct r3_vcpu_page, irq_defer))
		     : "memory", "cc");
}

bool irq_fpu_usable(void)
{
	return !vcpu_read(irq_defer);
}

void kernel_fpu_begin_mask(unsigned int kfpu_mask)
{
	unsigned int mxcsr = MXCSR_START;

	preempt_disable();
	WARN_ON_ONCE(!irq_fpu_usable());
	vcpu_defer(1);
	if (kfpu_mask & KFPU_MXCSR)
		asm volatile("ldmxcsr %0" : : "m"(mxcsr));
	if (kfpu_mask & KFPU_387)
		asm volatile("fninit");
}

void kernel_fpu_end(void)
{
	WARN_ON_ONCE(irq_fpu_usable());
	vcpu_defer(-1);
	preempt_enable();
	if (!vcpu_read(irq_defer) && vcpu_read(irq_pending) && vcpu_read(irq_enabled))
		r3hc_interrupts();
}
