// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Instructions that are probed, decoded by Zydis, and copied to where they run
 * instead. What depends on its own address is written anew: a displacement
 * from rip, the target of a jump, the return address of a call. Opcodes are
 * those of the Intel SDM, volume 2, appendix A.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <Zydis/Zydis.h>
#include "arch/x86_64/emit.h"
#include "arch/x86_64/instruction.h"

#define OPERAND_SIZE_PREFIX 0x66
#define REGISTER_RSP        4

static uint64_t target_of(const ZydisDecodedInstruction *decoded, uint64_t address)
{
	return address + decoded->length + decoded->raw.imm[0].value.s;
}

/* A branch of 16 bits is one of 64 to some processors, and cut off by others. */
static bool has_operand_size(const ZydisDecodedInstruction *decoded)
{
	for (unsigned int i = 0; i < decoded->raw.prefix_count; i++)
		if (decoded->raw.prefixes[i].value == OPERAND_SIZE_PREFIX)
			return true;
	return false;
}

static void relative(struct arch_instruction *instruction, const ZydisDecodedInstruction *decoded,
		     enum arch_flow flow)
{
	instruction->flow = flow;
	instruction->target = target_of(decoded, instruction->address);
	if (has_operand_size(decoded))
		instruction->refused = -EOPNOTSUPP;
}

/* Group 5, opcode ff: calls and jumps through a register or memory, near and far. */
static void indirect(struct arch_instruction *instruction, const ZydisDecodedInstruction *decoded)
{
	bool is_register = decoded->raw.modrm.mod == 3;

	switch (decoded->raw.modrm.reg) {
	case 2:
		instruction->flow = is_register ? ARCH_CALL_REGISTER : ARCH_CALL_MEMORY;
		break;
	case 4:
		instruction->flow = is_register ? ARCH_JUMP_REGISTER : ARCH_JUMP_MEMORY;
		break;
	case 3:
		instruction->flow = ARCH_CALL_MEMORY;
		break;
	case 5:
		instruction->flow = ARCH_JUMP_MEMORY;
		break;
	default:
		return;
	}
	instruction->reg = decoded->raw.modrm.rm | decoded->raw.rex.B << 3;
	if (!is_register || has_operand_size(decoded) ||
	    (instruction->flow == ARCH_CALL_REGISTER && instruction->reg == REGISTER_RSP))
		instruction->refused = -EOPNOTSUPP;
}

static void one_byte(struct arch_instruction *instruction, const ZydisDecodedInstruction *decoded)
{
	const ZydisDecodedInstructionRaw *raw = &decoded->raw;

	switch (decoded->opcode) {
	case 0x70 ... 0x7f:
		instruction->condition = decoded->opcode & 0xf;
		relative(instruction, decoded, ARCH_BRANCH);
		break;
	case 0xe0 ... 0xe3:
		relative(instruction, decoded, ARCH_LOOP);
		break;
	case 0xe8:
		relative(instruction, decoded, ARCH_CALL);
		break;
	case 0xe9:
	case 0xeb:
		relative(instruction, decoded, ARCH_JUMP);
		break;
	case 0xc2:
		instruction->pops = raw->imm[0].value.u;
		__attribute__((fallthrough));
	case 0xc3:
		instruction->flow = ARCH_RETURN;
		if (has_operand_size(decoded))
			instruction->refused = -EOPNOTSUPP;
		break;
	case 0xc7: /* xbegin is its own group of one */
		if (raw->modrm.mod == 3 && raw->modrm.reg == 7)
			relative(instruction, decoded, ARCH_BEGIN);
		break;
	case 0x8e: /* interrupts wait for the end of the instruction after mov to %ss */
		if (raw->modrm.reg == 2)
			instruction->refused = -EINVAL;
		break;
	case 0xcc: /* somebody's breakpoint */
		instruction->refused = -EINVAL;
		break;
	case 0xca: /* far return */
	case 0xcb:
	case 0xcf: /* iret */
		instruction->refused = -EOPNOTSUPP;
		break;
	case 0xff:
		indirect(instruction, decoded);
		break;
	}
}

static void two_byte(struct arch_instruction *instruction, const ZydisDecodedInstruction *decoded)
{
	switch (decoded->opcode) {
	case 0x80 ... 0x8f:
		instruction->condition = decoded->opcode & 0xf;
		relative(instruction, decoded, ARCH_BRANCH);
		break;
	case 0x01: /* vmcall and its relatives */
		if (decoded->raw.modrm.mod == 3 && decoded->raw.modrm.reg == 0)
			instruction->refused = -EOPNOTSUPP;
		break;
	}
}

