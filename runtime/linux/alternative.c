// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Patching of an object before it runs: alternatives by processor feature,
 * return and retpoline thunks back into plain branches, run-time constants.
 * The rules are those of arch/x86/kernel/alternative.c, with one more: the
 * object is not mapped at its own address yet. Everything is read and written
 * through its writable view, and pointers here are into that view.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <asm/alternative.h>
#include <asm/cpufeature.h>
#include <asm/nospec-branch.h>
#include <ring3/hypercall.h>
#include "core/core.h"
#include "compat.h"
#include "machine.h"
#include "memory.h"
#include "patch.h"

#define REPLACEMENT_MAX 255
#define INSN_MAX        8 /* bytes that are looked at from one byte on */

#define CALL_REL32      0xe8
#define JMP_REL32       0xe9
#define JMP_REL8        0xeb
#define RET             0xc3
#define INT3            0xcc
#define NOP             0x90

int alternatives_patched = 1;
EXPORT_SYMBOL_GPL(alternatives_patched);

/*
 * Code is copied with __memcpy(): to the checks of fortify-string.h, what a
 * relative field refers to lies outside of the struct that it is in.
 */
static void *view_of(unsigned long address)
{
	return (void *)(address + r3_boot.alias_delta);
}

static unsigned long address_of(const void *view)
{
	return (unsigned long)view - r3_boot.alias_delta;
}

/* What a relative field refers to, in the same view. */
static void *relative(const s32 *field)
{
	return (char *)field + *field;
}

