// SPDX-License-Identifier: GPL-2.0-or-later
/* Dynamic per-CPU variables. Static ones are placed by the loader. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include "builtin.h"

void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp)
{
	unsigned long address;

	if (WARN_ON(!size || !align || (align & (align - 1)) || align > PAGE_SIZE))
		return NULL;
	address = r3hc_percpu_alloc(size, align);
	if (address)
		r3hc_account((void *)address, size * nr_cpu_ids, "percpu");
	return (void __percpu *)address;
}
EXPORT_SYMBOL_GPL(__alloc_percpu_gfp);

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	return __alloc_percpu_gfp(size, align, GFP_KERNEL);
}
EXPORT_SYMBOL_GPL(__alloc_percpu);

void free_percpu(void __percpu *ptr)
{
	if (!ptr)
		return;
	r3hc_unaccount(ptr);
	WARN_ON(!r3hc_percpu_free((unsigned long)ptr));
}
EXPORT_SYMBOL_GPL(free_percpu);
