// SPDX-License-Identifier: GPL-2.0-or-later
/* Relocation types of x86-64 (psABI, table 4.9) as Linux accepts them in modules. */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include "arch/x86_64/arch.h"

const char *arch_relocation_name(unsigned int type)
{
	switch (type) {
	case R_X86_64_NONE:
		return "R_X86_64_NONE";
	case R_X86_64_64:
		return "R_X86_64_64";
	case R_X86_64_32:
		return "R_X86_64_32";
	case R_X86_64_32S:
		return "R_X86_64_32S";
	case R_X86_64_PC32:
		return "R_X86_64_PC32";
	case R_X86_64_PLT32:
		return "R_X86_64_PLT32";
	case R_X86_64_PC64:
		return "R_X86_64_PC64";
	default:
		return "unknown";
	}
}

/* -EEXIST: the place is not zero; -ERANGE: the value does not fit; -EINVAL: unknown type. */
int arch_relocate(unsigned int type, void *writable, uint64_t address, uint64_t value,
		  uint64_t size_left, bool check_zero)
{
	static const uint64_t zero;
	bool fits = true;
	size_t size = 4;

	switch (type) {
	case R_X86_64_NONE:
		return 0;
	case R_X86_64_64:
		size = 8;
		break;
	case R_X86_64_32:
		fits = value == (uint32_t)value;
		break;
	case R_X86_64_32S:
		fits = (int64_t)value == (int32_t)value;
		break;
	case R_X86_64_PC32:
	case R_X86_64_PLT32: /* without a PLT: as PC32 */
		value -= address;
		break;
	case R_X86_64_PC64:
		value -= address;
		size = 8;
		break;
	default:
		return -EINVAL;
	}
	if (size > size_left)
		return -EFAULT;
	if (check_zero && memcmp(writable, &zero, size))
		return -EEXIST;
	memcpy(writable, &value, size);
	return fits ? 0 : -ERANGE;
}

/* The messages of arch/x86/kernel/module.c; Linux answers ENOEXEC to all. */
int arch_relocation_failed(struct r3_box *box, const char *name, unsigned int type,
			   uint64_t address, uint64_t value, int error)
{
	switch (error) {
	case -EEXIST:
		box_printk(box, 3,
			   "module: x86/modules: Skipping invalid relocation target, existing "
			   "value is "
			   "nonzero for type %u, loc %016lx, val %lx",
			   type, (unsigned long)address, (unsigned long)value);
		break;
	case -ERANGE:
		box_printk(box, 3, "module: overflow in relocation type %u val %lx", type,
			   (unsigned long)value);
		box_printk(box, 3, "module: `%s' likely not compiled with -mcmodel=kernel", name);
		break;
	case -EFAULT:
		box_printk(box, 3, "%s: relocation of type %u crosses the end of its section", name,
			   type);
		break;
	default:
		box_printk(box, 3, "module: %s: Unknown rela relocation: %u", name, type);
		break;
	}
	return -ENOEXEC;
}
