/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel code for the tests of arch/x86_64: copied as one block into a box's
 * module space, so that its relative tables stay right.
 */
	.section .kernel_image, "a"
	.balign 4096
	.globl	kernel_text, kernel_text_end, kernel_ex_table, kernel_ex_table_end
	.globl	kernel_bug_table, kernel_bug_table_end
	.globl	kernel_orc_ip, kernel_orc_ip_end, kernel_orc_old, kernel_orc_new
	/* the tables follow the text, one subsection each */
	.subsection 1
	.balign	8
kernel_ex_table:
	.subsection 2
	.balign	8
kernel_bug_table:
	.subsection 0
kernel_text:
	.skip 64, 0xcc			/* so that "Code:" has something to show before */

.macro FUNCTION name
	.balign 16
	.globl	\name, \name\()_end
\name:
.endm
.macro END name
\name\()_end:
.endm
.macro FIXUP insn, fixup, data
	.subsection 1
	.long	\insn - ., \fixup - ., \data
	.previous
.endm

/* uint64_t k_add(uint64_t, ... six of them) */
FUNCTION k_add
	leaq	(%rdi,%rsi), %rax
	addq	%rdx, %rax
	addq	%rcx, %rax
	addq	%r8, %rax
	addq	%r9, %rax
	ret
END k_add

FUNCTION k_null_write
	pushq	%rbp
	movq	%rsp, %rbp
	xorl	%eax, %eax
k_null_write_fault:
	movl	$1, 8(%rax)
	popq	%rbp
	ret
END k_null_write

/* calls what it is given, with a frame */
FUNCTION k_caller
	pushq	%rbp
	movq	%rsp, %rbp
	call	*%rdi
	.globl	k_caller_return
k_caller_return:
	popq	%rbp
	ret
END k_caller

FUNCTION k_outer
	pushq	%rbp
	movq	%rsp, %rbp
	call	k_caller
	.globl	k_outer_return
k_outer_return:
	addq	$1, %rax
	popq	%rbp
	ret
END k_outer

/* reads from its argument */
FUNCTION k_read
	movq	(%rdi), %rax
	ret
END k_read

FUNCTION k_divide
	xorl	%edx, %edx
	movl	$5, %eax
	xorl	%ecx, %ecx
	divl	%ecx
	ret
END k_divide

FUNCTION k_hlt
	hlt
	ret
END k_hlt
FUNCTION k_cli
	cli
	ret
END k_cli
FUNCTION k_in
	movl	$0x60, %edx
	inb	%dx, %al
	ret
END k_in
FUNCTION k_wrmsr
	xorl	%ecx, %ecx
	wrmsr
	ret
END k_wrmsr
FUNCTION k_mov_cr0
	movq	%cr0, %rax
	ret
END k_mov_cr0
FUNCTION k_stac
	stac
	ret
END k_stac
FUNCTION k_ud
	ud2
	ret
END k_ud
FUNCTION k_int3
	int3
	ret
END k_int3

FUNCTION k_recurse
	subq	$128, %rsp
	call	k_recurse
	addq	$128, %rsp
	ret
END k_recurse

/* The stack pointer itself is wild. */
FUNCTION k_lost_stack
	movabsq	$0x123456780000, %rsp
	pushq	%rax
	ret
END k_lost_stack

/* Each of these returns what its fixup leaves. rdi: the address to touch */
FUNCTION k_fix_default
	movl	$1, %eax
1:	movq	(%rdi), %rdx
	ret
2:	movl	$77, %eax
	ret
	FIXUP	1b, 2b, 1
END k_fix_default
FUNCTION k_fix_clear
	movl	$1, %eax
	movl	$1, %edx
1:	movq	(%rdi), %rcx
2:	addq	%rdx, %rax
	ret
	FIXUP	1b, 2b, (1 + (3 << 12))
END k_fix_clear
FUNCTION k_fix_fault
1:	movq	(%rdi), %rdx
2:	ret
	FIXUP	1b, 2b, 2
END k_fix_fault
/* reg r9 := -EFAULT */
FUNCTION k_fix_efault
	xorl	%r9d, %r9d
1:	movq	(%rdi), %rdx
2:	movq	%r9, %rax
	ret
	FIXUP	1b, 2b, (17 + (9 << 8) + (-14 << 16))
