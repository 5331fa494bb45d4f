// SPDX-License-Identifier: GPL-2.0-or-later
/* The vCPUs as Linux describes processors: masks, per-CPU bases, features, hotplug states. */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/sched/isolation.h>
#include <linux/smp.h>
#include <linux/topology.h>
#include <asm/cpu.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>
#include "machine.h"

unsigned long __per_cpu_offset[NR_CPUS] __read_mostly;
DEFINE_PER_CPU_READ_MOSTLY(unsigned long, this_cpu_off);

#ifdef R3_HAVE_PCPU_HOT
DEFINE_PER_CPU_ALIGNED(struct pcpu_hot, pcpu_hot) = {
	.current_task = &init_task,
	.preempt_count = INIT_PREEMPT_COUNT,
};
/* Linux's linker script makes this alias. */
asm(".globl const_pcpu_hot\n.set const_pcpu_hot, pcpu_hot");
#else
DEFINE_PER_CPU(struct task_struct *, current_task) ____cacheline_aligned = &init_task;
DEFINE_PER_CPU(int, __preempt_count) = INIT_PREEMPT_COUNT;
DEFINE_PER_CPU_READ_MOSTLY(int, cpu_number);
DEFINE_PER_CPU(unsigned long, cpu_current_top_of_stack);
#endif

unsigned int nr_cpu_ids __read_mostly = NR_CPUS;
unsigned int total_cpus;
unsigned int setup_max_cpus = NR_CPUS;
int __boot_cpu_id;
atomic_t __num_online_cpus __read_mostly;
struct cpumask __cpu_possible_mask __read_mostly;
struct cpumask __cpu_online_mask __read_mostly;
struct cpumask __cpu_present_mask __read_mostly;
struct cpumask __cpu_active_mask __read_mostly;
struct cpumask __cpu_dying_mask __read_mostly;
#ifdef R3_HAVE_ENABLED_MASK
struct cpumask __cpu_enabled_mask __read_mostly;
#endif
const DECLARE_BITMAP(cpu_all_bits, NR_CPUS) = CPU_BITS_ALL;

/*
 * One bit a row, see get_cpu_mask(). Declared const there; it is filled in at
 * boot, only for the CPUs there are, so that its other pages are never touched.
 */
unsigned long r3_cpu_bits[BITS_PER_LONG + 1][BITS_TO_LONGS(NR_CPUS)];
extern const unsigned long cpu_bit_bitmap[BITS_PER_LONG + 1][BITS_TO_LONGS(NR_CPUS)]
	__attribute__((alias("r3_cpu_bits")));

struct cpuinfo_x86 boot_cpu_data __read_mostly;
DEFINE_PER_CPU_READ_MOSTLY(struct cpuinfo_x86, cpu_info);
DEFINE_PER_CPU_READ_MOSTLY(cpumask_var_t, cpu_sibling_map);
DEFINE_PER_CPU_READ_MOSTLY(cpumask_var_t, cpu_core_map);
DEFINE_PER_CPU_READ_MOSTLY(cpumask_var_t, cpu_die_map);

/* Room for the three maps above of every CPU: one long each, R3_MAX_CPUS bits. */
static unsigned long topology_maps[R3_MAX_CPUS][3];

/* ---- features ---- */

struct leaf {
	u32 leaf, subleaf;
	u8 reg; /* 0: eax ... 3: edx */
	u8 word;
};

static const struct leaf leaves[] = {
	{0x00000001, 0, 3, CPUID_1_EDX},         {0x00000001, 0, 2, CPUID_1_ECX},
	{0x00000006, 0, 0, CPUID_6_EAX},         {0x00000007, 0, 1, CPUID_7_0_EBX},
	{0x00000007, 0, 2, CPUID_7_ECX},         {0x00000007, 0, 3, CPUID_7_EDX},
	{0x00000007, 1, 0, CPUID_7_1_EAX},       {0x0000000d, 1, 0, CPUID_D_1_EAX},
	{0x80000001, 0, 3, CPUID_8000_0001_EDX}, {0x80000001, 0, 2, CPUID_8000_0001_ECX},
	{0x80000007, 0, 1, CPUID_8000_0007_EBX}, {0x80000008, 0, 1, CPUID_8000_0008_EBX},
};

