// SPDX-License-Identifier: GPL-2.0-or-later
#include "arch/x86_64/arch.h"
#include "box/report.h"

void box_panic(struct r3_box *box, const char *message)
{
	struct arch_registers registers;

	box_printk(box, 0, "Kernel panic - not syncing: %s", message);
	arch_hypercall_registers(thread_current(), &registers);
	arch_dump_stack(thread_current(), &registers, 0);
	box_printk(box, 0, "---[ end Kernel panic - not syncing: %s ]---", message);
	box->panics++;
	box->panicked = true;
}
