// SPDX-License-Identifier: GPL-2.0-or-later
/* Stubs in module space through which kernel code reaches the host. */
#include <assert.h>
#include <stddef.h>
#include <cpuid.h>
#include <string.h>
#include <sys/syscall.h>
#include <asm/prctl.h>
#include <sys/auxv.h>
#include <unistd.h>
#include "arch/x86_64/arch.h"
#include "arch/x86_64/emit.h"

static_assert(offsetof(struct kernel_frame, resume_sp) == 8, "enter.S");
static_assert(offsetof(struct kernel_frame, oopsed) == 17, "enter.S");
static_assert(offsetof(struct kernel_frame, stack_arguments) == 24, "enter.S");
static_assert(offsetof(struct r3_vcpu_page, irq_pending) == 52, "arch_make_hypercall");
static_assert(offsetof(struct r3_vcpu_page, irq_defer) == 56, "arch_make_hypercall");

#ifndef HWCAP2_FSGSBASE
#define HWCAP2_FSGSBASE (1 << 1)
#endif

__attribute__((target("fsgsbase"))) static void write_gs(uint64_t base)
{
	__builtin_ia32_wrgsbase64(base);
}

void arch_set_gs(uint64_t base)
{
	if (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE)
		write_gs(base);
	else
		syscall(SYS_arch_prctl, ARCH_SET_GS, base);
}

/* The operand of %fs:offset for a thread-local variable of the static TLS block. */
static uint8_t *emit_tls(uint8_t *at, const void *variable)
{
	int32_t offset = (const char *)variable - (const char *)__builtin_thread_pointer();

	return emit(at, &offset, sizeof(offset));
}

/* May programs use xsave? Intel SDM, volume 2, CPUID leaf 1, OSXSAVE. */
static uint64_t keep_vectors(void)
{
	unsigned int a, b, c, d;

	if (__get_cpuid(1, &a, &b, &c, &d) && c & bit_OSXSAVE)
		return (uint64_t)arch_call_xsave;
	return (uint64_t)arch_call_fxsave;
}

/*
 * Host code uses vector registers as it likes; kernel code that has something
 * in them has set irq_defer (kernel_fpu_begin()), and finds it there again.
 */
static uint8_t *emit_host_call(uint8_t *at, uint64_t host_function)
{
	const uint64_t keep = keep_vectors();

	at = emit(EMIT(at, 0x48, 0xb8), &host_function, 8); /* movabs $,%rax */
	/* cmpl $0,%gs:56 (irq_defer); je over the next two */
	at = EMIT(at, 0x65, 0x83, 0x3c, 0x25, 56, 0, 0, 0, 0, 0x74, 0x0d);
	at = EMIT(at, 0x49, 0x89, 0xc2);           /* mov %rax,%r10 */
	at = emit(EMIT(at, 0x48, 0xb8), &keep, 8); /* movabs $,%rax */
	return EMIT(at, 0xff, 0xd0);               /* call *%rax */
}

/*
 * Kernel code keeps its stack 8-byte aligned and has no red zone; the host
 * wants 16. After the call, pending interrupts are taken if check is where
 * another such stub for r3hc_interrupts lies.
 */
void arch_make_hypercall(void *writable, uint64_t host_function, uint64_t check)
{
	uint8_t *at = writable;

	memset(at, 0xcc, ARCH_HYPERCALL_SIZE);
	at = EMIT(at, 0x55, 0x48, 0x89, 0xe5); /* push %rbp; mov %rsp,%rbp */
	at = emit_tls(EMIT(at, 0x64, 0xff, 0x34, 0x25), &arch_kernel_sp); /* push %fs:kernel_sp */
	at = emit_tls(EMIT(at, 0x64, 0x48, 0x89, 0x24, 0x25), &arch_kernel_sp); /* mov %rsp, */
	at = emit_tls(EMIT(at, 0x64, 0x48, 0x8b, 0x24, 0x25), &arch_host_sp);   /* mov ,%rsp */
	at = emit_host_call(at, host_function);
	at = emit_tls(EMIT(at, 0x64, 0x48, 0x8b, 0x24, 0x25), &arch_kernel_sp); /* mov ,%rsp */
	at = emit_tls(EMIT(at, 0x64, 0x8f, 0x04, 0x25), &arch_kernel_sp); /* pop %fs:kernel_sp */
	at = EMIT(at, 0x5d);                                              /* pop %rbp */
	if (check) {
		uint32_t target = check;

		/* cmpl $0,%gs:52 (irq_pending); jne over the ret */
		at = EMIT(at, 0x65, 0x83, 0x3c, 0x25, 52, 0, 0, 0, 0, 0x75, 0x01, 0xc3);
		at = EMIT(at, 0x50);                   /* push %rax */
		at = emit(EMIT(at, 0xb8), &target, 4); /* mov $check,%eax */
		at = EMIT(at, 0xff, 0xd0, 0x58);       /* call *%rax; pop %rax */
	}
	at = EMIT(at, 0xc3);
	assert(at - (uint8_t *)writable <= ARCH_HYPERCALL_SIZE);
}

