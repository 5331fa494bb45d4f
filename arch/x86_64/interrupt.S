/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way back from an interrupt. arch_interrupt_inject() has put a struct
 * interrupt_frame on the kernel stack, where arch_kernel_sp points, and made
 * the thread call arch_interrupt_taken() on its host stack, to return to here.
 *
 * A kick that hits these lines must not be lost: the signal handler
 * (arch_interrupt_complete) does the rest of them itself, and then interrupts
 * the code that they return to. So their order and labels are its business too.
 */
#define FRAME_REGISTERS 24
#define RAX (FRAME_REGISTERS + 80)
#define RIP (FRAME_REGISTERS + 128)
#define RFLAGS (FRAME_REGISTERS + 144)
#define RSP (FRAME_REGISTERS + 152)
/* struct r3_vcpu_page */
#define IRQ_ENABLED 48
#define IRQ_PENDING 52
#define IRQ_DEFER 56

	.text
.Lagain:
	call	arch_interrupt_taken
	.globl	arch_interrupt_return
	.hidden	arch_interrupt_return
	.hidden	arch_interrupt_return
	.type	arch_interrupt_return, @function
arch_interrupt_return:
	.cfi_startproc
	.cfi_undefined %rip
	cmpl	$0, %gs:IRQ_PENDING
	je	.Lreturn
	cmpl	$0, %gs:IRQ_ENABLED
	je	.Lreturn
	cmpl	$0, %gs:IRQ_DEFER
	je	.Lagain
.Lreturn:
	movq	arch_kernel_sp@gottpoff(%rip), %rax
	movq	%fs:(%rax), %rsp
	.globl	arch_interrupt_return_loaded
	.hidden	arch_interrupt_return_loaded
	.hidden	arch_interrupt_return_loaded
arch_interrupt_return_loaded:		/* from here %rsp is the frame's address */
	movq	0(%rsp), %rcx
	movq	%rcx, %fs:(%rax)
	/* flags and rip go right below what the interrupted code has on its stack */
	movq	RSP(%rsp), %rax
	movq	RIP(%rsp), %rcx
	movq	%rcx, -8(%rax)
	movq	RFLAGS(%rsp), %rcx
	movq	%rcx, -16(%rax)
	movq	FRAME_REGISTERS+0(%rsp), %r15
	movq	FRAME_REGISTERS+8(%rsp), %r14
	movq	FRAME_REGISTERS+16(%rsp), %r13
	movq	FRAME_REGISTERS+24(%rsp), %r12
	movq	FRAME_REGISTERS+32(%rsp), %rbp
	movq	FRAME_REGISTERS+40(%rsp), %rbx
	movq	FRAME_REGISTERS+48(%rsp), %r11
	movq	FRAME_REGISTERS+56(%rsp), %r10
	movq	FRAME_REGISTERS+64(%rsp), %r9
	movq	FRAME_REGISTERS+72(%rsp), %r8
	movq	FRAME_REGISTERS+80(%rsp), %rax
	movq	FRAME_REGISTERS+88(%rsp), %rcx
	movq	FRAME_REGISTERS+96(%rsp), %rdx
	movq	FRAME_REGISTERS+104(%rsp), %rsi
	movq	FRAME_REGISTERS+112(%rsp), %rdi
	movq	RSP(%rsp), %rsp
	.globl	arch_interrupt_return_lea
	.hidden	arch_interrupt_return_lea
	.hidden	arch_interrupt_return_lea
arch_interrupt_return_lea:		/* from here all but %rsp, flags and rip are back */
	leaq	-16(%rsp), %rsp
	.globl	arch_interrupt_return_popf
	.hidden	arch_interrupt_return_popf
	.hidden	arch_interrupt_return_popf
arch_interrupt_return_popf:
	popfq
	.globl	arch_interrupt_return_ret
	.hidden	arch_interrupt_return_ret
	.hidden	arch_interrupt_return_ret
arch_interrupt_return_ret:
	ret
	.globl	arch_interrupt_return_end
	.hidden	arch_interrupt_return_end
	.hidden	arch_interrupt_return_end
arch_interrupt_return_end:
	.cfi_endproc
	.size	arch_interrupt_return, . - arch_interrupt_return

	.section .note.GNU-stack, "", @progbits
