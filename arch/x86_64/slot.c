// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The code in slots. All kinds have a struct pt_regs on the stack, lowest
 * address first, when they call the runtime:
 *
 *	r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax ip cs flags sp ss
 *
 * and above them, up to where the code's own stack began: a word to spare and
 * whether it was a trap; or the address that a call or put_post() left there.
 *
 * Kernel code has no red zone, so that below its sp there is room. Preemption
 * is off from before the runtime is called until after: who is interrupted in
 * there is in no quiescent state, and the slot stays. The slot itself is
 * never interrupted (trap.c).
 */
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "arch/x86_64/emit.h"
#include "arch/x86_64/slot.h"

/* Where things are from the stack pointer on. */
#define IP             offsetof(struct arch_registers, rip)
#define FLAGS          offsetof(struct arch_registers, rflags)
#define SP             offsetof(struct arch_registers, rsp)
#define SS             offsetof(struct arch_registers, ss)
#define RETURN         sizeof(struct arch_registers) /* of a call or put_post() */
#define TRAPPED        (sizeof(struct arch_registers) + 8)
#define BEHIND_RETURN  (RETURN + 8) /* the sp that the code had */
#define BEHIND_TRAPPED (TRAPPED + 8)
#define NR_WORDS       (sizeof(struct arch_registers) / 8)

/* Twice as bytes of instructions: pushes from ss down to orig_rax, and sp above that. */
static_assert(SS - FLAGS == 16 && SP - FLAGS == 8 && FLAGS - IP == 16, "slots");
static_assert(SP - offsetof(struct arch_registers, orig_rax) == 0x20, "slots");
static_assert(sizeof(struct arch_registers) == SS + 8, "slots");

#define WORD(value) (value) & 0xff, (value) >> 8 & 0xff, (value) >> 16 & 0xff, (value) >> 24 & 0xff

/* Flags that sahf and an addition can set, and those that never change: no popf, which is slow. */
#define EASY_FLAGS  0x00000ad7u

static void put(struct arch_slot_code *code, const uint8_t *end)
{
	code->length = end - code->bytes;
	assert(code->length <= ARCH_SLOT_SIZE);
}

#define PUT(code, ...) put(code, EMIT((code)->bytes + (code)->length, __VA_ARGS__))

static void put32(struct arch_slot_code *code, uint32_t value)
{
	put(code, emit(code->bytes + code->length, &value, sizeof(value)));
}

static void put64(struct arch_slot_code *code, uint64_t value)
{
	put(code, emit(code->bytes + code->length, &value, sizeof(value)));
}

/* The distance to target, behind an opcode; the code runs at address. */
static void put_distance(struct arch_slot_code *code, uint64_t address, uint64_t target)
{
	put32(code, target - (address + code->length + sizeof(uint32_t)));
}

static void put_push(struct arch_slot_code *code, uint64_t value)
{
	PUT(code, 0x68);
	put32(code, value);
}

static void put_jump(struct arch_slot_code *code, uint64_t address, uint64_t target)
{
	PUT(code, 0xe9);
	put_distance(code, address, target);
}

static void put_save(struct arch_slot_code *code)
{
	PUT(code, 0x6a, 0xff, 0x57, 0x56, 0x52, 0x51, 0x50); /* push $-1 rdi rsi rdx rcx rax */
	PUT(code, 0x41, 0x50, 0x41, 0x51, 0x41, 0x52);       /* push r8 r9 r10 */
	PUT(code, 0x41, 0x53, 0x53, 0x55);                   /* push r11 rbx rbp */
	PUT(code, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56);       /* push r12 r13 r14 */
	PUT(code, 0x41, 0x57);                               /* push r15 */
}

/* Up to orig_rax; flags stay. */
static void put_restore(struct arch_slot_code *code)
{
	PUT(code, 0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d); /* pop r15 r14 r13 */
	PUT(code, 0x41, 0x5c, 0x5d, 0x5b, 0x41, 0x5b); /* pop r12 rbp rbx r11 */
	PUT(code, 0x41, 0x5a, 0x41, 0x59, 0x41, 0x58); /* pop r10 r9 r8 */
	PUT(code, 0x58, 0x59, 0x5a, 0x5e, 0x5f);       /* pop rax rcx rdx rsi rdi */
}

/* The sp that the code had: so far above the registers; its segment with it. */
static void put_stack(struct arch_slot_code *code, uint32_t above)
{
	PUT(code, 0x48, 0x8d, 0x84, 0x24, WORD(above));             /* lea above(%rsp),%rax */
	PUT(code, 0x48, 0x89, 0x84, 0x24, WORD(SP));                /* mov %rax,SP(%rsp) */
	PUT(code, 0x48, 0xc7, 0x84, 0x24, WORD(SS), 0x18, 0, 0, 0); /* movq $0x18,SS(%rsp) */
}

