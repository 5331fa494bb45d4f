/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H

#include <linux/bitmap.h>
#include <linux/threads.h>
#include <linux/types.h>

typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;
typedef struct cpumask cpumask_var_t[1];

extern unsigned int nr_cpu_ids;
extern struct cpumask __cpu_possible_mask;
#define cpu_possible_mask   ((const struct cpumask *)&__cpu_possible_mask)
#define cpu_online_mask     cpu_possible_mask
#define cpu_present_mask    cpu_possible_mask
#define cpu_active_mask     cpu_possible_mask
#define cpumask_bits(maskp) ((maskp)->bits)
#define num_online_cpus()   nr_cpu_ids
#define num_possible_cpus() nr_cpu_ids
#define num_present_cpus()  nr_cpu_ids
#define cpu_online(cpu)     ((unsigned int)(cpu) < nr_cpu_ids)
#define cpu_possible(cpu)   cpu_online(cpu)
#define cpumask_of(cpu)     (&(const struct cpumask){.bits = {1UL << (cpu)}})

static inline unsigned int cpumask_first(const struct cpumask *mask)
{
	return find_first_bit(mask->bits, nr_cpu_ids);
}
static inline unsigned int cpumask_next(int n, const struct cpumask *mask)
{
	return find_next_bit(mask->bits, nr_cpu_ids, n + 1);
}
static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	set_bit(cpu, mask->bits);
}
static inline void cpumask_clear_cpu(int cpu, struct cpumask *mask)
{
	clear_bit(cpu, mask->bits);
}
static inline bool cpumask_test_cpu(int cpu, const struct cpumask *mask)
{
	return test_bit(cpu, mask->bits);
}
static inline void cpumask_clear(struct cpumask *mask)
{
	bitmap_zero(mask->bits, NR_CPUS);
}
static inline void cpumask_copy(struct cpumask *dst, const struct cpumask *src)
{
	*dst = *src;
}
static inline bool cpumask_empty(const struct cpumask *mask)
{
	return bitmap_empty(mask->bits, NR_CPUS);
}
static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	return bitmap_weight(mask->bits, NR_CPUS);
}
#define cpumask_pr_args(maskp) nr_cpu_ids, cpumask_bits(maskp)
#define for_each_cpu(cpu, mask)                                                                    \
	for ((cpu) = -1; (cpu) = cpumask_next((cpu), (mask)), (cpu) < nr_cpu_ids;)
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < nr_cpu_ids; (cpu)++)
#define for_each_online_cpu(cpu)   for_each_possible_cpu (cpu)
#define for_each_present_cpu(cpu)  for_each_possible_cpu (cpu)

#endif
