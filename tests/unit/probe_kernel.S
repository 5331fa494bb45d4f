/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel code for probe_test.c: one function for each form of instruction that
 * is probed, and one that runs them. Copied as one block into a box's module
 * space.
 */
	.section .probe_image, "aw"
	.balign 4096
	.globl	probe_image, probe_image_end, probe_forms, probe_forms_end
	.globl	probe_ex_table, probe_ex_table_end
	.globl	probe_jump_table, probe_jump_table_end
probe_image:
	.skip	64, 0xcc

.macro FUNCTION name
	.balign	16
	.globl	\name, \name\()_end
\name:
.endm
.macro NOPS count
	.rept	\count
	nop
	.endr
.endm
.macro END name
\name\()_end:
.endm

#define IRQ_DEFER 56

/* void p_run(struct state *state): load its registers, call its function, store them. */
FUNCTION p_run
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi
	leaq	1f(%rip), %rax
	pushq	%rax
	pushq	136(%rdi)		/* function */
	pushq	128(%rdi)		/* flags */
	movq	0(%rdi), %rax
	movq	8(%rdi), %rcx
	movq	16(%rdi), %rdx
	movq	24(%rdi), %rbx
	movq	40(%rdi), %rbp
	movq	48(%rdi), %rsi
	movq	64(%rdi), %r8
	movq	72(%rdi), %r9
	movq	80(%rdi), %r10
	movq	88(%rdi), %r11
	movq	96(%rdi), %r12
	movq	104(%rdi), %r13
	movq	112(%rdi), %r14
	movq	120(%rdi), %r15
	movq	56(%rdi), %rdi
	popfq
	ret
1:	pushfq
	pushq	%rdi
	movq	16(%rsp), %rdi
	movq	%rax, 0(%rdi)
	movq	%rcx, 8(%rdi)
	movq	%rdx, 16(%rdi)
	movq	%rbx, 24(%rdi)
	movq	%rsp, 32(%rdi)
	movq	%rbp, 40(%rdi)
	movq	%rsi, 48(%rdi)
	popq	56(%rdi)
	movq	%r8, 64(%rdi)
	movq	%r9, 72(%rdi)
	movq	%r10, 80(%rdi)
	movq	%r11, 88(%rdi)
	movq	%r12, 96(%rdi)
	movq	%r13, 104(%rdi)
	movq	%r14, 112(%rdi)
	movq	%r15, 120(%rdi)
	popq	128(%rdi)
	cld
	popq	%rdi
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
END p_run

/* int p_count(uint64_t *hits, ...): for r3rt_probe_hit() and r3rt_probe_post() */
FUNCTION p_count
	lock incq (%rdi)
	xorl	%eax, %eax
	ret
END p_count

/* void p_loop(struct loop { stop, loops, errors, function } *): call it until told to stop */
FUNCTION p_loop
	pushq	%rbp
	pushq	%rbx
	movq	%rdi, %rbx
1:	movl	$5, %edi
	movl	$6, %esi
	movl	$0x1234, %ebp
	call	*24(%rbx)
	cmpl	$20, %eax
	jne	2f
	cmpl	$0x1234, %ebp
	je	3f
2:	incq	16(%rbx)
3:	incq	8(%rbx)
	cmpq	$0, (%rbx)
	je	1b
	popq	%rbx
	popq	%rbp
	ret
END p_loop

FUNCTION p_work
	leal	2(%rdi), %eax
	.globl	p_work_second
p_work_second:
	addl	%esi, %eax
	.globl	p_work_third
p_work_third:
	addl	probe_data+16(%rip), %eax
	ret
END p_work

FUNCTION p_nothing
	ret
END p_nothing

	.balign	64
	.globl	probe_data
probe_data:				/* what the forms read */
	.quad	0x1122334455667788, 0x99aabbccddeeff00, 7, 9, 1, 2, 3, 4

/*
 * A form: what comes before the probed instruction, which begins at name_at,
 * and after it. post: where it goes on. The table's entries are distances from
 * the image's beginning, and a name.
 */
.macro FORM name, post=
	.balign	16
	.pushsection .probe_table, "aw"
	.quad	f_\name - probe_image, at_\name - probe_image
	.ifb \post
	.quad	next_\name - probe_image
	.else
	.quad	\post - probe_image
	.endif
	.quad	end_\name - probe_image
	.quad	9f
	.pushsection .rodata
9:	.asciz	"\name"
	.popsection
	.popsection
f_\name:
.endm
.macro AT name
at_\name:
.endm
.macro NEXT name
next_\name:
.endm
.macro DONE name
end_\name:
.endm
/* the usual form: an instruction, some room for a jump, and the way back */
.macro SIMPLE name, code:vararg
	FORM	\name
	AT	\name
	\code
	NEXT	\name
	NOPS	5
	ret
	DONE	\name
