/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * int arch_copy_nofault(void *to, uint64_t from, size_t length): copies from
 * memory that may not be there. 0, or -EFAULT with part of it copied. The
 * fault handler knows the load by its label.
 */
	.text
	.globl	arch_copy_nofault
	.hidden	arch_copy_nofault
	.type	arch_copy_nofault, @function
arch_copy_nofault:
	.cfi_startproc
	movq	%rdx, %rcx
	xorl	%eax, %eax
	.globl	arch_copy_nofault_load
	.hidden	arch_copy_nofault_load
arch_copy_nofault_load:
	rep movsb
	ret
	.globl	arch_copy_nofault_fixup
	.hidden	arch_copy_nofault_fixup
arch_copy_nofault_fixup:
	movl	$-14, %eax		/* -EFAULT */
	ret
	.cfi_endproc
	.size	arch_copy_nofault, . - arch_copy_nofault

	.section .note.GNU-stack, "", @progbits