/* incl or decl %gs:preempt_count */
static void put_preempt(struct arch_slot_code *code, uint64_t preempt_count, bool disable)
{
	if (!preempt_count)
		return;
	PUT(code, 0x65, 0xff, disable ? 0x04 : 0x0c, 0x25);
	put32(code, preempt_count);
}

/* function(context, registers, %edx) */
static void put_call(struct arch_slot_code *code, uint64_t address, const struct arch_slot *slot,
		     uint64_t function)
{
	PUT(code, 0x48, 0xbf); /* movabs $context,%rdi */
	put64(code, slot->context);
	PUT(code, 0x48, 0x89, 0xe6, 0xe8); /* mov %rsp,%rsi; call */
	put_distance(code, address, function);
}

/* Unless the handlers want to go on elsewhere. */
static void put_answer(struct arch_slot_code *code, uint64_t address, const struct arch_slot *slot)
{
	PUT(code, 0x85, 0xc0, 0x0f, 0x85); /* test %eax,%eax; jne leave */
	put_distance(code, address, slot->calls->leave);
}

/* The detour of a trap or a jump; what it falls into then has all registers as they should be. */
static void put_detour(struct arch_slot_code *code, uint64_t address, const struct arch_slot *slot)
{
	size_t easy, end;

	PUT(code, 0x48, 0x8d, 0x64, 0x24, 0xe8, 0x9c, 0x6a, 0x10); /* lea -24(%rsp),%rsp; pushf;
								      push $0x10 */
	put_push(code, slot->address);
	put_save(code);
	put_stack(code, BEHIND_TRAPPED);
	put_preempt(code, slot->calls->preempt_count, true);
	PUT(code, 0xfc);                            /* cld */
	PUT(code, 0x8b, 0x94, 0x24, WORD(TRAPPED)); /* mov TRAPPED(%rsp),%edx: by a trap? */
	put_call(code, address, slot, slot->calls->hit);
	put_answer(code, address, slot);
	PUT(code, 0x8b, 0x84, 0x24, WORD(FLAGS));    /* mov FLAGS(%rsp),%eax */
	PUT(code, 0xa9, WORD(~EASY_FLAGS), 0x74, 0); /* test $,%eax; je 1f */
	easy = code->length;
	/* movq $copy,IP(%rsp); jmp leave */
	PUT(code, 0x48, 0xc7, 0x84, 0x24, WORD(IP), 0, 0, 0, 0);
	end = code->length;
	put_jump(code, address, slot->calls->leave);
	code->bytes[easy - 1] = code->length - easy;
	put_preempt(code, slot->calls->preempt_count, false); /* 1: */
	/*
	 * The low eight flags are sahf's; then what overflows sets OF:
	 * mov %eax,%ecx; shl $8,%eax; shr $11,%ecx; and $1,%ecx; add $0x7f,%cl; sahf
	 */
	PUT(code, 0x89, 0xc1, 0xc1, 0xe0, 0x08, 0xc1, 0xe9, 0x0b, 0x83, 0xe1, 0x01, 0x80, 0xc1,
	    0x7f, 0x9e);
	put_restore(code);
	PUT(code, 0x48, 0x8b, 0x64, 0x24, 0x20); /* mov 32(%rsp),%rsp */
	code->copy = code->length;
	memcpy(code->bytes + end - 4, &(uint32_t){address + code->copy}, 4);
}

static void piece(struct arch_slot_code *code, uint64_t original)
{
	assert(code->nr_pieces < ARCH_SLOT_PIECES);
	code->pieces[code->nr_pieces++] =
		(struct arch_slot_piece){.offset = code->length, .original = original};
}

static int put_copies(struct arch_slot_code *code, uint64_t address, const struct arch_slot *slot)
{
	for (unsigned int i = 0; i < slot->count; i++) {
		const struct arch_instruction *from = &slot->instructions[i];
		size_t length;

		assert(code->length + ARCH_MAX_COPY <= ARCH_SLOT_SIZE);
		piece(code, from->address - slot->address);
		length = arch_instruction_copy(from, address + code->length,
					       code->bytes + code->length);
		if (!length)
			return -EOPNOTSUPP;
		code->length += length;
	}
	return 0;
}

static uint64_t behind(const struct arch_instruction *instruction)
{
	return instruction->address + instruction->length;
}