END k_fix_efault
/* pops the word pushed, rbx := 5 */
FUNCTION k_fix_pop
	pushq	%rbx
	pushq	%rdi
1:	movq	(%rdi), %rdx
2:	movq	%rbx, %rax
	popq	%rbx
	ret
	FIXUP	1b, 2b, (16 + (3 << 8) + (5 << 16))
END k_fix_pop
/* rcx := rdx + 8 * rcx: 3 words and 2 bytes were left */
FUNCTION k_fix_ucopy
	movl	$3, %ecx
	movl	$2, %edx
1:	movq	(%rdi), %rsi
2:	movq	%rcx, %rax
	ret
	FIXUP	1b, 2b, (19 + (2 << 8) + (8 << 16))
END k_fix_ucopy
FUNCTION k_fix_zeropad
	movq	$-1, %r11
1:	movq	(%rdi), %r11
2:	movq	%r11, %rax
	ret
	FIXUP	1b, 2b, 20
END k_fix_zeropad
/* rdmsr_safe: eax = edx = 0, r8 = -EIO */
FUNCTION k_fix_rdmsr
	movl	$1, %eax
	xorl	%r8d, %r8d
	movl	$0x10, %ecx
1:	rdmsr
2:	addq	%r8, %rax
	ret
	FIXUP	1b, 2b, (11 + (8 << 8))
END k_fix_rdmsr
/* an unknown type is no fixup */
FUNCTION k_fix_bpf
1:	movq	(%rdi), %rdx
2:	ret
	FIXUP	1b, 2b, 7
END k_fix_bpf

.macro BUG file, flags
9:	ud2
	.subsection 2
	.long	9b - .
	.long	\file - .
	.word	4242
	.word	\flags
	.previous
.endm
FUNCTION k_warn
	BUG	warn_file, 0x901
	movl	$9, %eax
	ret
END k_warn
FUNCTION k_warn_once
	BUG	warn_file, 0x903
	movl	$10, %eax
	ret
END k_warn_once
FUNCTION k_warn_no_cut
	BUG	warn_file, 0x909
	ret
END k_warn_no_cut
FUNCTION k_bug
	BUG	warn_file, 0
END k_bug
FUNCTION k_bug_no_file
	BUG	(. - 0x10000000), 0
END k_bug_no_file
warn_file:
	.asciz	"drivers/misc/test.c"

/* No frame pointer: unwind data alone can tell. */
FUNCTION k_orc_caller
	subq	$40, %rsp
	call	*%rdi
	.globl	k_orc_caller_return
k_orc_caller_return:
	addq	$40, %rsp
	ret
END k_orc_caller

FUNCTION k_guess
	pushq	%rbp
	movq	%rsp, %rbp
	leaq	k_divide(%rip), %rdi
	call	k_orc_caller
	popq	%rbp
	ret
END k_guess

/*
 * k_soak(struct soak *): load every register, check that nothing changed
 * them, make a hypercall, if it is given one, until told to stop. See
 * arch_interrupt_test.c.
 */
	.set SOAK_STOP, 0
	.set SOAK_ERRORS, 8
	.set SOAK_HYPERCALL, 16
	.set SOAK_LOOPS, 24
	.set SOAK_STACK, 32
FUNCTION k_soak
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, SOAK_STACK(%rdi)
1:	pushq	$0x5a5a
	movl	$0x101, %eax
	movl	$0x102, %ebx
	movl	$0x103, %ecx
	movl	$0x104, %edx
	movl	$0x105, %esi
	movl	$0x106, %ebp
	movl	$0x108, %r8d
	movl	$0x109, %r9d
	movl	$0x10a, %r10d
	movl	$0x10b, %r11d
	movl	$0x10c, %r12d
	movl	$0x10d, %r13d
	movl	$0x10e, %r14d
	movl	$0x10f, %r15d
	stc
	nop
	nop
	nop
	jnc	8f
	std
	nop
	nop
	pushfq
	cld
	popq	%rsi
	testq	$0x400, %rsi
	jz	8f
.macro CHECK value, register
	cmpq	$\value, %\register
	jne	8f
