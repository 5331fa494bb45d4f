/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

#include <asm/vcpu.h>
#include <linux/compiler.h>

struct task_struct;

static __always_inline struct task_struct *get_current(void)
{
	struct task_struct *task;

	asm("mov " VCPU_TASK ", %0" : "=r"(task));
	return task;
}
#define current get_current()

#endif
