/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access to user memory. The address comes from a client, and everything of
 * the box shares its address space: whatever is outside of
 * [r3_user_base, r3_user_base + r3_user_size) is refused as Linux refuses a
 * kernel address. Faults inside go on at the fix-up of __ex_table.
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include <asm/errno.h>
#include <asm/nospec-branch.h>

	.text

.macro PLAIN_RET
	ANNOTATE_UNRET_SAFE
	ret
	int3
.endm

.macro FUNCTION name
	.p2align 4
	.globl \name
	.type \name, @function
\name:
.endm

.macro END_FUNCTION name
	.size \name, . - \name
.endm

/* Is size bytes at address user memory? Goes to bad if not. scratch is lost. */
.macro CHECK address scratch size bad
	mov \address, \scratch
	sub r3_user_base(%rip), \scratch
	jb \bad
	add $\size, \scratch
	cmp r3_user_size(%rip), \scratch
	ja \bad
.endm

/* eax error, rdx value (0 if it failed) get_user(rax address) */
.macro GET size load
FUNCTION __get_user_nocheck_\size
FUNCTION __get_user_\size
	CHECK %rax %rdx \size .Lget_bad
1:	\load
	xor %eax, %eax
	PLAIN_RET
	_ASM_EXTABLE_UA(1b, .Lget_bad)
END_FUNCTION __get_user_\size
END_FUNCTION __get_user_nocheck_\size
.endm

GET 1 "movzbl (%rax), %edx"
GET 2 "movzwl (%rax), %edx"
GET 4 "movl (%rax), %edx"
GET 8 "movq (%rax), %rdx"

.Lget_bad:
	xor %edx, %edx
	mov $(-EFAULT), %rax
	PLAIN_RET

/* ecx error put_user(rcx address, rax value); rbx may change */
.macro PUT size store
FUNCTION __put_user_nocheck_\size
FUNCTION __put_user_\size
	CHECK %rcx %rbx \size .Lput_bad
1:	\store
	xor %ecx, %ecx
	PLAIN_RET
	_ASM_EXTABLE_UA(1b, .Lput_bad)
END_FUNCTION __put_user_\size
END_FUNCTION __put_user_nocheck_\size
.endm

PUT 1 "movb %al, (%rcx)"
PUT 2 "movw %ax, (%rcx)"
PUT 4 "movl %eax, (%rcx)"
PUT 8 "movq %rax, (%rcx)"

.Lput_bad:
	mov $(-EFAULT), %ecx
	PLAIN_RET

/*
 * eax bytes not copied (rdi to, rsi from, edx length), Linux 6.1: called from
 * inline asm that allows for rax, rcx, rdi, rsi, rdx, r8 to r11 to change. One
 * side is the user's, which one only the caller knows: no range is checked.
 */
FUNCTION copy_user_generic_unrolled
FUNCTION copy_user_generic_string
FUNCTION copy_user_enhanced_fast_string
	mov %edx, %ecx
1:	rep movsb
2:	mov %ecx, %eax
	PLAIN_RET
	_ASM_EXTABLE_UA(1b, 2b)
END_FUNCTION copy_user_enhanced_fast_string
END_FUNCTION copy_user_generic_string
END_FUNCTION copy_user_generic_unrolled

/* rcx bytes not copied (rdi to, rsi from, rcx length), 6.12: only rax may change besides. */
FUNCTION rep_movs_alternative
1:	rep movsb
2:	PLAIN_RET
	_ASM_EXTABLE_UA(1b, 2b)
END_FUNCTION rep_movs_alternative

/* rcx bytes not cleared (rdi to, rcx length, rax zero) */
FUNCTION clear_user_original
FUNCTION clear_user_rep_good
FUNCTION clear_user_erms
FUNCTION rep_stos_alternative
1:	rep stosb
2:	PLAIN_RET
	_ASM_EXTABLE_UA(1b, 2b)
END_FUNCTION rep_stos_alternative
END_FUNCTION clear_user_erms
END_FUNCTION clear_user_rep_good
END_FUNCTION clear_user_original

/*
 * rax bytes not copied, r3_copy_faulting(rdi to, rsi from, rdx length), and the
 * ones that would bypass the cache; 6.1's takes 32 bits of length.
 */
FUNCTION __copy_user_nocache
	mov %edx, %edx
	jmp r3_copy_faulting
END_FUNCTION __copy_user_nocache

FUNCTION copy_to_nontemporal
FUNCTION r3_copy_faulting
	mov %rdx, %rcx
1:	rep movsb
2:	mov %rcx, %rax
	PLAIN_RET
	_ASM_EXTABLE_UA(1b, 2b)
END_FUNCTION r3_copy_faulting
END_FUNCTION copy_to_nontemporal

/* rax bytes not cleared, r3_clear_faulting(rdi to, rsi length) */
FUNCTION r3_clear_faulting
	mov %rsi, %rcx
	xor %eax, %eax
1:	rep stosb
2:	mov %rcx, %rax
	PLAIN_RET
	_ASM_EXTABLE_UA(1b, 2b)
END_FUNCTION r3_clear_faulting

	.section .note.GNU-stack, "", @progbits
