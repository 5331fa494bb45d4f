// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The FPU in kernel code. A thread's vector registers are its own here, and
 * kernel code is compiled without any use of them; what must not happen in
 * between is an interrupt, whose host side would use them.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <asm/cpufeature.h>
#include <asm/fpu/api.h>
#include <asm/fpu/types.h>
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

/* ---- what the processor and the host's kernel keep of it ---- */

/* Names as modules' messages show them; the last stands for all that come after. */
static const char *const feature_names[] = {
	"x87 floating point registers",
	"SSE registers",
	"AVX registers",
	"MPX bounds registers",
	"MPX CSR",
	"AVX-512 opmask",
	"AVX-512 Hi256",
	"AVX-512 ZMM_Hi256",
	"Processor Trace (unused)",
	"Protection Keys User registers",
	"PASID state",
	"unknown xstate feature",
};

/* XCR0: what the host saves for a thread. */
static u64 enabled_features(void)
{
	u32 low, high;

	if (!boot_cpu_has(X86_FEATURE_OSXSAVE))
		return XFEATURE_MASK_FPSSE;
	asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (u64)high << 32 | low;
}

/* Of those that are missing, the name tells the most advanced. */
int cpu_has_xfeatures(u64 xfeatures_needed, const char **feature_name)
{
	u64 missing = xfeatures_needed & ~enabled_features();
	int last = fls64(missing ? missing : xfeatures_needed) - 1;

	if (feature_name)
		*feature_name = feature_names[clamp_t(int, last, 0, ARRAY_SIZE(feature_names) - 1)];
	return !missing;
}
EXPORT_SYMBOL_GPL(cpu_has_xfeatures);
