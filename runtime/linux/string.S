/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory functions that the compiler calls by itself, in integer registers
 * only: the vector registers belong to whoever holds kernel_fpu_begin().
 */
#include <linux/linkage.h>
#include <asm/nospec-branch.h>

	.text

.macro PLAIN_RET
	ANNOTATE_UNRET_SAFE
	ret
	int3
.endm

.macro FUNCTION name, alias
	.p2align 4
	.globl \name
	.type \name, @function
\name:
.ifnb \alias
	.globl \alias
	.type \alias, @function
\alias:
.endif
.endm

.macro END_FUNCTION name, alias
	.size \name, . - \name
.ifnb \alias
	.size \alias, . - \alias
.endif
.endm

/*
 * rax memcpy(rdi to, rsi from, rdx length). Up to 256 bytes the last ones are
 * read first and stored last, so that it also serves memmove to a lower address.
 */
FUNCTION memcpy, __memcpy
	mov %rdi, %rax
	cmp $16, %rdx
	jb .Lcopy_small
	cmp $256, %rdx
	ja 3f
	mov -16(%rsi, %rdx), %r10
	mov -8(%rsi, %rdx), %r11
	lea -16(%rdi, %rdx), %rcx
1:	cmp %rcx, %rdi
	jae 2f
	mov (%rsi), %r8
	mov 8(%rsi), %r9
	mov %r8, (%rdi)
	mov %r9, 8(%rdi)
	add $16, %rsi
	add $16, %rdi
	jmp 1b
2:	mov %r10, (%rcx)
	mov %r11, 8(%rcx)
	PLAIN_RET
3:	mov %rdx, %rcx
	rep movsb
	PLAIN_RET

	/* Everything is read before anything is stored: also right for memmove. */
.Lcopy_small:
	cmp $8, %edx
	jb 4f
	mov (%rsi), %r8
	mov -8(%rsi, %rdx), %r9
	mov %r8, (%rdi)
	mov %r9, -8(%rdi, %rdx)
	PLAIN_RET
4:	cmp $4, %edx
	jb 5f
	mov (%rsi), %r8d
	mov -4(%rsi, %rdx), %r9d
	mov %r8d, (%rdi)
	mov %r9d, -4(%rdi, %rdx)
	PLAIN_RET
5:	test %edx, %edx
	jz 6f
	mov %edx, %ecx
	shr $1, %ecx
	movzbl (%rsi), %r8d
	movzbl (%rsi, %rcx), %r9d
	movzbl -1(%rsi, %rdx), %r10d
	mov %r8b, (%rdi)
	mov %r9b, (%rdi, %rcx)
	mov %r10b, -1(%rdi, %rdx)
6:	PLAIN_RET
END_FUNCTION memcpy, __memcpy

/* rax memmove(rdi to, rsi from, rdx length): backwards only if it must be. */
FUNCTION memmove, __memmove
	mov %rdi, %rcx
	sub %rsi, %rcx
	cmp %rdx, %rcx
	jae 2f
	cmp $16, %rdx
	jae 3f
2:	jmp memcpy
3:	mov %rdi, %rax
	mov (%rsi), %r8
1:	mov -8(%rsi, %rdx), %r9
	mov %r9, -8(%rdi, %rdx)
	sub $8, %rdx
	cmp $8, %rdx
	ja 1b
	mov %r8, (%rdi)
	PLAIN_RET
END_FUNCTION memmove, __memmove

/* rax memset(rdi to, esi byte, rdx length) */
FUNCTION memset, __memset
	mov %rdi, %r9
	movzbl %sil, %eax
	mov $0x0101010101010101, %rcx
	imul %rcx, %rax
	cmp $8, %rdx
	jb 3f
	cmp $256, %rdx
	ja 5f
	lea -8(%rdi, %rdx), %rcx
1:	cmp %rcx, %rdi
	jae 2f
	mov %rax, (%rdi)
	add $8, %rdi
	jmp 1b
2:	mov %rax, (%rcx)
	mov %r9, %rax
	PLAIN_RET
3:	test %edx, %edx
	jz 4f
	mov %al, -1(%rdi, %rdx)
	dec %edx
	jmp 3b
4:	mov %r9, %rax
	PLAIN_RET
5:	mov %rdx, %rcx
	rep stosb
	mov %r9, %rax
	PLAIN_RET
END_FUNCTION memset, __memset

/* The three that asm/page_64.h chooses from by processor; rdi, may change rax and rcx. */
FUNCTION clear_page_orig, clear_page_rep
FUNCTION clear_page_erms
	mov $4096, %ecx
	xor %eax, %eax
	rep stosb
	PLAIN_RET
END_FUNCTION clear_page_erms
END_FUNCTION clear_page_orig, clear_page_rep

/* copy_page(rdi to, rsi from) */
FUNCTION copy_page
	mov $4096, %ecx
	rep movsb
	PLAIN_RET
END_FUNCTION copy_page

/*
 * Bits set in edi or rdi; callers (asm/arch_hweight.h) rely on every register
 * but rax and rdi being kept.
 */
FUNCTION __sw_hweight32
	push %rdx
	mov %edi, %edx
	shr $1, %edx
	and $0x55555555, %edx
	mov %edi, %eax
	sub %edx, %eax
	mov %eax, %edx
	shr $2, %edx
	and $0x33333333, %eax
	and $0x33333333, %edx
	add %edx, %eax
	mov %eax, %edx
	shr $4, %edx
	add %edx, %eax
	and $0x0f0f0f0f, %eax
	imul $0x01010101, %eax, %eax
	shr $24, %eax
	pop %rdx
	PLAIN_RET
END_FUNCTION __sw_hweight32

FUNCTION __sw_hweight64
	push %rdi
	call __sw_hweight32
	mov (%rsp), %rdi
	push %rax
	shr $32, %rdi
	call __sw_hweight32
	pop %rdi
	add %rdi, %rax
	pop %rdi
	PLAIN_RET
END_FUNCTION __sw_hweight64

	.section .note.GNU-stack, "", @progbits
