/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions that compilers and Kbuild insert calls to. In a process there
 * is nothing to mitigate: a thunk is the plain branch that it stands for.
 * Thunks use every name of both releases; who does not know a name has no use
 * of it.
 */
#include <linux/linkage.h>
#include <asm/nospec-branch.h>

	.text

.macro PLAIN_RET
	ANNOTATE_UNRET_SAFE
	ret
	int3
.endm

.macro GLOBAL_FUNCTION name
	.globl \name
	.type \name, @function
	.p2align 4
\name:
.endm

.macro END_FUNCTION name
	.size \name, . - \name
.endm

/* Call sites are turned into nops when an object is loaded; those of asm stay. */
GLOBAL_FUNCTION __fentry__
	PLAIN_RET
END_FUNCTION __fentry__

.irp name, __x86_return_thunk, its_return_thunk, retbleed_return_thunk, srso_return_thunk, srso_alias_return_thunk, call_depth_return_thunk
GLOBAL_FUNCTION \name
	PLAIN_RET
END_FUNCTION \name
.endr

/* clear_bhb_loop and entry_untrain_ret fence what only a processor mode change needs. */
.irp name, clear_bhb_loop, entry_untrain_ret, entry_ibpb, srso_alias_untrain_ret
GLOBAL_FUNCTION \name
	PLAIN_RET
END_FUNCTION \name
.endr

/*
 * Thunks of one kind are 32 bytes apart in the order of register numbers:
 * patching finds the one of a register from the first (__x86_indirect_thunk_array).
 */
.macro THUNK_ARRAY prefix
	.globl \prefix\()_array
	.p2align 5
\prefix\()_array:
.irp reg, rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
	.p2align 5
	.globl \prefix\()_\reg
	.type \prefix\()_\reg, @function
\prefix\()_\reg:
	ANNOTATE_RETPOLINE_SAFE
	jmp *%\reg
	int3
	.size \prefix\()_\reg, . - \prefix\()_\reg
.endr
	.p2align 5
	.size \prefix\()_array, . - \prefix\()_array
.endm

THUNK_ARRAY __x86_indirect_thunk
THUNK_ARRAY __x86_indirect_call_thunk
THUNK_ARRAY __x86_indirect_jump_thunk
THUNK_ARRAY __x86_indirect_its_thunk

/*
 * A call through pv_ops that alternatives turned into a direct one ends here
 * if the pointer is that of "does nothing" (6.12), or of "must not happen".
 */
GLOBAL_FUNCTION nop_func
	PLAIN_RET
END_FUNCTION nop_func

GLOBAL_FUNCTION BUG_func
	ud2
	int3
END_FUNCTION BUG_func

	.section .note.GNU-stack, "", @progbits