/*
 * What the processor has but a process cannot use: privileged instructions,
 * registers and page table features. FSGSBASE: the GS base is not the kernel's.
 */
static const u16 not_for_us[] = {
	X86_FEATURE_VME,
	X86_FEATURE_DE,
	X86_FEATURE_PSE,
	X86_FEATURE_MSR,
	X86_FEATURE_MCE,
	X86_FEATURE_APIC,
	X86_FEATURE_MTRR,
	X86_FEATURE_PGE,
	X86_FEATURE_MCA,
	X86_FEATURE_PAT,
	X86_FEATURE_ACPI,
	X86_FEATURE_DS,
	X86_FEATURE_MWAIT,
	X86_FEATURE_VMX,
	X86_FEATURE_SMX,
	X86_FEATURE_EST,
	X86_FEATURE_PCID,
	X86_FEATURE_X2APIC,
	X86_FEATURE_TSC_DEADLINE_TIMER,
	X86_FEATURE_SVM,
	X86_FEATURE_FSGSBASE,
	X86_FEATURE_SMEP,
	X86_FEATURE_SMAP,
	X86_FEATURE_INVPCID,
	X86_FEATURE_CQM,
	X86_FEATURE_RDT_A,
	X86_FEATURE_UMIP,
	X86_FEATURE_PKU,
	X86_FEATURE_OSPKE,
	X86_FEATURE_XSAVES,
	X86_FEATURE_PTI,
	X86_FEATURE_ARCH_PERFMON,
	X86_FEATURE_LA57,
	X86_FEATURE_SGX,
	X86_FEATURE_BUS_LOCK_DETECT,
	X86_FEATURE_ENQCMD,
	X86_FEATURE_IBT,
	X86_FEATURE_SPEC_CTRL,
	X86_FEATURE_INTEL_STIBP,
	X86_FEATURE_FLUSH_L1D,
	X86_FEATURE_ARCH_CAPABILITIES,
	X86_FEATURE_SPEC_CTRL_SSBD,
	X86_FEATURE_AMD_IBPB,
	X86_FEATURE_AMD_IBRS,
	X86_FEATURE_AMD_STIBP,
	X86_FEATURE_AMD_SSBD,
	X86_FEATURE_VIRT_SSBD,
	X86_FEATURE_HW_PSTATE,
	X86_FEATURE_OSVW,
	X86_FEATURE_IBS,
	X86_FEATURE_SKINIT,
	X86_FEATURE_WDT,
	X86_FEATURE_TOPOEXT,
	X86_FEATURE_PERFCTR_CORE,
	X86_FEATURE_PERFCTR_NB,
	X86_FEATURE_PERFCTR_LLC,
	X86_FEATURE_BPEXT,
};

/*
 * XENPV keeps the pv_ops calls for the interrupt flag in place when code is
 * patched: cli, sti and pushf would not mean what they should here.
 */
static const u16 always[] = {
	X86_FEATURE_ALWAYS,      X86_FEATURE_XENPV,     X86_FEATURE_NOPL,  X86_FEATURE_CONSTANT_TSC,
	X86_FEATURE_NONSTOP_TSC, X86_FEATURE_SYSCALL32, X86_FEATURE_CPUID,
};

static void read_features(struct cpuinfo_x86 *c)
{
	u32 regs[4];
	int i;

	for (i = 0; i < ARRAY_SIZE(leaves); i++) {
		const struct leaf *l = &leaves[i];

		if (l->leaf >
		    (l->leaf & 0x80000000 ? c->extended_cpuid_level : (u32)c->cpuid_level))
			continue;
		cpuid_count(l->leaf, l->subleaf, &regs[0], &regs[1], &regs[2], &regs[3]);
		if (l->leaf == 7 && l->subleaf == 1) {
			u32 highest, unused;

			cpuid_count(7, 0, &highest, &unused, &unused, &unused);
			if (!highest)
				continue;
		}
		c->x86_capability[l->word] = regs[l->reg];
	}
	for (i = 0; i < ARRAY_SIZE(not_for_us); i++)
		clear_bit(not_for_us[i], (unsigned long *)c->x86_capability);
	for (i = 0; i < ARRAY_SIZE(always); i++)
		set_bit(always[i], (unsigned long *)c->x86_capability);
	if (c->x86_vendor == X86_VENDOR_INTEL || c->x86 >= 0x17 ||
	    test_bit(X86_FEATURE_ERMS, (unsigned long *)c->x86_capability))
		set_bit(X86_FEATURE_REP_GOOD, (unsigned long *)c->x86_capability);
	set_bit(X86_FEATURE_LFENCE_RDTSC, (unsigned long *)c->x86_capability);
}

