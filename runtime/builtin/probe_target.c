// SPDX-License-Identifier: GPL-2.0-or-later
/* This target's half of runtime/core/kprobes.c. */
#include <linux/err.h>
#include <linux/jump_label.h>
#include <linux/kthread.h>
#include "../core/probe.h"

bool probe_text_reserved(unsigned long start, unsigned long end)
{
	return jump_label_text_reserved((void *)start, (void *)end);
}

unsigned long probe_skip_endbr(unsigned long function)
{
	return function; /* sdk/flags has -fcf-protection=none */
}

struct task_struct *probe_thread(int (*function)(void *))
{
	struct task_struct *task = kthread_run(function, NULL, "kprobe_optimizer");

	return IS_ERR(task) ? NULL : task;
}
