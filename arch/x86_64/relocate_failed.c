// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include "arch/x86_64/arch.h"

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