#define LAZY_STUB_SIZE 16

/* The stub that all lazy ones share: save what may be an argument, ask, go on at the answer. */
void arch_make_lazy_common(void *writable, uint64_t bind)
{
	uint8_t *at = writable;
	uint32_t target = bind;

	memset(at, 0xcc, ARCH_HYPERCALL_SIZE);
	at = EMIT(at, 0x50, 0x57, 0x56, 0x52, 0x51);       /* push rax rdi rsi rdx rcx */
	at = EMIT(at, 0x41, 0x50, 0x41, 0x51, 0x41, 0x52); /* push r8 r9 r10 */
	at = EMIT(at, 0x44, 0x89, 0xdf);                   /* mov %r11d,%edi */
	at = emit(EMIT(at, 0xb8), &target, 4);             /* mov $bind,%eax */
	at = EMIT(at, 0xff, 0xd0, 0x49, 0x89, 0xc3);       /* call *%rax; mov %rax,%r11 */
	at = EMIT(at, 0x41, 0x5a, 0x41, 0x59, 0x41, 0x58); /* pop r10 r9 r8 */
	at = EMIT(at, 0x59, 0x5a, 0x5e, 0x5f, 0x58);       /* pop rcx rdx rsi rdi rax */
	EMIT(at, 0x41, 0xff, 0xe3);                        /* jmp *%r11 */
}

void arch_make_lazy(void *writable, uint64_t address, uint32_t index, uint64_t common)
{
	int32_t distance = common - (address + 11);
	uint8_t *at = writable;

	at = emit(EMIT(at, 0x41, 0xbb), &index, 4); /* mov $index,%r11d */
	at = emit(EMIT(at, 0xe9), &distance, 4);    /* jmp common */
	EMIT(at, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc);
}

/*
 * From now on the stub jumps straight to its target; one aligned store, so
 * never a torn jump. What follows the jump stays: a thread may have executed
 * the first instruction of before, and goes on with the second.
 */
void arch_bind_lazy(void *writable, uint64_t address, uint64_t target)
{
	int32_t distance = target - (address + 5);
	uint8_t bytes[8];
	uint64_t word;

	memcpy(bytes, writable, 8);
	bytes[0] = 0xe9;
	memcpy(bytes + 1, &distance, 4);
	memcpy(&word, bytes, 8);
	__atomic_store_n((uint64_t *)writable, word, __ATOMIC_RELEASE);
}

/*
 * A lazy stub found nobody: report the place of the call, which lies above
 * what arch_make_lazy_common pushed.
 */
void arch_lazy_failed(struct thread *thread, const char *message)
{
	const uint64_t *stack = (const uint64_t *)arch_kernel_sp;
	struct arch_registers registers = {
		.rbp = stack[1],
		.r10 = stack[3],
		.r9 = stack[4],
		.r8 = stack[5],
		.rcx = stack[6],
		.rdx = stack[7],
		.rsi = stack[8],
		.rdi = stack[9],
		.rax = stack[10],
		.rip = stack[11],
		.rsp = (uint64_t)&stack[12],
		.cs = 0x10,
		.ss = 0x18,
	};

	arch_report_oops(thread, &registers, message, 0, 0);
}
