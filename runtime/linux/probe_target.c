// SPDX-License-Identifier: GPL-2.0-or-later
/* What runtime/core/kprobes.c leaves to Linux targets. */
#include <linux/jump_label.h>
#include <linux/kprobes.h>
#include <linux/static_call.h>
#include <asm/ibt.h>
#include "core/probe.h"
#include "machine.h"

#define ENDBR_SIZE 4

bool probe_text_reserved(unsigned long start, unsigned long end)
{
	return jump_label_text_reserved((void *)start, (void *)end) ||
	       static_call_text_reserved((void *)start, (void *)end);
}

/* As arch_adjust_kprobe_addr() of arch/x86/kernel/kprobes/core.c. */
unsigned long probe_skip_endbr(unsigned long function)
{
	return r3hc_is_text(function) && is_endbr(*(u32 *)function) ? function + ENDBR_SIZE
								    : function;
}

struct task_struct *probe_thread(int (*function)(void *))
{
	return machine_thread("kprobe_optimizer", function, NULL, -1);
}