int arch_instruction_decode(struct arch_instruction *instruction, uint64_t address,
			    const uint8_t *code, size_t size)
{
	ZydisDecodedInstruction decoded;
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_MINIMAL, ZYAN_TRUE);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code, size, &decoded)))
		return -EINVAL;
	*instruction = (struct arch_instruction){.address = address, .length = decoded.length};
	memcpy(instruction->code, code, decoded.length);
	/* ModRM 00 101 with a displacement of 32 bits: relative to rip (SDM, volume 2, 2.2.1.6) */
	if (decoded.raw.modrm.mod == 0 && decoded.raw.modrm.rm == 5 && decoded.raw.disp.size == 32)
		instruction->displacement = decoded.raw.disp.offset;
	if (decoded.encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY)
		return 0;
	if (decoded.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT)
		one_byte(instruction, &decoded);
	else if (decoded.opcode_map == ZYDIS_OPCODE_MAP_0F)
		two_byte(instruction, &decoded);
	return 0;
}

/* What follows an opcode at the place given: 32 bits of distance to the target. */
static uint8_t *emit_distance(uint8_t *at, const uint8_t *start, uint64_t address, uint64_t target)
{
	int32_t distance = target - (address + (at - start) + sizeof(distance));

	return emit(at, &distance, sizeof(distance));
}

/* Code lies in the low 2 GiB, so that a push of 32 bits has the whole return address. */
static uint8_t *emit_push(uint8_t *at, uint64_t value)
{
	uint32_t low = value;

	return emit(EMIT(at, 0x68), &low, sizeof(low));
}

static uint8_t *copy_call(const struct arch_instruction *from, uint64_t address, uint8_t *to)
{
	uint8_t *at = emit_push(to, from->address + from->length);

	if (from->flow == ARCH_CALL)
		return emit_distance(EMIT(at, 0xe9), to, address, from->target);
	if (from->reg >= 8)
		at = EMIT(at, 0x41);
	return EMIT(at, 0xff, 0xe0 | (from->reg & 7)); /* jmp *%reg */
}

/* It reaches 127 bytes at most: over a jump, to another. */
static uint8_t *copy_loop(const struct arch_instruction *from, uint64_t address, uint8_t *to)
{
	uint8_t *at = emit(to, from->code, from->length - 1);

	at = EMIT(at, 2, 0xeb, 5); /* loop 1f; jmp 2f; 1: */
	return emit_distance(EMIT(at, 0xe9), to, address, from->target);
}

static uint8_t *copy_plain(const struct arch_instruction *from, uint64_t address, uint8_t *to)
{
	int32_t old;
	int64_t distance;

	memcpy(to, from->code, from->length);
	if (from->displacement) {
		memcpy(&old, to + from->displacement, sizeof(old));
		distance = old + (int64_t)(from->address - address);
		if ((int32_t)distance != distance)
			return NULL;
		old = distance;
		memcpy(to + from->displacement, &old, sizeof(old));
	}
	return to + from->length;
}

size_t arch_instruction_copy(const struct arch_instruction *from, uint64_t address, uint8_t *to)
{
	uint8_t *end;

	switch (from->flow) {
	case ARCH_JUMP:
		end = emit_distance(EMIT(to, 0xe9), to, address, from->target);
		break;
	case ARCH_BRANCH:
		end = emit_distance(EMIT(to, 0x0f, 0x80 | from->condition), to, address,
				    from->target);
		break;
	case ARCH_BEGIN:
		end = emit_distance(EMIT(to, 0xc7, 0xf8), to, address, from->target);
		break;
	case ARCH_LOOP:
		end = copy_loop(from, address, to);
		break;
	case ARCH_CALL:
	case ARCH_CALL_REGISTER:
		end = copy_call(from, address, to);
		break;
	default:
		end = copy_plain(from, address, to);
		break;
	}
	return end ? end - to : 0;
}

void arch_instruction_format(const uint8_t *code, size_t length, uint64_t address, char *text,
			     size_t size)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction decoded;
	ZydisFormatter formatter;
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_ATT);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, length, &decoded, operands)) ||
	    !ZYAN_SUCCESS(ZydisFormatterFormatInstruction(&formatter, &decoded, operands,
							  decoded.operand_count_visible, text, size,
							  address, NULL)))
		snprintf(text, size, "?");
}
