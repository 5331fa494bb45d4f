/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The builtin target's runtime, carried inside of libring3. IMAGE: its file. */
	.section .rodata
	.globl	r3_builtin_runtime, r3_builtin_runtime_end
	.hidden	r3_builtin_runtime, r3_builtin_runtime_end
	.balign	8
r3_builtin_runtime:
	.incbin	IMAGE
r3_builtin_runtime_end:
	.section .note.GNU-stack, "", @progbits