static int make_trap(struct arch_slot_code *code, uint64_t address, const struct arch_slot *slot)
{
	int error;

	PUT(code, 0x6a, slot->kind == ARCH_SLOT_REGION ? 0 : 1); /* push: by a trap? */
	put_detour(code, address, slot);
	error = put_copies(code, address, slot);
	code->copy_end = code->length;
	put_jump(code, address, behind(&slot->instructions[slot->count - 1]));
	if (slot->kind == ARCH_SLOT_REGION) {
		code->trap = code->length;
		PUT(code, 0x6a, 1, 0xe9); /* push $1; jmp behind the first push */
		put_distance(code, address, address + 2);
	}
	return error;
}

/*
 * The end of a slot that tells what the instruction did: on the stack is where
 * to go on, as for a ret; below it come the registers.
 */
static void put_post(struct arch_slot_code *code, uint64_t address, const struct arch_slot *slot)
{
	/* lea -16(%rsp),%rsp; pushf; push $0x10; push 32(%rsp) */
	PUT(code, 0x48, 0x8d, 0x64, 0x24, 0xf0, 0x9c, 0x6a, 0x10, 0xff, 0x74, 0x24, 0x20);
	put_save(code);
	put_stack(code, BEHIND_RETURN);
	put_preempt(code, slot->calls->preempt_count, true);
	PUT(code, 0xfc); /* cld */
	put_call(code, address, slot, slot->calls->post);
	/* mov RETURN(%rsp),%rax; mov %rax,IP(%rsp); jmp leave */
	PUT(code, 0x48, 0x8b, 0x84, 0x24, WORD(RETURN), 0x48, 0x89, 0x84, 0x24, WORD(IP));
	put_jump(code, address, slot->calls->leave);
}

static void put_push_register(struct arch_slot_code *code, unsigned int reg)
{
	if (reg >= 8)
		PUT(code, 0x41);
	PUT(code, 0x50 | (reg & 7));
}

/* ret $pops leaves the return address where put_post() wants it; flags stay. */
static void put_pops(struct arch_slot_code *code, uint32_t pops)
{
	if (!pops)
		return;
	PUT(code, 0x50);                                     /* push %rax */
	PUT(code, 0x48, 0x8b, 0x44, 0x24, 0x08);             /* mov 8(%rsp),%rax */
	PUT(code, 0x48, 0x89, 0x84, 0x24, WORD(pops + 8));   /* mov %rax,pops+8(%rsp) */
	PUT(code, 0x58, 0x48, 0x8d, 0xa4, 0x24, WORD(pops)); /* pop %rax; lea pops(%rsp),%rsp */
}

/*
 * One that may go elsewhere: its copy goes to a second push than that of the
 * next instruction's address, with the same end.
 */
static int put_branches(struct arch_slot_code *code, uint64_t address, const struct arch_slot *slot)
{
	struct arch_instruction inner = *slot->instructions;
	size_t to_post, length;

	/* copy: to 1f; push $next; jmp 2f; 1: push $target; 2: */
	length = arch_instruction_copy(&inner, address + code->length, code->bytes + code->length);
	inner.target = address + code->length + length + 7;
	arch_instruction_copy(&inner, address + code->length, code->bytes + code->length);
	code->length += length;
	put_push(code, behind(&inner));
	PUT(code, 0xeb, 0);
	to_post = code->length;
	assert(address + to_post == inner.target);
	put_push(code, slot->instructions->target);
	code->bytes[to_post - 1] = code->length - to_post;
	return 0;
}

/* The instruction, ending with the address to go on at on the stack. */
static int put_pushing_copy(struct arch_slot_code *code, uint64_t address,
			    const struct arch_slot *slot)
{
	const struct arch_instruction *from = slot->instructions;

	switch (from->flow) {
	case ARCH_JUMP:
		put_push(code, from->target);
		return 0;
	case ARCH_CALL:
		put_push(code, behind(from));
		put_push(code, from->target);
		return 0;
	case ARCH_CALL_REGISTER:
		put_push(code, behind(from));
		put_push_register(code, from->reg);
		return 0;
	case ARCH_JUMP_REGISTER:
		put_push_register(code, from->reg);
		return 0;
	case ARCH_RETURN:
		put_pops(code, from->pops);
		return 0;
	case ARCH_BRANCH:
	case ARCH_LOOP:
	case ARCH_BEGIN:
		return put_branches(code, address, slot);
	default:
		if (put_copies(code, address, slot))
			return -EOPNOTSUPP;
		put_push(code, behind(from));
		return 0;
	}
}

