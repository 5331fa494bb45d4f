// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>
#include "form_scene.h"

#define ALWAYS_SET   0x202UL /* of the flags: a reserved bit, and interrupts */
#define STACK_ROOM   256     /* kept above what an instruction has on the stack */
#define STACK_OTHER  1024    /* from the stack pointer to where it may be set to */
#define MAX_BITS     512     /* of a string of bits in memory */
#define TARGETS      4       /* places in memory, by turns */
#define TARGET_ALIGN 64

uint64_t form_random(uint64_t *state)
{
	uint64_t value = *state += 0x9e3779b97f4a7c15;

	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
	value = (value ^ value >> 27) * 0x94d049bb133111eb;
	return value ^ value >> 31;
}

static bool is_stack_pointer(ZydisRegister reg)
{
	return ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg) ==
	       ZYDIS_REGISTER_RSP;
}

static bool is_memory(const ZydisDecodedOperand *operand)
{
	return operand->type == ZYDIS_OPERAND_TYPE_MEMORY;
}

/* Not the same twice, whatever the registers are. */
static bool is_fickle(ZydisMnemonic mnemonic)
{
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_RDTSC:
	case ZYDIS_MNEMONIC_RDTSCP:
	case ZYDIS_MNEMONIC_RDRAND:
	case ZYDIS_MNEMONIC_RDSEED:
	case ZYDIS_MNEMONIC_RDPID:
	case ZYDIS_MNEMONIC_CPUID:
		return true;
	default:
		return false;
	}
}

static const char *refuse_kind(const ZydisDecodedInstruction *instruction)
{
	if (instruction->attributes & ZYDIS_ATTRIB_IS_PRIVILEGED)
		return "privileged";
	if (is_fickle(instruction->mnemonic))
		return "not the same twice";
	switch (instruction->meta.category) {
	case ZYDIS_CATEGORY_IO:
	case ZYDIS_CATEGORY_IOSTRINGOP:
	case ZYDIS_CATEGORY_SYSTEM:
	case ZYDIS_CATEGORY_VTX:
	case ZYDIS_CATEGORY_RDWRFSGS:
	case ZYDIS_CATEGORY_SYSCALL:
	case ZYDIS_CATEGORY_SYSRET:
		return "privileged";
	case ZYDIS_CATEGORY_INTERRUPT:
		return "traps";
	default:
		break;
	}
	switch (instruction->mnemonic) {
	case ZYDIS_MNEMONIC_CLI:
	case ZYDIS_MNEMONIC_STI:
	case ZYDIS_MNEMONIC_CLAC:
	case ZYDIS_MNEMONIC_STAC:
		return "privileged";
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UD2:
		return "traps";
	default:
		return NULL;
	}
}

const char *form_refuse(const struct form *form)
{
	const char *reason;
	struct form_decoded decoded;

	form_decode(form->bytes, form->length, &decoded);
	reason = refuse_kind(&decoded.instruction);
	for (int i = 0; i < decoded.instruction.operand_count && !reason; i++) {
		const ZydisDecodedOperand *operand = &decoded.operands[i];

		if (is_memory(operand) && operand->mem.type == ZYDIS_MEMOP_TYPE_VSIB)
			reason = "a vector of addresses";
		else if (is_memory(operand) && operand->mem.segment == ZYDIS_REGISTER_FS)
			reason = "relative to FS";
		else if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
			 operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE &&
			 ZydisRegisterGetClass(operand->reg.value) == ZYDIS_REGCLASS_SEGMENT)
			reason = "loads a segment";
	}
	if (!reason && decoded.instruction.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR)
		reason = "far";
	return reason;
}

static uint64_t branch_target(uint64_t cell, int64_t distance)
{
	return cell + (distance < 0 ? CELL_BACKWARD : CELL_FORWARD);
}

static void store(uint8_t *code, unsigned int offset, unsigned int bits, int64_t value)
{
	memcpy(code + offset, &value, bits / 8);
}

const char *form_place(const struct form *form, uint64_t cell, const struct form_places *places,
		       uint8_t code[FORM_MAX])
{
	uint64_t next = cell + CELL_INSTRUCTION + form->length;
	const ZydisDecodedInstruction *instruction;
	struct form_decoded decoded;

	memcpy(code, form->bytes, form->length);
	form_decode(form->bytes, form->length, &decoded);
	instruction = &decoded.instruction;
	if (instruction->raw.imm[0].is_relative) {
		int64_t distance = instruction->raw.imm[0].value.s;

		if (instruction->raw.imm[0].size == 16)
			return "jumps to 16 bits";
		store(code, instruction->raw.imm[0].offset, instruction->raw.imm[0].size,
		      branch_target(cell, distance) - next);
	}
	for (int i = 0; i < instruction->operand_count; i++) {
		const ZydisDecodedOperandMem *memory = &decoded.operands[i].mem;
		uint64_t target =
			(memory->segment == ZYDIS_REGISTER_GS ? places->percpu : places->memory) +
			ARENA_MIDDLE;

		if (!is_memory(&decoded.operands[i]) || !instruction->raw.disp.size)
			continue;
		if (memory->base == ZYDIS_REGISTER_RIP)
			target -= next;
		else if (memory->base != ZYDIS_REGISTER_NONE ||
			 memory->index != ZYDIS_REGISTER_NONE)
			continue;
		store(code, instruction->raw.disp.offset, instruction->raw.disp.size, target);
	}
	return NULL;
}

