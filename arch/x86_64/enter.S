/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way into kernel code and back. Each thread has two stacks: the host's
 * own and a kernel stack. Whichever side runs, the other side's stack pointer
 * waits in a thread-local variable: arch_host_sp while kernel code runs (where
 * a hypercall goes on), arch_kernel_sp while a hypercall runs (what the kernel
 * code left; see arch_make_hypercall in enter.c).
 */
	.section .tbss, "awT", @nobits
	.globl	arch_host_sp, arch_kernel_sp
	.hidden	arch_host_sp, arch_kernel_sp
	.type	arch_host_sp, @object
	.size	arch_host_sp, 8
	.type	arch_kernel_sp, @object
	.size	arch_kernel_sp, 8
	.balign	8
arch_host_sp:
	.zero	8
arch_kernel_sp:
	.zero	8

	.text
/*
 * uint64_t arch_kernel_call(uint64_t function, const uint64_t arguments[6],
 *			     uint64_t kernel_sp, struct kernel_frame *frame)
 * frame->resume_sp is at offset 8, frame->stack_arguments at 24.
 */
	.globl	arch_kernel_call
	.hidden	arch_kernel_call
	.type	arch_kernel_call, @function
arch_kernel_call:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	arch_host_sp@gottpoff(%rip), %rax
	pushq	%fs:(%rax)
	movq	arch_kernel_sp@gottpoff(%rip), %rax
	pushq	%fs:(%rax)
	movq	%rsp, 8(%rcx)		/* frame->resume_sp */
	movq	%rsp, %r10
	andq	$-16, %rsp
	movq	arch_host_sp@gottpoff(%rip), %rax
	movq	%rsp, %fs:(%rax)
	movq	%rdx, %rsp		/* the kernel stack */
	andq	$-16, %rsp
	pushq	%r10			/* found again when the call returns */
	pushq	$0
	movq	%rsp, %rbx
	movq	24(%rcx), %r10		/* frame->stack_arguments: six words, or none */
	testq	%r10, %r10
	jz	.Lregisters
	pushq	40(%r10)
	pushq	32(%r10)
	pushq	24(%r10)
	pushq	16(%r10)
	pushq	8(%r10)
	pushq	0(%r10)
.Lregisters:
	movq	%rdi, %rax
	movq	%rsi, %r11
	movq	0(%r11), %rdi
	movq	8(%r11), %rsi
	movq	16(%r11), %rdx
	movq	24(%r11), %rcx
	movq	32(%r11), %r8
	movq	40(%r11), %r9
	xorl	%ebp, %ebp		/* ends a walk along frame pointers */
	cld
	call	*%rax
	.globl	arch_kernel_call_return
	.hidden	arch_kernel_call_return
arch_kernel_call_return:		/* where call traces end */
	movq	8(%rbx), %rsp
.Lleave:
	movq	arch_kernel_sp@gottpoff(%rip), %rcx
	popq	%fs:(%rcx)
	movq	arch_host_sp@gottpoff(%rip), %rcx
	popq	%fs:(%rcx)
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size	arch_kernel_call, . - arch_kernel_call

/* void arch_kernel_abort(struct kernel_frame *frame): as if the call had returned 0. */
	.globl	arch_kernel_abort
	.hidden	arch_kernel_abort
	.type	arch_kernel_abort, @function
arch_kernel_abort:
	movb	$1, 17(%rdi)		/* frame->oopsed */
	movq	8(%rdi), %rsp
	xorl	%eax, %eax
	jmp	.Lleave
	.size	arch_kernel_abort, . - arch_kernel_abort

/*
 * Kernel code between kernel_fpu_begin() and kernel_fpu_end() has live values
 * in x87, SSE, AVX and AVX-512 state: components 0-2 and 5-7, which lie in the
 * first 2688 bytes of the standard format (Intel SDM, volume 1, 13.5). The
 * function to call is in %r10; %r11 is free.
 */
#define COMPONENTS 0xe7
#define AREA 2688
#define HEADER 512

	.globl	arch_call_xsave
	.hidden	arch_call_xsave
	.type	arch_call_xsave, @function
arch_call_xsave:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	subq	$AREA, %rsp
	andq	$-64, %rsp
	movq	%rdx, %r11
	xorl	%edx, %edx
	movl	$COMPONENTS, %eax
	.irp	word, 0, 8, 16, 24, 32, 40, 48, 56
	movq	%rdx, HEADER+\word(%rsp)
	.endr
	xsave64	(%rsp)
	movq	%r11, %rdx
	call	*%r10
	movq	%rax, %r11
	xorl	%edx, %edx
	movl	$COMPONENTS, %eax
	xrstor64 (%rsp)
	movq	%r11, %rax
	leave
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size	arch_call_xsave, . - arch_call_xsave

/* The same on processors that have no more than SSE. */
	.globl	arch_call_fxsave
	.hidden	arch_call_fxsave
	.type	arch_call_fxsave, @function
arch_call_fxsave:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	subq	$HEADER, %rsp
	andq	$-16, %rsp
	fxsave64 (%rsp)
	call	*%r10
	fxrstor64 (%rsp)
	leave
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size	arch_call_fxsave, . - arch_call_fxsave

	.section .note.GNU-stack, "", @progbits