.endm

	.pushsection .probe_table, "aw"
probe_forms:
	.popsection

	SIMPLE	nop, nop
	SIMPLE	nopw, nopw 0x1234(%rax,%rax)
	SIMPLE	mov_registers, movq %rsi, %rax
	SIMPLE	mov_byte, movb %sil, %r9b
	SIMPLE	movabs, movabsq $0x1122334455667788, %r10
	SIMPLE	add_flags, addq %rsi, %rax
	SIMPLE	adc_reads_carry, adcq %rsi, %rax
	SIMPLE	sub_overflows, subb $0x7f, %al
	SIMPLE	inc_keeps_carry, incl %ecx
	SIMPLE	xor_zero, xorl %eax, %eax
	SIMPLE	shifts, shlq %cl, %rdx
	SIMPLE	multiply, mulq %rsi
	SIMPLE	setcc, setg %al
	SIMPLE	cmov, cmovcq %rsi, %rax
	SIMPLE	lahf, lahf
	SIMPLE	sahf, sahf
	SIMPLE	std, std
	SIMPLE	stc, stc
	SIMPLE	load, movq (%rdi), %rax
	SIMPLE	store, movl %esi, 8(%rdi)
	SIMPLE	load_index, movq 8(%rdi,%r8,4), %rax
	SIMPLE	lock_add, lock addq %rsi, (%rdi)
	SIMPLE	exchange, xchgq %rax, (%rdi)
	SIMPLE	compare_exchange, lock cmpxchgq %rsi, (%rdi)
	SIMPLE	segment, movl %gs:60, %eax
	SIMPLE	rip_load, movq probe_data(%rip), %rax
	SIMPLE	rip_lea, leaq probe_data(%rip), %rax
	SIMPLE	rip_immediate, cmpl $0x12345678, probe_data+4(%rip)
	SIMPLE	rip_byte_immediate, testb $0x80, probe_data(%rip)
	SIMPLE	rip_sse, cvtsi2sdl probe_data+16(%rip), %xmm0
	SIMPLE	movsx, movslq %esi, %rax
	SIMPLE	bit_test, btsq %rcx, %rax
	SIMPLE	popcnt, popcntq %rsi, %rax

	SIMPLE	endbr, endbr64
	SIMPLE	string_store, stosb
	SIMPLE	rep_string, rep movsb
	SIMPLE	repne_scan, repne scasb
	SIMPLE	address_size, leal 8(%edi,%esi), %eax
	SIMPLE	operand_size, addw $0x1234, %ax

	FORM	push_pop
	AT	push_pop
	pushq	%rsi
	NEXT	push_pop
	popq	%rax
	NOPS	4
	ret
	DONE	push_pop

	FORM	pop
	pushq	%rsi
	AT	pop
	popq	%rax
	NEXT	pop
	NOPS	4
	ret
	DONE	pop

	FORM	push_sp
	AT	push_sp
	pushq	%rsp
	NEXT	push_sp
	popq	%rax
	subq	%rsp, %rax
	ret
	DONE	push_sp

	FORM	pop_sp
	movq	%rsp, %rax
	pushq	%rax
	AT	pop_sp
	popq	%rsp
	NEXT	pop_sp
	subq	%rsp, %rax
	nop
	nop
	ret
	DONE	pop_sp

	FORM	pushf
	AT	pushf
	pushfq
	NEXT	pushf
	popq	%rax
	NOPS	3
	ret
	DONE	pushf

	FORM	popf
	pushq	$0x8d5
	AT	popf
	popfq
	NEXT	popf
	NOPS	4
	ret
	DONE	popf

	FORM	enter_leave
	AT	enter_leave
	enter	$32, $0
	NEXT	enter_leave
	leave
	ret
	DONE	enter_leave

	FORM	leave
	pushq	%rbp
	movq	%rsp, %rbp
	AT	leave
	leave
	NEXT	leave
	ret
	DONE	leave

	FORM	jmp_short, 2f
	AT	jmp_short
	jmp	2f
	NEXT	jmp_short
	movl	$1, %eax
2:	movl	$2, %ecx
	ret
	DONE	jmp_short

	FORM	jmp_near, 2f
	AT	jmp_near
	.byte	0xe9
	.long	2f - . - 4
	NEXT	jmp_near
	movl	$1, %eax
2:	movl	$2, %ecx
	ret
	DONE	jmp_near

	FORM	jmp_register, 2f
	leaq	2f(%rip), %r11
	AT	jmp_register
	jmp	*%r11
	NEXT	jmp_register
	movl	$1, %eax
