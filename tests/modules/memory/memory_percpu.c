// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include "memory.h"

struct counters {
	u64 hits;
	u32 id;
};

static DEFINE_PER_CPU(struct counters, fixed) = {.id = 7};
static DEFINE_PER_CPU(int, plain);

static int run(void)
{
	struct counters __percpu *counters = alloc_percpu(struct counters);
	u64 __percpu *aligned = __alloc_percpu(sizeof(u64), 256);
	unsigned int cpu;
	u64 sum = 0;

	CHECK(counters && aligned);
	for_each_possible_cpu (cpu) {
		struct counters *mine = per_cpu_ptr(counters, cpu);

		CHECK(!mine->hits && !mine->id);
		mine->hits = cpu + 1;
		CHECK(per_cpu(fixed, cpu).id == 7);
		per_cpu(plain, cpu) = cpu;
		CHECK(IS_ALIGNED((unsigned long)per_cpu_ptr(aligned, cpu), 256));
	}
	cpu = get_cpu();
	CHECK(this_cpu_read(counters->hits) == cpu + 1);
	CHECK(__this_cpu_read(plain) == cpu);
	this_cpu_add(counters->hits, 100);
	this_cpu_inc(fixed.hits);
	CHECK(per_cpu_ptr(counters, cpu)->hits == cpu + 101);
	CHECK(this_cpu_ptr(&fixed)->hits == 1);
	CHECK(this_cpu_xchg(plain, 55) == cpu);
	CHECK(this_cpu_cmpxchg(plain, 55, 56) == 55);
	put_cpu();
	for_each_possible_cpu (cpu)
		sum += per_cpu_ptr(counters, cpu)->hits;
	CHECK(sum == 100 + num_possible_cpus() * (num_possible_cpus() + 1) / 2);
	free_percpu(counters);
	free_percpu(aligned);
	free_percpu(NULL);
	return 0;
}
CHECK_MODULE("Per-CPU variables, static and allocated: one copy a CPU");