.endm
	CHECK	0x101, rax
	CHECK	0x102, rbx
	CHECK	0x103, rcx
	CHECK	0x104, rdx
	CHECK	0x106, rbp
	CHECK	0x108, r8
	CHECK	0x109, r9
	CHECK	0x10a, r10
	CHECK	0x10b, r11
	CHECK	0x10c, r12
	CHECK	0x10d, r13
	CHECK	0x10e, r14
	CHECK	0x10f, r15
	popq	%rax
	CHECK	0x5a5a, rax
	incq	SOAK_LOOPS(%rdi)
	testq	$15, SOAK_LOOPS(%rdi)
	jnz	2f
	cmpq	$0, SOAK_HYPERCALL(%rdi)
	je	2f
	movq	%rdi, %rbx
	call	*SOAK_HYPERCALL(%rdi)
	CHECK	0xabc, rax
	movq	%rbx, %rdi
2:	cmpq	$0, SOAK_STOP(%rdi)
	je	1b
	jmp	9f
8:	incq	SOAK_ERRORS(%rdi)
	movq	SOAK_STACK(%rdi), %rsp
9:
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
END k_soak

/*
 * The interrupt: %gs:0 points to { count, errors, bits, hypercall }. It spoils
 * what a function may spoil.
 */
FUNCTION k_interrupt
	pushq	%rbx
	movq	%gs:0, %rbx
	lock incq (%rbx)
	movl	%edi, %edi
	lock orq %rdi, 16(%rbx)
	cmpl	$0, %gs:48
	je	1f
	lock incq 8(%rbx)
1:	call	*24(%rbx)
	popq	%rbx
	xorl	%ecx, %ecx
	movl	$-1, %edx
	movq	%rdx, %rsi
	movq	%rdx, %rdi
	movq	%rdx, %r8
	movq	%rdx, %r9
	movq	%rdx, %r10
	movq	%rdx, %r11
	ret
END k_interrupt

FUNCTION k_interrupt_null
	movq	%gs:0, %rbx
	lock incq (%rbx)
	xorl	%eax, %eax
	movq	(%rax), %rax
	ret
END k_interrupt_null

/* Never ends by itself; nothing in it asks for interrupts. */
FUNCTION k_forever
	pushq	%rbp
	movq	%rsp, %rbp
1:	pause
	jmp	1b
END k_forever
/* Ends when *rdi is not zero. */
FUNCTION k_wait
	pushq	%rbp
	movq	%rsp, %rbp
1:	pause
	cmpq	$0, (%rdi)
	je	1b
	movl	$3, %eax
	popq	%rbp
	ret
END k_wait

/* Runs a five-byte instruction that the test keeps replacing; adds up what it loads. */
FUNCTION k_poked
	xorl	%edx, %edx
1:	cmpq	$0, (%rdi)
	jne	2f
	jmp	k_poked_site
	.balign 8
	.skip	6, 0x90
	.globl	k_poked_site
k_poked_site:
	movl	$1, %eax
	cmpl	$1, %eax
	je	1b
	cmpl	$0x01010101, %eax
	je	1b
	movl	$1, %edx
2:	movl	%edx, %eax
	ret
END k_poked
kernel_text_end:


	.subsection 1
kernel_ex_table_end:
	.subsection 2
kernel_bug_table_end:

/*
 * Unwind data as objtool writes it, for k_orc_caller and k_divide, out of order
 * as in an object of several sections, and in the form of 6.1 and of 6.12.
 */
	.subsection 3
	.balign	8
kernel_orc_ip:
	.long	k_orc_caller - .
	.long	k_orc_caller + 4 - .
	.long	k_orc_caller_end - 1 - .
	.long	k_orc_caller_end - .
	.long	k_divide_end - .
	.long	k_divide - .
kernel_orc_ip_end:
.macro ORC offset, bits
	.short	\offset, 0, \bits
.endm
	.subsection 4
	.balign	8
kernel_orc_old:				/* sp_reg:4 bp_reg:4 type:2 end:1 */
	ORC	8, 0x005
	ORC	48, 0x005
	ORC	8, 0x005
	ORC	0, 0x000
	ORC	0, 0x000
	ORC	8, 0x005
	.balign	8
kernel_orc_new:				/* sp_reg:4 bp_reg:4 type:3 signal:1 */
	ORC	8, 0x205
	ORC	48, 0x205
	ORC	8, 0x205
	ORC	0, 0x000
	ORC	0, 0x000
	ORC	8, 0x205
	.globl	kernel_image_end
	.subsection 5
kernel_image_end:
	.section .note.GNU-stack, "", @progbits
