// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * struct pv_ops: how kernel code of a CONFIG_PARAVIRT_XXL kernel reaches the
 * processor. The interrupt flag is the vCPU page's; page table entries are
 * plain numbers; the rest are the instructions themselves, which trap here and
 * are reported by name.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/pgtable.h>
#include <linux/smp.h>
#include <asm/msr.h>
#include <asm/paravirt.h>
#include <asm/processor.h>
#include <asm/qspinlock.h>
#include "machine.h"

static __used __kprobes void take_interrupts(void)
{
	r3hc_interrupts();
}
__PV_CALLEE_SAVE_REGS_THUNK(take_interrupts, ".noinstr.text");

#define FUNCTION(name) ".globl " name "\n.type " name ", @function\n.p2align 4\n" name ":\n"
#define END(name)      ".size " name ", . - " name "\n"

/*
 * Callee-saved: save_fl may change %rax, enable and disable nothing but it.
 * The offsets are those of struct r3_vcpu_page; X86_EFLAGS_IF is bit 9.
 */
asm(".pushsection .noinstr.text, \"ax\"\n" FUNCTION(
	"r3_irq_save_fl") "	movl %gs:48, %eax\n"
			  "	shll $9, %eax\n"
			  "	" ASM_RET END("r3_irq_save_fl") FUNCTION(
				  "r3_irq_disable") "	movl $0, %gs:48\n"
						    "	" ASM_RET END("r3_irq_disable") FUNCTION(
							    "r3_irq_enable") "	movl $1, %gs:48\n"
									     "	cmpl $0, %gs:52\n"
									     "	jne 1f\n"
									     "	" ASM_RET
									     "1:	jmp "
									     "__raw_callee_save_"
									     "take_"
									     "interrupts\n" END(
										     "r3_irq_"
										     "enable")
										     FUNCTION(
											     "r3_"
											     "pv_"
											     "iden"
											     "t") "	movq %rdi, %rax\n"
												  "	" ASM_RET END("r3_pv_ident") FUNCTION(
													  "r3_pv_unlock") "	movb $0, (%rdi)\n"
															  "	" ASM_RET END("r3_pv_unlock") FUNCTION(
																  "r3_pv_false") "	xorl %eax, %eax\n"
																		 "	" ASM_RET END(
																			 "r3_pv_false") ".popsection\n");

static_assert(offsetof(struct r3_vcpu_page, irq_enabled) == 48);
static_assert(offsetof(struct r3_vcpu_page, irq_pending) == 52);
static_assert(X86_EFLAGS_IF == 1 << 9);

extern asmlinkage void r3_irq_save_fl(void), r3_irq_disable(void), r3_irq_enable(void);
extern asmlinkage void r3_pv_ident(void), r3_pv_unlock(void), r3_pv_false(void);

static void io_delay(void)
{
}

static unsigned long get_debugreg_trap(int regno)
{
	unsigned long value;

	asm volatile("mov %%db0, %0" : "=r"(value));
	return value;
}

static void set_debugreg_trap(int regno, unsigned long value)
{
	asm volatile("mov %0, %%db0" : : "r"(value));
}

static unsigned long read_cr0_trap(void)
{
	unsigned long value;

	asm volatile("mov %%cr0, %0" : "=r"(value));
	return value;
}