2:	movl	$2, %ecx
	ret
	DONE	jmp_register

/* jcc of both sizes, taken and not: cmp makes carry, not zero, not overflow */
.macro BRANCHES name, condition, taken
	FORM	short_\name, 3\taken\()f
	cmpq	$-1, %rsi
	AT	short_\name
	j\condition 31f
	NEXT	short_\name
30:	movl	$0x10, %eax
31:	leal	1(%rax), %ecx
	ret
	DONE	short_\name
	FORM	near_\name, 3\taken\()f
	cmpq	$-1, %rsi
	AT	near_\name
	.byte	0x0f, 0x80 | \condition\()_code
	.long	31f - . - 4
	NEXT	near_\name
30:	movl	$0x10, %eax
31:	leal	1(%rax), %ecx
	ret
	DONE	near_\name
.endm
	.set	b_code, 2
	.set	ae_code, 3
	.set	e_code, 4
	.set	ne_code, 5
	.set	s_code, 8
	.set	p_code, 10
	.set	l_code, 12
	.set	g_code, 15
	BRANCHES b, b, 1
	BRANCHES ae, ae, 0
	BRANCHES e, e, 0
	BRANCHES ne, ne, 1
	BRANCHES l, l, 0
	BRANCHES g, g, 1

.macro LOOPS name, count, taken, prefix=
	FORM	\name\()_\count, 3\taken\()f
	movl	$\count, %ecx
	cmpq	%rsi, %rsi
	AT	\name\()_\count
	\prefix \name 31f
	NEXT	\name\()_\count
30:	movl	$0x10, %eax
31:	leal	1(%rax), %edx
	ret
	DONE	\name\()_\count
.endm
	LOOPS	loop, 2, 1
	LOOPS	loop, 1, 0
	LOOPS	loope, 2, 1
	LOOPS	loopne, 2, 0
	LOOPS	jrcxz, 0, 1
	LOOPS	jrcxz, 1, 0
	LOOPS	jecxz, 0, 1

	FORM	call, 2f
	AT	call
	call	2f
	NEXT	call
	leal	1(%rax), %ecx
	ret
2:	movq	(%rsp), %rdx		/* the return address is the code's own */
	movl	$5, %eax
	ret
	DONE	call

	FORM	call_register, 2f
	leaq	2f(%rip), %r10
	AT	call_register
	call	*%r10
	NEXT	call_register
	leal	1(%rax), %ecx
	ret
2:	movq	(%rsp), %rdx
	movl	$5, %eax
	ret
	DONE	call_register

	FORM	ret, 2f
	leaq	2f(%rip), %rax
	pushq	%rax
	AT	ret
	ret
	NEXT	ret
	int3
2:	nop
	ret
	DONE	ret

	FORM	ret_pops, 2f
	pushq	$1
	pushq	$2
	leaq	2f(%rip), %rax
	pushq	%rax
	AT	ret_pops
	ret	$16
	NEXT	ret_pops
	int3
2:	nop
	ret
	DONE	ret_pops

.macro VECTOR name, feature, code:vararg
	FORM	\feature\()_\name
	incl	%gs:IRQ_DEFER		/* vector registers are in use */
	\code
	AT	\feature\()_\name
.endm
.macro VECTOR_END name, feature, code:vararg
	NEXT	\feature\()_\name
	\code
	decl	%gs:IRQ_DEFER
	ret
	DONE	\feature\()_\name
.endm
	VECTOR	add, sse, movq %rsi, %xmm1
	paddq	probe_data(%rip), %xmm1
	VECTOR_END add, sse, movq %xmm1, %rax
	VECTOR	add, avx, vmovq %rsi, %xmm1
	vpaddq	probe_data(%rip), %xmm1, %xmm2
	VECTOR_END add, avx, vmovq %xmm2, %rax
	VECTOR	bmi, avx2, nop
	andnq	probe_data(%rip), %rsi, %rax
	VECTOR_END bmi, avx2, nop
	VECTOR	add, avx512, vpbroadcastq %rsi, %zmm1
	vpaddq	probe_data(%rip){1to8}, %zmm1, %zmm2
	VECTOR_END add, avx512, vmovq %xmm2, %rax

	/* a region of several instructions, one of which leaves it, and a branch behind it */
	FORM	region
	AT	region
	incl	%eax
	NEXT	region
	testl	%ecx, %ecx
	jz	2f
	addl	probe_data+16(%rip), %eax
2:	incl	%edx
	ret
	DONE	region

	.pushsection .probe_table, "aw"
probe_forms_end:
	.popsection