static void read_vendor(struct cpuinfo_x86 *c)
{
	static const struct {
		char id[13];
		u8 vendor;
	} vendors[] = {
		{"GenuineIntel", X86_VENDOR_INTEL},   {"AuthenticAMD", X86_VENDOR_AMD},
		{"HygonGenuine", X86_VENDOR_HYGON},   {"CentaurHauls", X86_VENDOR_CENTAUR},
		{"  Shanghai  ", X86_VENDOR_ZHAOXIN},
	};
	int i;

	c->x86_vendor = X86_VENDOR_UNKNOWN;
	for (i = 0; i < ARRAY_SIZE(vendors); i++)
		if (!__builtin_memcmp(c->x86_vendor_id, vendors[i].id, 12))
			c->x86_vendor = vendors[i].vendor;
}

static void read_cpu(struct cpuinfo_x86 *c)
{
	u32 *id = (u32 *)c->x86_vendor_id;
	u32 eax, ebx, ecx, edx, i;
	u32 *model;

	cpuid(0, &eax, &id[0], &id[2], &id[1]);
	c->cpuid_level = eax;
	read_vendor(c);
	cpuid(1, &eax, &ebx, &ecx, &edx);
	c->x86 = (eax >> 8 & 0xf) == 0xf ? 0xf + (eax >> 20 & 0xff) : eax >> 8 & 0xf;
	c->x86_model = eax >> 4 & 0xf;
	if (c->x86 >= 6)
		c->x86_model += (eax >> 16 & 0xf) << 4;
	c->x86_stepping = eax & 0xf;
	c->x86_clflush_size = (ebx >> 8 & 0xff) * 8;
	c->x86_cache_alignment = c->x86_clflush_size;
	c->x86_virt_bits = 48;
	c->x86_phys_bits = 36;
	cpuid(0x80000000, &eax, &ebx, &ecx, &edx);
	c->extended_cpuid_level = eax;
	if (eax >= 0x80000004) {
		model = (u32 *)c->x86_model_id;
		for (i = 0; i < 3; i++, model += 4)
			cpuid(0x80000002 + i, &model[0], &model[1], &model[2], &model[3]);
	}
	if (eax >= 0x80000008) {
		cpuid(0x80000008, &eax, &ebx, &ecx, &edx);
		c->x86_phys_bits = eax & 0xff;
		c->x86_virt_bits = eax >> 8 & 0xff;
	}
	c->x86_cache_bits = c->x86_phys_bits;
	c->booted_cores = r3_boot.cpus;
	c->initialized = 1;
	read_features(c);
}

/* ---- boot ---- */

static void set_masks(unsigned int cpu)
{
	r3_cpu_bits[1 + cpu % BITS_PER_LONG][cpu / BITS_PER_LONG] = 1UL << cpu % BITS_PER_LONG;
	__set_bit(cpu, cpumask_bits(&__cpu_possible_mask));
	__set_bit(cpu, cpumask_bits(&__cpu_present_mask));
	__set_bit(cpu, cpumask_bits(&__cpu_online_mask));
	__set_bit(cpu, cpumask_bits(&__cpu_active_mask));
#ifdef R3_HAVE_ENABLED_MASK
	__set_bit(cpu, cpumask_bits(&__cpu_enabled_mask));
#endif
#ifdef CONFIG_CPUMASK_OFFSTACK
	per_cpu(cpu_sibling_map, cpu) = (cpumask_var_t)&topology_maps[cpu][0];
	per_cpu(cpu_core_map, cpu) = (cpumask_var_t)&topology_maps[cpu][1];
	per_cpu(cpu_die_map, cpu) = (cpumask_var_t)&topology_maps[cpu][2];
#endif
	/* Each vCPU is a core of its own, all of one die. */
	__set_bit(cpu, cpumask_bits(per_cpu(cpu_sibling_map, cpu)));
}

