// SPDX-License-Identifier: GPL-2.0-or-later
/* Exception tables: arch/x86/include/asm/extable_fixup_types.h of Linux 5.16 and later. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "arch/x86_64/decode.h"
#include "arch/x86_64/trap.h"

/* Offsets are relative to the field they stand in. The table is aligned or not. */
struct exception_entry {
	int32_t insn, fixup;
	uint32_t data;
} __attribute__((packed));

#define DATA_TYPE(data)     ((data)&0xff)
#define DATA_REGISTER(data) ((data) >> 8 & 0xf)
#define DATA_IMM(data)      ((int32_t)(data) >> 16)
#define FLAG_CLEAR_AX       0x1000
#define FLAG_CLEAR_DX       0x2000

enum fixup_type {
	FIXUP_DEFAULT = 1,
	FIXUP_FAULT = 2,
	FIXUP_UACCESS = 3,
	FIXUP_COPY = 4,
	FIXUP_CLEAR_FS = 5,
	FIXUP_FPU_RESTORE = 6,
	FIXUP_BPF = 7,
	FIXUP_WRMSR = 8,
	FIXUP_RDMSR = 9,
	FIXUP_WRMSR_SAFE = 10,
	FIXUP_RDMSR_SAFE = 11,
	FIXUP_WRMSR_IN_MCE = 12,
	FIXUP_RDMSR_IN_MCE = 13,
	FIXUP_DEFAULT_MCE_SAFE = 14,
	FIXUP_FAULT_MCE_SAFE = 15,
	FIXUP_POP_REG = 16,
	FIXUP_IMM_REG = 17,
	FIXUP_FAULT_SGX = 18,
	FIXUP_UCOPY_LEN = 19,
	FIXUP_ZEROPAD = 20,
};

#define SGX_FAULT_FLAG 0x40000000

/* An entry that was found, its address made absolute. */
struct fixup {
	uint64_t to;
	uint32_t data;
};

/* The table that the code's object has; through the writable view, as it may not be protected yet.
 */
static const struct exception_entry *table_of(struct r3_box *box, uint64_t rip, size_t *count)
{
	const struct object *object = object_of_address(box, rip);
	const struct r3_section *section = object ? object_section(object, "__ex_table") : NULL;

	*count = section ? section->size / sizeof(struct exception_entry) : 0;
	return section ? box_writable(box, section->address) : NULL;
}

static uint64_t insn_of(const struct r3_box *box, const struct exception_entry *entry)
{
	return (uint64_t)entry - box->space.alias_delta + entry->insn;
}

static uint64_t target_of(const struct r3_box *box, const struct exception_entry *entry)
{
	return (uint64_t)entry - box->space.alias_delta + offsetof(struct exception_entry, fixup) +
	       entry->fixup;
}

/* Up to Linux 2.4 an entry was two addresses. */
static bool find_absolute(struct r3_box *box, uint64_t rip, struct fixup *fixup)
{
	const struct object *object = object_of_address(box, rip);
	uint64_t address = object ? object->absolute_fixups : 0;
	uint64_t entry[2];

	for (uint64_t i = 0; object && i < object->nr_absolute_fixups; i++) {
		memcpy(entry, box_writable(box, address + i * sizeof(entry)), sizeof(entry));
		if (entry[0] == rip) {
			*fixup = (struct fixup){.to = entry[1], .data = FIXUP_DEFAULT};
			return true;
		}
	}
	return false;
}

static bool find_fixup(struct r3_box *box, uint64_t rip, struct fixup *fixup)
{
	const struct exception_entry *entries;
	size_t count;

	entries = table_of(box, rip, &count);
	for (size_t i = 0; i < count; i++) {
		if (insn_of(box, &entries[i]) != rip)
			continue;
		*fixup = (struct fixup){.to = target_of(box, &entries[i]), .data = entries[i].data};
		return true;
	}
	return find_absolute(box, rip, fixup);
}

bool arch_has_fixup(struct r3_box *box, uint64_t start, uint64_t end)
{
	const struct exception_entry *entries;
	size_t count;

	entries = table_of(box, start, &count);
	for (size_t i = 0; i < count; i++) {
		uint64_t insn = insn_of(box, &entries[i]), to = target_of(box, &entries[i]);

		if ((insn >= start && insn < end) || (to > start && to < end))
			return true;
	}
	return false;
}

static bool fixup_default(const struct fixup *fixup, struct arch_registers *registers)
{
	if (fixup->data & FLAG_CLEAR_AX)
		registers->rax = 0;
	if (fixup->data & FLAG_CLEAR_DX)
		registers->rdx = 0;
	registers->rip = fixup->to;
	return true;
}

static bool fixup_fault(const struct fixup *fixup, struct arch_registers *registers, uint64_t value)
{
	registers->rax = value;
	return fixup_default(fixup, registers);
}

static bool fixup_register(const struct fixup *fixup, struct arch_registers *registers)
{
	*arch_register(registers, DATA_REGISTER(fixup->data)) = (int64_t)DATA_IMM(fixup->data);
	return fixup_default(fixup, registers);
}