static int make_trap_post(struct arch_slot_code *code, uint64_t address,
			  const struct arch_slot *slot)
{
	int error;

	PUT(code, 0x6a, 1);
	put_detour(code, address, slot);
	error = put_pushing_copy(code, address, slot);
	code->copy_end = code->length;
	put_post(code, address, slot);
	return error;
}

/* Called, so that it is left by a ret; flags mean nothing where a function begins. */
static void make_fentry(struct arch_slot_code *code, uint64_t address, const struct arch_slot *slot)
{
	PUT(code, 0x48, 0x8d, 0x64, 0x24, 0xf0, 0x9c, 0x6a, 0x10); /* lea -16(%rsp),%rsp; pushf;
								      push $0x10 */
	put_push(code, slot->address);
	put_save(code);
	put_stack(code, BEHIND_RETURN);
	put_preempt(code, slot->calls->preempt_count, true);
	PUT(code, 0x31, 0xd2); /* xor %edx,%edx */
	put_call(code, address, slot, slot->calls->hit);
	put_answer(code, address, slot);
	put_preempt(code, slot->calls->preempt_count, false);
	put_restore(code);
	PUT(code, 0x48, 0x8d, 0x64, 0x24, 0x30, 0xc3); /* lea 48(%rsp),%rsp; ret */
}

void arch_make_branch(uint8_t to[ARCH_JUMP_SIZE], uint64_t address, uint64_t target, bool call)
{
	int32_t distance = target - (address + ARCH_JUMP_SIZE);

	to[0] = call ? 0xe8 : 0xe9;
	memcpy(to + 1, &distance, sizeof(distance));
}

int arch_slot_make(const struct arch_slot *slot, uint64_t address, struct arch_slot_code *code)
{
	memset(code->bytes, 0xcc, sizeof(code->bytes));
	code->length = code->trap = code->copy = code->copy_end = 0;
	code->nr_pieces = 0;
	piece(code, 0);
	switch (slot->kind) {
	case ARCH_SLOT_TRAP:
	case ARCH_SLOT_REGION:
		return make_trap(code, address, slot);
	case ARCH_SLOT_TRAP_POST:
		return make_trap_post(code, address, slot);
	default:
		make_fentry(code, address, slot);
		return 0;
	}
}

/*
 * sp may be anything, even below the registers on the stack, which then move
 * out of the way first: ip and flags go right below the new sp.
 */
void arch_slot_make_leave(uint8_t to[ARCH_LEAVE_SIZE], uint64_t preempt_count)
{
	struct arch_slot_code code = {.length = 0};

	put_preempt(&code, preempt_count, false);
	PUT(&code, 0x48, 0x8b, 0x84, 0x24, WORD(SP)); /* mov SP(%rsp),%rax */
	PUT(&code, 0x48, 0x83, 0xe8, 0x10);           /* sub $16,%rax */
	PUT(&code, 0x48, 0x8d, 0xb8,
	    WORD(-(uint32_t)sizeof(struct arch_registers)));      /* lea -168(%rax),%rdi */
	PUT(&code, 0x48, 0x39, 0xe7, 0x73, 0x0f);                 /* cmp %rsp,%rdi; jae 1f */
	PUT(&code, 0x48, 0x89, 0xe6, 0x48, 0x89, 0xfc);           /* mov %rsp,%rsi; mov %rdi,%rsp */
	PUT(&code, 0xb9, WORD(NR_WORDS), 0xfc, 0xf3, 0x48, 0xa5); /* mov $21,%ecx; cld; rep movsq */
	PUT(&code, 0x48, 0x8b, 0x8c, 0x24, WORD(IP));             /* 1: mov IP(%rsp),%rcx */
	PUT(&code, 0x48, 0x89, 0x48, 0x08);                       /* mov %rcx,8(%rax) */
	PUT(&code, 0x48, 0x8b, 0x8c, 0x24, WORD(FLAGS));          /* mov FLAGS(%rsp),%rcx */
	PUT(&code, 0x48, 0x89, 0x08);                             /* mov %rcx,(%rax) */
	PUT(&code, 0x48, 0x89, 0x84, 0x24, WORD(SP));             /* mov %rax,SP(%rsp) */
	put_restore(&code);
	PUT(&code, 0x48, 0x8b, 0x64, 0x24, 0x20, 0x9d, 0xc3); /* mov 32(%rsp),%rsp; popf; ret */
	memset(to, 0xcc, ARCH_LEAVE_SIZE);
	assert(code.length <= ARCH_LEAVE_SIZE);
	memcpy(to, code.bytes, code.length);
}
