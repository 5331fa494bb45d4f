// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions of modules that the machine calls on top of whatever a CPU does. An
 * oops ends the function only: what called it holds locks and walks lists.
 */
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include "../core/probe.h"
#include "builtin.h"

bool machine_call_back(void *function, void *argument, unsigned long *result)
{
	struct task_struct *task = current;
	int count = preempt_count(), nesting = task->rcu_read_lock_nesting;
	struct kprobe *kprobe = __this_cpu_read(current_kprobe);
	unsigned long flags;

	local_save_flags(flags);
	if (likely(!r3hc_call((unsigned long)function, (unsigned long)argument, result)))
		return true;
	local_irq_disable();
	__this_cpu_write(current_kprobe, kprobe);
	kretprobes_forget_deeper(__builtin_frame_address(0));
	rcu_leave_to(task, nesting);
	preempt_count_set(count);
	local_irq_restore(flags);
	return false;
}