/* Unlike Linux's, ours says so each time: a module that touches an MSR here is always wrong. */
static void warn_msr(struct thread *thread, const struct arch_registers *registers, bool write)
{
	char where[256];

	symbol_format(thread->box, registers->rip, where, sizeof(where));
	if (write)
		box_printk(thread->box, LEVEL_WARNING,
			   "unchecked MSR access error: WRMSR to 0x%x (tried to write 0x%08x%08x)"
			   " at rIP: 0x%lx (%s)",
			   (unsigned int)registers->rcx, (unsigned int)registers->rdx,
			   (unsigned int)registers->rax, registers->rip, where);
	else
		box_printk(thread->box, LEVEL_WARNING,
			   "unchecked MSR access error: RDMSR from 0x%x at rIP: 0x%lx (%s)",
			   (unsigned int)registers->rcx, registers->rip, where);
	arch_show_trace(thread, registers, LEVEL_WARNING);
}

/* There are no MSRs in a box: a read gives 0, the safe variants fail with -EIO. */
static bool fixup_msr(struct thread *thread, const struct fixup *fixup,
		      struct arch_registers *registers, bool write, bool safe)
{
	if (!safe)
		warn_msr(thread, registers, write);
	if (!write)
		registers->rax = registers->rdx = 0;
	if (safe)
		*arch_register(registers, DATA_REGISTER(fixup->data)) = -EIO;
	return fixup_default(fixup, registers);
}

static bool fixup_uaccess(struct thread *thread, const struct fixup *fixup,
			  struct arch_registers *registers, const struct trap *trap)
{
	/* 6.12 takes non-canonical addresses of the user half as it takes unmapped ones. */
	if (trap->vector == VECTOR_GP && box_release_before(thread->box, 6, 10))
		box_printk(thread->box, LEVEL_WARNING,
			   "General protection fault in user access. Non-canonical address?");
	return fixup_default(fixup, registers);
}

static bool fixup_ucopy(struct thread *thread, const struct fixup *fixup,
			struct arch_registers *registers, const struct trap *trap)
{
	registers->rcx = DATA_IMM(fixup->data) * registers->rcx +
			 *arch_register(registers, DATA_REGISTER(fixup->data));
	return fixup_uaccess(thread, fixup, registers, trap);
}

/*
 * load_unaligned_zeropad(): an eight-byte load that reaches into a page that
 * is not there gets zeroes for what lies in it.
 */
static bool fixup_zeropad(struct r3_box *box, const struct fixup *fixup,
			  struct arch_registers *registers, const struct trap *trap)
{
	uint64_t aligned, word;
	struct decoded load;

	if (arch_decode(box, registers, &load) || load.load_register < 0 || !load.has_memory)
		return false;
	if (fixup->to != registers->rip + load.length)
		return false;
	aligned = load.memory & ~7UL;
	if (trap->vector != VECTOR_PF || trap->address != aligned + 8)
		return false;
	if (arch_copy_nofault(&word, aligned, sizeof(word)))
		return false;
	*arch_register(registers, load.load_register) = word >> (load.memory % 8 * 8);
	return fixup_default(fixup, registers);
}

bool arch_fixup_exception(struct thread *thread, struct arch_registers *registers,
			  const struct trap *trap)
{
	struct fixup found, *fixup = &found;

	if (!find_fixup(thread->box, registers->rip, fixup))
		return false;
	switch (DATA_TYPE(fixup->data)) {
	case FIXUP_DEFAULT:
	case FIXUP_DEFAULT_MCE_SAFE:
	case FIXUP_CLEAR_FS: /* the fixup loads a null selector: %fs is the host's here */
	case FIXUP_FPU_RESTORE:
		return fixup_default(fixup, registers);
	case FIXUP_FAULT:
	case FIXUP_FAULT_MCE_SAFE:
	case FIXUP_COPY:
		return fixup_fault(fixup, registers, trap->vector);
	case FIXUP_UACCESS:
		return fixup_uaccess(thread, fixup, registers, trap);
	case FIXUP_WRMSR:
		return fixup_msr(thread, fixup, registers, true, false);
	case FIXUP_RDMSR:
		return fixup_msr(thread, fixup, registers, false, false);
	case FIXUP_WRMSR_SAFE:
		return fixup_msr(thread, fixup, registers, true, true);
	case FIXUP_RDMSR_SAFE:
		return fixup_msr(thread, fixup, registers, false, true);
	case FIXUP_POP_REG:
		registers->rsp += 8;
		return fixup_register(fixup, registers);
	case FIXUP_IMM_REG:
		return fixup_register(fixup, registers);
	case FIXUP_FAULT_SGX:
		return fixup_fault(fixup, registers, trap->vector | SGX_FAULT_FLAG);
	case FIXUP_UCOPY_LEN:
		return fixup_ucopy(thread, fixup, registers, trap);
	case FIXUP_ZEROPAD:
		return fixup_zeropad(thread->box, fixup, registers, trap);
	default: /* a BPF JIT's, machine checks, FRED: none of them exists in a box */
		return false;
	}
}