/* ---- what may not be probed, or not by a jump ---- */
.macro REFUSED name, code:vararg
	FUNCTION r_\name
	\code
	NOPS	5
	ret
	END r_\name
.endm
	REFUSED	int3, int3
	REFUSED	mov_ss, movw %ax, %ss
	REFUSED	iret, iretq
	REFUSED	far_return, lretq
	REFUSED	call_memory, call *(%rax)
	REFUSED	jump_memory, jmp *probe_data(%rip)
	REFUSED	far_call, lcall *(%rax)
	REFUSED	far_jump, ljmp *(%rax)
	REFUSED	call_sp, call *%rsp
	REFUSED	vmcall, vmcall
	REFUSED	short_branch, .byte 0x66, 0xe9, 0, 0, 0, 0
	REFUSED	undecodable, .byte 0x06

	FUNCTION r_jumped_into		/* from behind */
	incl	%eax
	.globl	r_jumped_into_target
r_jumped_into_target:
	incl	%ecx
	incl	%edx
	jnz	r_jumped_into_target
	ret
	END r_jumped_into

	FUNCTION r_cold			/* from its unlikely part */
	incl	%eax
	.globl	r_cold_target
r_cold_target:
	incl	%ecx
	incl	%edx
	ret
	END r_cold
	FUNCTION r_cold_cold		/* its name is r_cold.cold */
	jmp	r_cold_target
	END r_cold_cold

	FUNCTION r_warm			/* into the middle of its unlikely part, r_warm.cold */
	jz	r_warm_cold_target
	ret
	END r_warm
	FUNCTION r_warm_cold
	incl	%eax
	.globl	r_warm_cold_target
r_warm_cold_target:
	incl	%ecx
	incl	%edx
	ret
	END r_warm_cold

	FUNCTION r_indirect
	movl	%eax, %ecx
	movl	%ecx, %edx
	movl	%edx, %eax
	jmp	*%rax
	END r_indirect

	FUNCTION r_short		/* four bytes are all there is */
	xorl	%eax, %eax
	nop
	ret
	END r_short

	FUNCTION r_calls		/* comes back into the region */
	nop
	call	*%rax
	nop
	nop
	ret
	END r_calls

	FUNCTION r_calls_last		/* comes back behind it */
	NOPS	3
	call	*%rax
	ret
	END r_calls_last

	FUNCTION r_fixup		/* a fault goes on elsewhere */
	nop
	.globl	r_fixup_load
r_fixup_load:
	movq	(%rdi), %rax
	nop
	nop
	ret
	.globl	r_fixup_landing
r_fixup_landing:
	movl	$77, %eax
	ret
	END r_fixup

	FUNCTION r_key			/* a branch on a static key leads inside */
	incl	%eax
	.globl	r_key_target
r_key_target:
	incl	%ecx
	incl	%edx
	ret
	END r_key

	FUNCTION r_plain		/* may be replaced */
	incl	%eax
	.globl	r_plain_second
r_plain_second:
	incl	%ecx
	.globl	r_plain_third
r_plain_third:
	incl	%edx
	.globl	r_plain_fourth
r_plain_fourth:
	incl	%esi
	.globl	r_plain_fifth
r_plain_fifth:
	incl	%edi
	movl	%eax, %eax
	ret
	END r_plain

	FUNCTION r_blacklisted
	NOPS	5
	ret
	END r_blacklisted

	/* calls of __fentry__ that are nops now, in one word of memory and across two */
	FUNCTION p_traced
	.byte	0x0f, 0x1f, 0x44, 0, 0
	leaq	9(%rdi,%rsi), %rax
	ret
	END p_traced
	.balign	16
	.skip	6, 0xcc
	.globl	p_traced_across, p_traced_across_end
p_traced_across:
	.byte	0x0f, 0x1f, 0x44, 0, 0
	leaq	9(%rdi,%rsi), %rax
	ret
p_traced_across_end:

	FUNCTION p_faults		/* oopses at its second instruction */
	xorl	%eax, %eax
	.globl	p_faults_at
p_faults_at:
	movl	$1, 8(%rax)
	ret
	END p_faults

	.balign	8
probe_ex_table:
	.long	r_fixup_load - ., r_fixup_landing - ., 1
probe_ex_table_end:
	.balign	8
probe_jump_table:
	.long	r_indirect - ., r_key_target - .
	.quad	probe_data - .
probe_jump_table_end:
	.globl	probe_blacklist, probe_blacklist_end
probe_blacklist:
	.quad	0			/* r_blacklisted, filled in by the test */
probe_blacklist_end:
probe_image_end:
	.section .note.GNU-stack, "", @progbits