/* What form_prepare() has decided on so far. */
struct plan {
	const struct form_decoded *decoded;
	const struct form_places *places;
	uint64_t cell, random, stack;
	struct form_scene *scene;
	unsigned int fixed; /* bits: registers that have their value for good */
	const char *trouble;
};

static uint64_t choose(struct plan *plan, uint64_t below)
{
	return form_random(&plan->random) % below;
}

static void set_number(struct plan *plan, unsigned int number, uint64_t value)
{
	if (plan->fixed & 1U << number && plan->scene->registers[number] != value)
		plan->trouble = "needs one register to be two things";
	plan->fixed |= 1U << number;
	plan->scene->registers[number] = value;
}

/* -1: no general register */
static int number_of(ZydisRegister reg)
{
	reg = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
	if (reg < ZYDIS_REGISTER_RAX || reg > ZYDIS_REGISTER_R15)
		return -1;
	return reg - ZYDIS_REGISTER_RAX;
}

static void set(struct plan *plan, ZydisRegister reg, uint64_t value)
{
	int number = number_of(reg);

	if (number >= 0)
		set_number(plan, number, value);
}

static bool is_fixed(const struct plan *plan, ZydisRegister reg)
{
	int number = number_of(reg);

	return number >= 0 && plan->fixed & 1U << number;
}

static void patch(struct plan *plan, uint64_t address, uint64_t value)
{
	plan->scene->patches[plan->scene->nr_patches++] = (struct form_patch){address, value};
}

/* base + index * scale = value, by registers that are still free */
static void solve(struct plan *plan, const ZydisDecodedOperandMem *memory, uint64_t value)
{
	uint64_t scale = memory->scale ? memory->scale : 1;

	if (memory->index == ZYDIS_REGISTER_NONE) {
		set(plan, memory->base, value);
	} else if (memory->base == ZYDIS_REGISTER_NONE || memory->base == memory->index) {
		scale += memory->base == memory->index;
		/* the target moves to where it can be met; see TARGETS */
		while ((int64_t)value % (int64_t)scale)
			value++;
		set(plan, memory->index, (int64_t)value / (int64_t)scale);
	} else {
		uint64_t index = choose(plan, 8) * TARGET_ALIGN;

		if (is_fixed(plan, memory->index))
			index = plan->scene->registers[number_of(memory->index)];
		set(plan, memory->index, index);
		set(plan, memory->base, value - index * scale);
	}
}

/* An operand on the stack: what it needs must be there, and nothing below is kept. */
static void solve_on_stack(struct plan *plan, const ZydisDecodedOperandMem *memory, uint64_t size)
{
	int64_t offset = memory->disp.value;

	if (memory->index != ZYDIS_REGISTER_NONE) {
		uint64_t index = choose(plan, 8) * TARGET_ALIGN;

		set(plan, memory->index, index);
		offset += index * memory->scale;
	}
	if (offset < 0 || offset + size + STACK_ROOM > ARENA_STACK_TOP - ARENA_STACK_SP)
		plan->trouble = "reaches too far into the stack";
}

static uint64_t target_of(struct plan *plan, const ZydisDecodedOperandMem *memory)
{
	uint64_t base =
		memory->segment == ZYDIS_REGISTER_GS ? plan->places->percpu : plan->places->memory;

	if (memory->base == ZYDIS_REGISTER_RIP ||
	    (memory->base == ZYDIS_REGISTER_NONE && memory->index == ZYDIS_REGISTER_NONE))
		return base + ARENA_MIDDLE;
	return base + ARENA_MIDDLE + choose(plan, TARGETS) * TARGET_ALIGN;
}

static void prepare_memory(struct plan *plan, const ZydisDecodedOperand *operand)
{
	const ZydisDecodedOperandMem *memory = &operand->mem;
	ZydisMnemonic mnemonic = plan->decoded->instruction.mnemonic;
	bool loads_stack_pointer = plan->decoded->operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
				   is_stack_pointer(plan->decoded->operands[0].reg.value);
	uint64_t target;

	if (is_stack_pointer(memory->base)) {
		if (operand->visibility == ZYDIS_OPERAND_VISIBILITY_EXPLICIT &&
		    memory->type == ZYDIS_MEMOP_TYPE_MEM)
			solve_on_stack(plan, memory, operand->size / 8);
		return;
	}
	if (memory->type == ZYDIS_MEMOP_TYPE_AGEN) {
		if (loads_stack_pointer)
			solve(plan, memory, plan->stack + STACK_OTHER - memory->disp.value);
		return;
	}
	target = mnemonic == ZYDIS_MNEMONIC_LEAVE ? plan->stack + STACK_OTHER
						  : target_of(plan, memory);
	if (memory->base != ZYDIS_REGISTER_RIP)
		solve(plan, memory, target - memory->disp.value);
	if (mnemonic == ZYDIS_MNEMONIC_MOV && loads_stack_pointer)
		patch(plan, target, plan->stack + STACK_OTHER);
}