void cpu_boot(void)
{
	unsigned int cpu, other;

	nr_cpu_ids = r3_boot.cpus;
	total_cpus = r3_boot.cpus;
	atomic_set(&__num_online_cpus, r3_boot.cpus);
	read_cpu(&boot_cpu_data);
	for (cpu = 0; cpu < r3_boot.cpus; cpu++)
		__per_cpu_offset[cpu] = r3_boot.percpu_offset[cpu];
	for (cpu = 0; cpu < r3_boot.cpus; cpu++) {
		per_cpu(this_cpu_off, cpu) = __per_cpu_offset[cpu];
		per_cpu(R3_PERCPU_CPU, cpu) = cpu;
		per_cpu(R3_PERCPU_PREEMPT, cpu) = PREEMPT_ENABLED;
		per_cpu(cpu_info, cpu) = boot_cpu_data;
		per_cpu(cpu_info, cpu).cpu_index = cpu;
		set_masks(cpu);
		for (other = 0; other < r3_boot.cpus; other++) {
			__set_bit(other, cpumask_bits(per_cpu(cpu_core_map, cpu)));
			__set_bit(other, cpumask_bits(per_cpu(cpu_die_map, cpu)));
		}
	}
}

/* ---- hotplug: every CPU is always there ---- */

void cpus_read_lock(void)
{
}

int cpus_read_trylock(void)
{
	return true;
}

void cpus_read_unlock(void)
{
}

void cpus_write_lock(void)
{
}

void cpus_write_unlock(void)
{
}

void lockdep_assert_cpus_held(void)
{
}

void cpu_hotplug_disable(void)
{
}

void cpu_hotplug_enable(void)
{
}

const struct cpumask *housekeeping_cpumask(enum hk_type type)
{
	return cpu_possible_mask;
}

bool housekeeping_enabled(enum hk_type type)
{
	return false;
}

bool housekeeping_test_cpu(int cpu, enum hk_type type)
{
	return true;
}

int housekeeping_any_cpu(enum hk_type type)
{
	return smp_processor_id();
}

void housekeeping_affine(struct task_struct *task, enum hk_type type)
{
}

struct cpuhp_step {
	const char *name;
	int (*startup)(unsigned int cpu);
	int (*startup_multi)(unsigned int cpu, struct hlist_node *node);
	int (*teardown)(unsigned int cpu);
	int (*teardown_multi)(unsigned int cpu, struct hlist_node *node);
	struct hlist_head instances;
	bool multi_instance;
	bool used;
};

static struct cpuhp_step cpuhp_steps[CPUHP_ONLINE + 1];
static DEFINE_MUTEX(cpuhp_mutex);

struct cpuhp_call {
	int (*function)(unsigned int cpu);
	int (*function_multi)(unsigned int cpu, struct hlist_node *node);
	struct hlist_node *node;
};

static int cpuhp_invoke(const struct cpuhp_call *call, unsigned int cpu)
{
	if (call->function_multi)
		return call->function_multi(cpu, call->node);
	return call->function ? call->function(cpu) : 0;
}

/* States above CPUHP_AP_OFFLINE run on the CPU they are about; this thread goes there. */
static int cpuhp_run(enum cpuhp_state state, const struct cpuhp_call *call,
		     const struct cpuhp_call *undo)
{
	unsigned long before = cpumask_bits(&current->cpus_mask)[0];
	bool there = state > CPUHP_AP_OFFLINE;
	int cpu, error = 0;

	if (!call->function && !call->function_multi)
		return 0;
	for (cpu = 0; cpu < r3_boot.cpus && !error; cpu++) {
		if (there)
			set_cpus_allowed_ptr(current, cpumask_of(cpu));
		error = cpuhp_invoke(call, cpu);
	}
	if (error && undo)
		for (cpu -= 2; cpu >= 0; cpu--) {
			if (there)
				set_cpus_allowed_ptr(current, cpumask_of(cpu));
			cpuhp_invoke(undo, cpu);
		}
	if (there)
		set_cpus_allowed_ptr(current, to_cpumask(&before));
	return error;
}

