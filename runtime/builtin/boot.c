// SPDX-License-Identifier: GPL-2.0-or-later
/* The first code that runs in a box, and what the host reads of the runtime. */
#define INCLUDE_VERMAGIC
#include <asm/page.h>
#include <linux/param.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/vermagic.h>
#include "../core/probe.h"
#include "builtin.h"

static struct r3_boot_info info_copy;
const struct r3_boot_info *boot_info = &info_copy;

unsigned long page_offset_base;
EXPORT_SYMBOL(page_offset_base);
unsigned long vmemmap_base;
EXPORT_SYMBOL(vmemmap_base);
unsigned long __per_cpu_offset[NR_CPUS];
EXPORT_SYMBOL(__per_cpu_offset);
DEFINE_PER_CPU(unsigned long, this_cpu_off);
EXPORT_PER_CPU_SYMBOL(this_cpu_off);
DEFINE_PER_CPU(int, __preempt_count);
EXPORT_PER_CPU_SYMBOL(__preempt_count);
unsigned int nr_cpu_ids = 1;
EXPORT_SYMBOL(nr_cpu_ids);
struct cpumask __cpu_possible_mask;
EXPORT_SYMBOL(__cpu_possible_mask);
enum system_states system_state = SYSTEM_BOOTING;
EXPORT_SYMBOL(system_state);

#define UTS_VERSION "#1 SMP PREEMPT_DYNAMIC ring3"

/* What /proc/version says. */
const char linux_banner[] =
	"Linux version " UTS_RELEASE " (ring3) (gcc " __VERSION__ ") " UTS_VERSION "\n";

const struct r3_runtime_data r3rt_data = {
	.size = sizeof(struct r3_runtime_data),
	.release = UTS_RELEASE,
	.version = UTS_VERSION,
	.vermagic = VERMAGIC_STRING,
	.preempt_count = (unsigned long)&__preempt_count,
	.task_comm = offsetof(struct task_struct, comm),
	.task_pid = offsetof(struct task_struct, pid),
	.hz = HZ,
	.thread_size = THREAD_SIZE,
	KRETPROBE_DATA,
};

static bool has_option(const char *cmdline, const char *option)
{
	size_t length = strlen(option);

	for (; *cmdline; cmdline = skip_spaces(cmdline + strcspn(cmdline, " "))) {
		if (!strncmp(cmdline, option, length) &&
		    (!cmdline[length] || cmdline[length] == ' '))
			return true;
	}
	return false;
}

int r3rt_boot(const struct r3_boot_info *info)
{
	unsigned int cpu;

	if (info->size != sizeof(*info) || info->cpus > NR_CPUS)
		return -EINVAL;
	info_copy = *info;
	page_offset_base = info->memory_base;
	vmemmap_base = info->page_array;
	nr_cpu_ids = info->cpus;
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		__per_cpu_offset[cpu] = info->percpu_offset[cpu];
		per_cpu(this_cpu_off, cpu) = info->percpu_offset[cpu];
		cpumask_set_cpu(cpu, &__cpu_possible_mask);
	}
	no_hash_pointers = has_option((const char *)info->cmdline, "no_hash_pointers");
	workqueue_init();
	/* Modules of the 2.4 scheme come without the runtime's doing. */
	if (info->flags & R3_BOOT_SCHEME_2_4)
		jiffies_start();
	system_state = SYSTEM_RUNNING;
	return 0;
}
