// SPDX-License-Identifier: GPL-2.0-or-later
/* Relocation types of x86-64 (psABI, table 4.9), as Linux accepts them in modules. */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include "arch/x86_64/relocation.h"

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
