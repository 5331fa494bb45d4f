// SPDX-License-Identifier: GPL-2.0-or-later
/* Instruction decoding for fault reports and fixups, by Zydis. */
#include <errno.h>
#include <Zydis/Zydis.h>
#include "arch/x86_64/decode.h"
#include "probe/probe.h"

#define MAX_INSTRUCTION 15

uint64_t *arch_register(struct arch_registers *registers, unsigned int number)
{
	uint64_t *const by_number[] = {
		&registers->rax, &registers->rcx, &registers->rdx, &registers->rbx,
		&registers->rsp, &registers->rbp, &registers->rsi, &registers->rdi,
		&registers->r8,  &registers->r9,  &registers->r10, &registers->r11,
		&registers->r12, &registers->r13, &registers->r14, &registers->r15};

	return number < 16 ? by_number[number] : NULL;
}

/*
 * Zydis flags what needs CPL 0; port input and output, cli and sti hang on
 * IOPL, clac and stac are undefined outside of ring 0 (Intel SDM, volume 2).
 */
static bool is_privileged(const ZydisDecodedInstruction *instruction)
{
	switch (instruction->mnemonic) {
	case ZYDIS_MNEMONIC_CLI:
	case ZYDIS_MNEMONIC_STI:
	case ZYDIS_MNEMONIC_IN:
	case ZYDIS_MNEMONIC_INSB:
	case ZYDIS_MNEMONIC_INSW:
	case ZYDIS_MNEMONIC_INSD:
	case ZYDIS_MNEMONIC_OUT:
	case ZYDIS_MNEMONIC_OUTSB:
	case ZYDIS_MNEMONIC_OUTSW:
	case ZYDIS_MNEMONIC_OUTSD:
	case ZYDIS_MNEMONIC_CLAC:
	case ZYDIS_MNEMONIC_STAC:
	case ZYDIS_MNEMONIC_RDMSR:
	case ZYDIS_MNEMONIC_WRMSR:
	case ZYDIS_MNEMONIC_RDPMC:
	case ZYDIS_MNEMONIC_XSETBV:
	case ZYDIS_MNEMONIC_SWAPGS:
	case ZYDIS_MNEMONIC_MONITOR:
	case ZYDIS_MNEMONIC_MWAIT:
	case ZYDIS_MNEMONIC_WBINVD:
	case ZYDIS_MNEMONIC_INVD:
		return true;
	default:
		return instruction->attributes & ZYDIS_ATTRIB_IS_PRIVILEGED;
	}
}

static void fill_context(ZydisRegisterContext *context, const struct arch_registers *registers)
{
	struct arch_registers copy = *registers;

	*context = (ZydisRegisterContext){0};
	for (unsigned int i = 0; i < 16; i++)
		context->values[ZYDIS_REGISTER_RAX + i] = *arch_register(&copy, i);
}

/* The first explicit memory operand decides, as insn_get_addr_ref() of Linux takes ModRM's. */
static void decode_memory(const ZydisDecodedInstruction *instruction,
			  const ZydisDecodedOperand *operands,
			  const struct arch_registers *registers, struct decoded *decoded)
{
	ZydisRegisterContext context;

	fill_context(&context, registers);
	for (unsigned int i = 0; i < instruction->operand_count; i++) {
		const ZydisDecodedOperand *operand = &operands[i];
		ZyanU64 address;

		if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY ||
		    operand->mem.type != ZYDIS_MEMOP_TYPE_MEM ||
		    operand->mem.segment == ZYDIS_REGISTER_FS ||
		    operand->mem.segment == ZYDIS_REGISTER_GS)
			continue;
		if (!ZYAN_SUCCESS(ZydisCalcAbsoluteAddressEx(instruction, operand, registers->rip,
							     &context, &address)))
			continue;
		decoded->has_memory = true;
		decoded->memory = address;
		decoded->memory_size = operand->size / 8;
		return;
	}
}

static int load_register(const ZydisDecodedInstruction *instruction,
			 const ZydisDecodedOperand *operands)
{
	if (instruction->mnemonic != ZYDIS_MNEMONIC_MOV || instruction->operand_count < 2 ||
	    operands[0].type != ZYDIS_OPERAND_TYPE_REGISTER || operands[0].size != 64 ||
	    operands[1].type != ZYDIS_OPERAND_TYPE_MEMORY ||
	    ZydisRegisterGetClass(operands[0].reg.value) != ZYDIS_REGCLASS_GPR64)
		return -1;
	return ZydisRegisterGetId(operands[0].reg.value);
}

int arch_decode(struct r3_box *box, const struct arch_registers *registers, struct decoded *decoded)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction instruction;
	uint8_t code[MAX_INSTRUCTION];
	size_t length = sizeof(code);
	ZydisDecoder decoder;

	while (length && points_read(box, registers->rip, code, length))
		length--;
	if (!length)
		return -EFAULT;
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, length, &instruction, operands)))
		return -EINVAL;
	*decoded = (struct decoded){
		.length = instruction.length,
		.mnemonic = ZydisMnemonicGetString(instruction.mnemonic),
		.branches = instruction.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE,
		.privileged = is_privileged(&instruction),
		.load_register = load_register(&instruction, operands),
	};
	decode_memory(&instruction, operands, registers, decoded);
	return 0;
}