/* Long nops: "0f 1f" with ever more address bytes (Intel SDM, NOP). */
void patch_nops(u8 *to, size_t length)
{
	static const u8 nops[8][8] = {
		{0x90},
		{0x66, 0x90},
		{0x0f, 0x1f, 0x00},
		{0x0f, 0x1f, 0x40, 0x00},
		{0x0f, 0x1f, 0x44, 0x00, 0x00},
		{0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
		{0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
		{0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
	};

	while (length) {
		size_t n = min_t(size_t, length, 8);

		__memcpy(to, nops[n - 1], n);
		to += n;
		length -= n;
	}
}

/* A call or jmp of 5 bytes at address. */
void patch_branch(u8 *to, u8 opcode, unsigned long address, unsigned long target)
{
	s32 offset = target - (address + 5);

	to[0] = opcode;
	__memcpy(to + 1, &offset, sizeof(offset));
}

/* ---- alternatives ---- */

static bool alternative_wanted(const struct alt_instr *entry)
{
#if R3_LINUX(6, 3)
	unsigned int feature = entry->cpuid;
	bool inverted = entry->flags & ALT_FLAG_NOT;
#else
	unsigned int feature = entry->cpuid & ~ALTINSTR_FLAG_INV;
	bool inverted = entry->cpuid & ALTINSTR_FLAG_INV;
#endif
	return feature < (NCAPINTS + NBUGINTS) * 32 && !!boot_cpu_has(feature) != inverted;
}

#ifdef ALT_FLAG_DIRECT_CALL
/*
 * What stands for "call through this pointer of pv_ops" becomes a direct call,
 * or nothing if the function does nothing. Returns the length written.
 */
static int replace_indirect_call(const u8 *code, unsigned long address, size_t length, u8 *to)
{
	unsigned long target;
	void **pointer;
	s32 field;

	if (length < 6 || (code[1] == 0x14 && length < 7))
		return -EINVAL;

	/* call *disp32(%rip), call *disp32 */
	__memcpy(&field, code + 2 + (code[1] == 0x14), sizeof(field));
	if (code[0] == 0xff && code[1] == 0x15)
		pointer = (void **)(address + 6 + field);
	else if (code[0] == 0xff && code[1] == 0x14 && code[2] == 0x25)
		pointer = (void **)(long)field;
	else
		return -EINVAL;
	if (r3_copy_faulting(&target, pointer, sizeof(target)))
		return -EINVAL;
	if (target == (unsigned long)nop_func)
		return 0;
	patch_branch(to, CALL_REL32, address, target ? target : (unsigned long)BUG_func);
	return 5;
}
#endif

/*
 * Length of the instruction at code, as far as replacements have relative
 * branches behind it; 0 for all others: then nothing behind it is relative.
 * Debian's modules have none (their relocations say so), the compiler's and
 * asm's sequences below are all there are in Linux.
 */
static size_t known_length(const u8 *code)
{
	switch (code[0]) {
	case CALL_REL32:
	case JMP_REL32:
		return 5;
	case NOP:
		return 1;
	case 0x0f:
		if (code[1] == 0xae && code[2] >= 0xe8)
			return 3; /* lfence, mfence, sfence */
		if (code[1] >= 0x80 && code[1] <= 0x8f)
			return 6;
		return 0;
	default:
		return 0;
	}
}

/* Branches in a replacement are relative to where it lies, not to where it goes. */
static void move_branches(u8 *code, size_t length, unsigned long from, unsigned long to)
{
	size_t at, size;

	for (at = 0; at < length && (size = known_length(code + at)); at += size) {
		s32 offset;
		unsigned long target;

		if (size > length - at)
			return;
		if (size < 5)
			continue;
		__memcpy(&offset, code + at + size - 4, sizeof(offset));
		target = from + at + size + offset;
		if (target >= from && target <= from + length)
			continue; /* inside of itself */
		offset += from - to;
		__memcpy(code + at + size - 4, &offset, sizeof(offset));
	}
}

/* Is all of it the object's own? */
static bool alternative_fits(const struct r3_object *object, const struct alt_instr *entry)
{
	const void *code = relative(&entry->instr_offset);
	const void *replacement = relative(&entry->repl_offset);

	if (entry->replacementlen > entry->instrlen)
		return false;
	return object_has_code(object, address_of(code), entry->instrlen) &&
	       object_has_code(object, address_of(replacement), entry->replacementlen);
}

static void apply_alternative(const struct alt_instr *entry)
{
	u8 *code = relative(&entry->instr_offset), buffer[REPLACEMENT_MAX + INSN_MAX];
	const u8 *replacement = relative(&entry->repl_offset);
	int length = entry->replacementlen;

	if (!alternative_wanted(entry))
		return;
	__memcpy(buffer, replacement, length);
#ifdef ALT_FLAG_DIRECT_CALL
	if (entry->flags & ALT_FLAG_DIRECT_CALL) {
		length = replace_indirect_call(code, address_of(code), entry->instrlen, buffer);
		if (WARN_ON_ONCE(length < 0))
			return;
	} else
#endif
		move_branches(buffer, length, address_of(replacement), address_of(code));
	patch_nops(buffer + length, entry->instrlen - length);
	__memcpy(code, buffer, entry->instrlen);
}

static int apply_alternatives_of(const struct r3_object *object, const struct r3_section *section)
{
	const struct alt_instr *entries = view_of(section->address);
	unsigned int i;

	/* Later entries for one place override earlier ones. */
	for (i = 0; i < section->size / sizeof(*entries); i++) {
		if (!alternative_fits(object, &entries[i]))
			return object_refuse_entry(object, section->name, i);
		apply_alternative(&entries[i]);
	}
	return 0;
}

/* ---- thunks ---- */

/* Number of the register whose thunk this is; -1: none. */
static int thunk_register(unsigned long target, const u8 *array)
{
	unsigned long offset = target - (unsigned long)array;

	return offset < 16 * 32 && offset % 32 == 0 ? offset / 32 : -1;
}

static int any_thunk_register(unsigned long target)
{
	int reg = thunk_register(target, (u8 *)__x86_indirect_thunk_array);

#if R3_LINUX(6, 2)
	if (reg < 0)
		reg = thunk_register(target, (u8 *)__x86_indirect_call_thunk_array);
	if (reg < 0)
		reg = thunk_register(target, (u8 *)__x86_indirect_jump_thunk_array);
#endif
	return reg;
}

/* call or jmp of a thunk becomes call or jmp of the register; conditional ones stay. */
static void apply_retpoline(const s32 *site)
{
	u8 *code = relative(site), buffer[5];
	s32 offset;
	int reg, length = 0;

	if (code[0] != CALL_REL32 && code[0] != JMP_REL32)
		return;
	__memcpy(&offset, code + 1, sizeof(offset));
	reg = any_thunk_register(address_of(code) + 5 + offset);
	if (reg < 0)
		return;
	if (reg >= 8)
		buffer[length++] = 0x41; /* REX.B */
	buffer[length++] = 0xff;
	buffer[length++] = (code[0] == CALL_REL32 ? 0xd0 : 0xe0) | (reg & 7);
	if (code[0] == CALL_REL32)
		patch_nops(buffer + length, 5 - length);
	else
		__memset(buffer + length, INT3, 5 - length);
	__memcpy(code, buffer, 5);
}

static void apply_return(const s32 *site)
{
	u8 *code = relative(site);

	if (code[0] != JMP_REL32)
		return;
	code[0] = RET;
	__memset(code + 1, INT3, 4);
}

/* Places in the code, each of that length. */
static int apply_sites(const struct r3_object *object, const struct r3_section *section,
		       size_t length, void (*apply)(const s32 *site))
{
	const s32 *sites = view_of(section->address);
	unsigned int i;

	for (i = 0; i < section->size / sizeof(*sites); i++) {
		if (!object_has_code(object, address_of(relative(&sites[i])), length))
			return object_refuse_entry(object, section->name, i);
		apply(&sites[i]);
	}
	return 0;
}

/* ---- constants of the running kernel inside of instructions (6.11) ---- */

#if R3_LINUX(6, 12)
unsigned long USER_PTR_MAX;
EXPORT_SYMBOL(USER_PTR_MAX);

static void apply_user_ptr_max(const s32 *site)
{
	unsigned long value = USER_PTR_MAX;

	__memcpy(relative(site), &value, sizeof(value));
}
#endif

static int apply_thunks_and_constants(const struct r3_object *object)
{
	unsigned int i;
	int error = 0;

	for (i = 0; i < object->nr_sections && !error; i++) {
		const struct r3_section *section = &object->sections[i];

		if (same_string(section->name, ".retpoline_sites"))
			error = apply_sites(object, section, 5, apply_retpoline);
		else if (same_string(section->name, ".return_sites"))
			error = apply_sites(object, section, 5, apply_return);
#if R3_LINUX(6, 12)
		else if (same_string(section->name, "runtime_ptr_USER_PTR_MAX"))
			error = apply_sites(object, section, sizeof(USER_PTR_MAX),
					    apply_user_ptr_max);
#endif
	}
	return error;
}

int r3rt_object_prepare(const struct r3_object *object)
{
	unsigned int i;
	int error = apply_thunks_and_constants(object);

	/* After the thunks: some of their sites are in replacements. */
	for (i = 0; i < object->nr_sections && !error; i++)
		if (same_string(object->sections[i].name, ".altinstructions"))
			error = apply_alternatives_of(object, &object->sections[i]);
	return error;
}
