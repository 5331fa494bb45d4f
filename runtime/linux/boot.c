// SPDX-License-Identifier: GPL-2.0-or-later
/* The order in which the runtime comes up, and what it tells the host of itself. */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/utsname.h>
#include <linux/module.h>
#define INCLUDE_VERMAGIC
#include <linux/vermagic.h>
#include <generated/utsrelease.h>
#include <generated/utsversion.h>
#include <asm/page.h>
#include <asm/setup.h>
#include <asm/pgtable.h>
#include "core/probe.h"
#include "machine.h"
#include "memory.h"

struct r3_boot_info r3_boot;

enum system_states system_state __read_mostly = SYSTEM_BOOTING;
bool early_boot_irqs_disabled __read_mostly;
char *saved_command_line;
char boot_command_line[COMMAND_LINE_SIZE];

const struct r3_runtime_data r3rt_data = {
	.size = sizeof(struct r3_runtime_data),
	.release = UTS_RELEASE,
	.version = UTS_VERSION,
	.vermagic = VERMAGIC_STRING,
	.current_task = (unsigned long)&R3_PERCPU_CURRENT,
	.preempt_count = (unsigned long)&R3_PERCPU_PREEMPT,
	.task_comm = offsetof(struct task_struct, comm),
	.task_pid = offsetof(struct task_struct, pid),
	.hz = HZ,
	.thread_size = THREAD_SIZE,
	.boot_task = &init_task,
	.idle_task = &r3_idle_task.task,
	KRETPROBE_DATA,
};

static void save_command_line(void)
{
	const char *from = (const char *)r3_boot.cmdline;
	unsigned int i;

	for (i = 0; from && from[i] && i < COMMAND_LINE_SIZE - 1; i++)
		boot_command_line[i] = from[i];
	saved_command_line = boot_command_line;
}

/* On vCPU 0, before anything else of the box; code is not patched yet. */
int r3rt_boot(const struct r3_boot_info *info)
{
	r3_boot = *info;
	cpu_boot();
	save_command_line();
	memory_init(info);
	task_boot();
	time_boot();
	softirq_init();
	system_state = SYSTEM_RUNNING;
	return 0;
}
