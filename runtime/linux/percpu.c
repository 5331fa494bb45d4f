// SPDX-License-Identifier: GPL-2.0-or-later
/* Per-CPU memory that is allocated: the host has room beside the static variables. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/cpumask.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <ring3/hypercall.h>
#include "compat.h"
#include "machine.h"
#include "memory.h"

static void __percpu *percpu_any(size_t size, size_t align, gfp_t gfp)
{
	unsigned long address;

	if (unlikely(!size || size > PCPU_MIN_UNIT_SIZE || align > PAGE_SIZE ||
		     !is_power_of_2(align))) {
		WARN(!(gfp & __GFP_NOWARN),
		     "illegal size (%zu) or align (%zu) for percpu allocation\n", size, align);
		return NULL;
	}
	address = r3hc_percpu_alloc(size, align);
	if (!address) {
		if (!(gfp & __GFP_NOWARN)) {
			pr_warn("percpu: allocation failed, size=%zu align=%zu\n", size, align);
			dump_stack();
		}
		return NULL;
	}
	r3hc_account((void *)address, size * num_possible_cpus(), "percpu");
	return (void __percpu *)address;
}

#if R3_LINUX(6, 10)
void __percpu *pcpu_alloc_noprof(size_t size, size_t align, bool reserved, gfp_t gfp)
{
	return percpu_any(size, align, gfp);
}
EXPORT_SYMBOL_GPL(pcpu_alloc_noprof);
#else
void __percpu *__alloc_percpu(size_t size, size_t align)
{
	return percpu_any(size, align, GFP_KERNEL);
}
EXPORT_SYMBOL_GPL(__alloc_percpu);

void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp)
{
	return percpu_any(size, align, gfp);
}
EXPORT_SYMBOL_GPL(__alloc_percpu_gfp);
#endif

void free_percpu(void __percpu *ptr)
{
	unsigned long address = (unsigned long)ptr;

	if (!ptr)
		return;
	r3hc_unaccount((void *)address);
	WARN(!r3hc_percpu_free(address), "free_percpu of %px, which is not allocated\n",
	     (void *)address);
}
EXPORT_SYMBOL_GPL(free_percpu);

bool __is_kernel_percpu_address(unsigned long addr, unsigned long *can_addr)
{
	unsigned int cpu;

	for_each_possible_cpu (cpu) {
		unsigned long link = addr - __per_cpu_offset[cpu];

		if (link - r3_boot.percpu_base >= r3_boot.percpu_size)
			continue;
		if (can_addr)
			*can_addr = link + __per_cpu_offset[0];
		return true;
	}
	return false;
}

bool is_kernel_percpu_address(unsigned long addr)
{
	return __is_kernel_percpu_address(addr, NULL);
}
