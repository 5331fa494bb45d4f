// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts of the box. One that hits kernel code is an involuntary
 * hypercall: the registers go on the kernel stack, the host's side calls
 * r3rt_interrupt() there, and everything is put back.
 */
#include <assert.h>
#include <stddef.h>
#include "arch/x86_64/trap.h"

static_assert(offsetof(struct interrupt_frame, registers) == 24, "interrupt.S");
static_assert(offsetof(struct arch_registers, rax) == 80, "interrupt.S");
static_assert(offsetof(struct arch_registers, rip) == 128, "interrupt.S");
static_assert(offsetof(struct arch_registers, rflags) == 144, "interrupt.S");
static_assert(offsetof(struct arch_registers, rsp) == 152, "interrupt.S");
static_assert(offsetof(struct r3_vcpu_page, irq_pending) == 52, "interrupt.S");

static struct r3_vcpu_page *page_of(const struct thread *thread)
{
	return thread->box->vcpus[thread->vcpu].page;
}

/* The runtime's preempt_count of this vCPU; NULL if it has none. */
static int *preempt_count(const struct thread *thread)
{
	const struct r3_box *box = thread->box;

	if (!box->data || !box->data->preempt_count)
		return NULL;
	return (int *)(box->space.percpu_offset[thread->vcpu] + box->data->preempt_count);
}

/*
 * An oops in an interrupt ends the interrupt; what it interrupted goes on,
 * with its own preempt_count. (Linux panics there.) The handler may have
 * scheduled, so the vCPU may be another one afterwards.
 */
static bool run_once(struct thread *thread, unsigned int bits)
{
	struct kernel_frame frame = {.outer = thread->frame, .in_interrupt = true};
	const uint64_t arguments[6] = {bits};
	uint64_t stack = arch_kernel_sp ? arch_kernel_sp : thread->stack + thread->stack_size;
	struct vcpu *vcpus = thread->box->vcpus;
	bool outer = vcpus[thread->vcpu].in_interrupt;
	int *count = preempt_count(thread), before = count ? *count : 0;

	vcpus[thread->vcpu].in_interrupt = true;
	thread->frame = &frame;
	arch_kernel_call(thread->box->entries.interrupt, arguments, stack, &frame);
	thread->frame = frame.outer;
	vcpus[thread->vcpu].in_interrupt = outer;
	count = preempt_count(thread);
	if (frame.oopsed && count)
		*count = before;
	return !frame.oopsed;
}

/* What an oops cut short, other timers for example, is taken up again so many times in a row. */
#define MAX_OOPSES 8

void arch_run_interrupts(struct thread *thread)
{
	unsigned int bits, oopses = 0;
	struct r3_vcpu_page *page;

	while (thread->box->entries.interrupt) {
		page = page_of(thread);
		if (!page->irq_enabled || page->irq_defer)
			return;
		/* As a processor does: who sees that one is taken sees interrupts disabled. */
		page->irq_enabled = 0;
		bits = __atomic_exchange_n(&page->irq_pending, 0, __ATOMIC_ACQ_REL);
		if (!bits) {
			page->irq_enabled = 1;
			return;
		}
		if (run_once(thread, bits))
			oopses = 0;
		else if (++oopses < MAX_OOPSES)
			__atomic_or_fetch(&page_of(thread)->irq_pending, bits, __ATOMIC_RELEASE);
		page_of(thread)->irq_enabled = 1;
	}
}

/* Called by interrupt.S and instead of what was interrupted. */
void arch_interrupt_taken(void);
void arch_interrupt_taken(void)
{
	arch_run_interrupts(thread_current());
}

void arch_interrupt_inject(struct thread *thread, struct arch_registers *registers)
{
	/* Kernel code has no red zone; interrupt.S needs 16 bytes below its stack. */
	uint64_t address = (registers->rsp - 128 - sizeof(struct interrupt_frame)) & ~15UL;
	struct interrupt_frame *frame = (struct interrupt_frame *)address;
	uint64_t *host = (uint64_t *)arch_host_sp;

	frame->kernel_sp = arch_kernel_sp;
	frame->rbp = registers->rbp;
	frame->marker = (uint64_t)arch_interrupt_return;
	frame->registers = *registers;
	arch_kernel_sp = address;
	*--host = (uint64_t)arch_interrupt_return;
	registers->rsp = (uint64_t)host;
	registers->rip = (uint64_t)arch_interrupt_taken;
	registers->rbp = 0;
	registers->rflags = 0x202;
}

static bool within(uint64_t address, const void *start, const void *end)
{
	return address >= (uint64_t)start && address < (uint64_t)end;
}

void arch_interrupt_complete(struct arch_registers *registers)
{
	const char *return_start = (const char *)arch_interrupt_return;
	const struct interrupt_frame *frame;
	const uint64_t *stack;

	if (!within(registers->rip, return_start, arch_interrupt_return_end))
		return;
	if (within(registers->rip, return_start, arch_interrupt_return_lea)) {
		frame = (const void *)(registers->rip < (uint64_t)arch_interrupt_return_loaded
					       ? arch_kernel_sp
					       : registers->rsp);
		arch_kernel_sp = frame->kernel_sp;
		*registers = frame->registers;
		return;
	}
	if (registers->rip == (uint64_t)arch_interrupt_return_lea)
		registers->rsp -= 16;
	stack = (const uint64_t *)registers->rsp;
	if (registers->rip != (uint64_t)arch_interrupt_return_ret)
		registers->rflags = *stack++;
	registers->rip = *stack++;
	registers->rsp = (uint64_t)stack;
}