static int cpuhp_reserve(enum cpuhp_state state, enum cpuhp_state end)
{
	for (; state < end; state++)
		if (!cpuhp_steps[state].used)
			return state;
	return -ENOSPC;
}

int __cpuhp_setup_state_cpuslocked(enum cpuhp_state state, const char *name, bool invoke,
				   int (*startup)(unsigned int cpu),
				   int (*teardown)(unsigned int cpu), bool multi_instance)
{
	bool dynamic = state == CPUHP_AP_ONLINE_DYN || state == CPUHP_BP_PREPARE_DYN;
	int error = 0;

	mutex_lock(&cpuhp_mutex);
	if (dynamic)
		state = error = cpuhp_reserve(state, state == CPUHP_AP_ONLINE_DYN
							     ? CPUHP_AP_ONLINE_DYN_END
							     : CPUHP_BP_PREPARE_DYN_END);
	else if (cpuhp_steps[state].used)
		error = -EBUSY;
	if (error < 0)
		goto out;
	cpuhp_steps[state] =
		(struct cpuhp_step){.name = name, .used = true, .multi_instance = multi_instance};
	if (multi_instance) {
		cpuhp_steps[state].startup_multi = (void *)startup;
		cpuhp_steps[state].teardown_multi = (void *)teardown;
	} else {
		cpuhp_steps[state].startup = startup;
		cpuhp_steps[state].teardown = teardown;
	}
	if (invoke && !multi_instance) {
		int failed = cpuhp_run(state, &(struct cpuhp_call){.function = startup},
				       &(struct cpuhp_call){.function = teardown});

		if (failed) {
			cpuhp_steps[state].used = false;
			error = failed;
		}
	}
	/* As in Linux: a dynamic state's number is the answer, else 0. */
	if (!error && dynamic)
		error = state;
out:
	mutex_unlock(&cpuhp_mutex);
	return error;
}

int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			int (*startup)(unsigned int cpu), int (*teardown)(unsigned int cpu),
			bool multi_instance)
{
	return __cpuhp_setup_state_cpuslocked(state, name, invoke, startup, teardown,
					      multi_instance);
}

void __cpuhp_remove_state_cpuslocked(enum cpuhp_state state, bool invoke)
{
	struct cpuhp_step *step = &cpuhp_steps[state];

	mutex_lock(&cpuhp_mutex);
	if (step->multi_instance)
		WARN(!hlist_empty(&step->instances),
		     "Error: Removing state %d which has instances left.\n", state);
	else if (invoke)
		cpuhp_run(state, &(struct cpuhp_call){.function = step->teardown}, NULL);
	step->used = false;
	mutex_unlock(&cpuhp_mutex);
}

void __cpuhp_remove_state(enum cpuhp_state state, bool invoke)
{
	__cpuhp_remove_state_cpuslocked(state, invoke);
}

int __cpuhp_state_add_instance_cpuslocked(enum cpuhp_state state, struct hlist_node *node,
					  bool invoke)
{
	struct cpuhp_step *step = &cpuhp_steps[state];
	int error = 0;

	if (!step->multi_instance)
		return -EINVAL;
	mutex_lock(&cpuhp_mutex);
	if (invoke)
		error = cpuhp_run(
			state,
			&(struct cpuhp_call){.function_multi = step->startup_multi, .node = node},
			&(struct cpuhp_call){.function_multi = step->teardown_multi, .node = node});
	if (!error)
		hlist_add_head(node, &step->instances);
	mutex_unlock(&cpuhp_mutex);
	return error;
}

int __cpuhp_state_add_instance(enum cpuhp_state state, struct hlist_node *node, bool invoke)
{
	return __cpuhp_state_add_instance_cpuslocked(state, node, invoke);
}

int __cpuhp_state_remove_instance(enum cpuhp_state state, struct hlist_node *node, bool invoke)
{
	struct cpuhp_step *step = &cpuhp_steps[state];

	if (!step->multi_instance)
		return -EINVAL;
	mutex_lock(&cpuhp_mutex);
	if (invoke)
		cpuhp_run(
			state,
			&(struct cpuhp_call){.function_multi = step->teardown_multi, .node = node},
			NULL);
	hlist_del(node);
	mutex_unlock(&cpuhp_mutex);
	return 0;
}