/* Operands that must have certain values lest the instruction fault or go astray. */
static void prepare_values(struct plan *plan)
{
	const ZydisDecodedInstruction *instruction = &plan->decoded->instruction;
	const ZydisDecodedOperand *first = &plan->decoded->operands[0], *second = first + 1;

	switch (instruction->mnemonic) {
	case ZYDIS_MNEMONIC_DIV:
	case ZYDIS_MNEMONIC_IDIV:
		set_number(plan, RAX, choose(plan, 128)); /* any quotient fits */
		set_number(plan, RDX, 0);
		break;
	case ZYDIS_MNEMONIC_BT:
	case ZYDIS_MNEMONIC_BTC:
	case ZYDIS_MNEMONIC_BTR:
	case ZYDIS_MNEMONIC_BTS:
		if (is_memory(first) && second->type == ZYDIS_OPERAND_TYPE_REGISTER)
			set(plan, second->reg.value, choose(plan, MAX_BITS));
		break;
	case ZYDIS_MNEMONIC_LOOP:
	case ZYDIS_MNEMONIC_LOOPE:
	case ZYDIS_MNEMONIC_LOOPNE:
	case ZYDIS_MNEMONIC_JRCXZ:
	case ZYDIS_MNEMONIC_JECXZ:
		set_number(plan, RCX, choose(plan, 3));
		break;
	case ZYDIS_MNEMONIC_XGETBV:
		set_number(plan, RCX, 0);
		break;
	case ZYDIS_MNEMONIC_POPFQ:
		patch(plan, plan->stack, ALWAYS_SET | (form_random(&plan->random) & FORM_FLAGS));
		break;
	case ZYDIS_MNEMONIC_RET:
		patch(plan, plan->stack, branch_target(plan->cell, choose(plan, 2) ? 1 : -1));
		break;
	case ZYDIS_MNEMONIC_JMP:
	case ZYDIS_MNEMONIC_CALL:
		if (first->type == ZYDIS_OPERAND_TYPE_REGISTER)
			set(plan, first->reg.value,
			    branch_target(plan->cell, choose(plan, 2) ? 1 : -1));
		break;
	default:
		break;
	}
	if (instruction->attributes &
	    (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE))
		set_number(plan, RCX, choose(plan, 9));
}

/* The stack pointer is set to, or moved by, something sensible. */
static void prepare_stack_pointer(struct plan *plan)
{
	const ZydisDecodedInstruction *instruction = &plan->decoded->instruction;
	const ZydisDecodedOperand *first = &plan->decoded->operands[0], *second = first + 1;

	if (instruction->operand_count_visible < 1 || first->type != ZYDIS_OPERAND_TYPE_REGISTER ||
	    !is_stack_pointer(first->reg.value))
		return;
	if (instruction->mnemonic == ZYDIS_MNEMONIC_POP) {
		patch(plan, plan->stack, plan->stack + STACK_OTHER);
		return;
	}
	if (instruction->operand_count_visible < 2 || second->type != ZYDIS_OPERAND_TYPE_REGISTER ||
	    is_stack_pointer(second->reg.value))
		return;
	if (instruction->mnemonic == ZYDIS_MNEMONIC_MOV ||
	    instruction->mnemonic == ZYDIS_MNEMONIC_XCHG)
		set(plan, second->reg.value, plan->stack + STACK_OTHER);
	else if (first->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
		set(plan, second->reg.value, TARGET_ALIGN);
}

const char *form_prepare(const struct form_decoded *decoded, uint64_t cell,
			 const struct form_places *places, uint64_t seed, struct form_scene *scene)
{
	struct plan plan = {
		.decoded = decoded,
		.places = places,
		.cell = cell,
		.random = seed,
		.stack = places->stack + ARENA_STACK_SP,
		.scene = scene,
	};

	scene->nr_patches = 0;
	for (int i = 0; i < NR_REGISTERS; i++)
		scene->registers[i] = form_random(&plan.random);
	scene->flags = ALWAYS_SET | (form_random(&plan.random) & FORM_FLAGS);
	set_number(&plan, RSP, plan.stack);
	prepare_values(&plan);
	prepare_stack_pointer(&plan);
	for (int i = 0; i < decoded->instruction.operand_count; i++)
		if (is_memory(&decoded->operands[i]))
			prepare_memory(&plan, &decoded->operands[i]);
	return plan.trouble;
}