static void write_cr0_trap(unsigned long value)
{
	asm volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

static unsigned long read_cr3_trap(void)
{
	unsigned long value;

	asm volatile("mov %%cr3, %0" : "=r"(value));
	return value;
}

static void write_cr3_trap(unsigned long value)
{
	asm volatile("mov %0, %%cr3" : : "r"(value) : "memory");
}

static void write_cr4_trap(unsigned long value)
{
	asm volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

static void write_cr2_trap(unsigned long value)
{
	asm volatile("mov %0, %%cr2" : : "r"(value) : "memory");
}

static void wbinvd_trap(void)
{
	asm volatile("wbinvd" : : : "memory");
}

static void halt_trap(void)
{
	asm volatile("hlt" : : : "memory");
}

static void cpuid_native(unsigned int *eax, unsigned int *ebx, unsigned int *ecx, unsigned int *edx)
{
	native_cpuid(eax, ebx, ecx, edx);
}

static u64 read_msr_trap(unsigned int msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return low | (u64)high << 32;
}

static void write_msr_trap(unsigned int msr, unsigned int low, unsigned int high)
{
	asm volatile("wrmsr" : : "c"(msr), "a"(low), "d"(high) : "memory");
}

/* The safe ones report what a model-specific register that does not exist would. */
static u64 read_msr_safe(unsigned int msr, int *error)
{
	*error = -EIO;
	return 0;
}

static int write_msr_safe(unsigned int msr, unsigned int low, unsigned int high)
{
	return -EIO;
}

static u64 read_pmc_trap(int counter)
{
	u32 low, high;

	asm volatile("rdpmc" : "=a"(low), "=d"(high) : "c"(counter));
	return low | (u64)high << 32;
}

#define STORE_ENTRY(level)                                                                         \
	static void store_##level(level##_t *at, level##_t value)                                  \
	{                                                                                          \
		WRITE_ONCE(*at, value);                                                            \
	}
STORE_ENTRY(pte)
STORE_ENTRY(pmd)
STORE_ENTRY(pud)
STORE_ENTRY(p4d)
#if CONFIG_PGTABLE_LEVELS >= 5
STORE_ENTRY(pgd)
#endif

#define CALLEE_SAVED(function) ((struct paravirt_callee_save){(function)})
#define IDENTITY               CALLEE_SAVED(r3_pv_ident)

struct pv_info pv_info = {
	.name = "ring3",
#ifdef CONFIG_PARAVIRT_XXL
	.extra_user_64bit_cs = __USER_CS,
#endif
};

/* Entries that are missing here are for what only an operating system's own core does. */
struct paravirt_patch_template pv_ops = {
	.cpu.io_delay = io_delay,
	.cpu.get_debugreg = get_debugreg_trap,
	.cpu.set_debugreg = set_debugreg_trap,
	.cpu.read_cr0 = read_cr0_trap,
	.cpu.write_cr0 = write_cr0_trap,
	.cpu.write_cr4 = write_cr4_trap,
	.cpu.wbinvd = wbinvd_trap,
	.cpu.cpuid = cpuid_native,
	.cpu.read_msr = read_msr_trap,
	.cpu.write_msr = write_msr_trap,
	.cpu.read_msr_safe = read_msr_safe,
	.cpu.write_msr_safe = write_msr_safe,
	.cpu.read_pmc = read_pmc_trap,

	.irq.save_fl = CALLEE_SAVED(r3_irq_save_fl),
	.irq.irq_disable = CALLEE_SAVED(r3_irq_disable),
	.irq.irq_enable = CALLEE_SAVED(r3_irq_enable),
	.irq.safe_halt = halt_trap,
	.irq.halt = halt_trap,

	.mmu.write_cr2 = write_cr2_trap,
	.mmu.read_cr3 = read_cr3_trap,
	.mmu.write_cr3 = write_cr3_trap,
	.mmu.set_pte = store_pte,
	.mmu.set_pmd = store_pmd,
	.mmu.set_pud = store_pud,
	.mmu.set_p4d = store_p4d,
	.mmu.pte_val = IDENTITY,
	.mmu.make_pte = IDENTITY,
	.mmu.pmd_val = IDENTITY,
	.mmu.make_pmd = IDENTITY,
	.mmu.pud_val = IDENTITY,
	.mmu.make_pud = IDENTITY,
	.mmu.pgd_val = IDENTITY,
	.mmu.make_pgd = IDENTITY,
#if CONFIG_PGTABLE_LEVELS >= 5
	.mmu.p4d_val = IDENTITY,
	.mmu.make_p4d = IDENTITY,
	.mmu.set_pgd = store_pgd,
#endif

	.lock.queued_spin_lock_slowpath = native_queued_spin_lock_slowpath,
	.lock.queued_spin_unlock = CALLEE_SAVED(r3_pv_unlock),
	.lock.vcpu_is_preempted = CALLEE_SAVED(r3_pv_false),
};
