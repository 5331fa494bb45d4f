// SPDX-License-Identifier: GPL-2.0-or-later
/* Room for per-CPU variables: link addresses, with a copy for each vCPU. */
#include <string.h>
#include "box/report.h"
#include "box/vmalloc.h"

uint64_t percpu_alloc(struct r3_box *box, uint64_t size, uint64_t align)
{
	uint64_t address;

	if (align & (align - 1) || align > PAGE_SIZE)
		return 0;
	address = range_take(box->percpu_ranges, size, align);
	for (unsigned int cpu = 0; cpu < box->nr_vcpus && address; cpu++)
		memset((void *)(box->space.percpu_offset[cpu] + address), 0, size);
	return address;
}
