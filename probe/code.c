// SPDX-License-Identifier: GPL-2.0-or-later
/* Code as it was before probes changed it. */
#include <errno.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "probe/internal.h"

/* How many bytes of the code there are not the code's own. */
static size_t changed_at(const struct point *point)
{
	unsigned int flags = __atomic_load_n(&point->flags, __ATOMIC_ACQUIRE);

	if (!(flags & R3_POINT_ARMED))
		return 0;
	return flags & (R3_POINT_OPTIMIZED | R3_POINT_FTRACE) ? ARCH_JUMP_SIZE : 1;
}

int points_read(struct r3_box *box, uint64_t address, void *to, size_t length)
{
	const struct points *points = __atomic_load_n(&box->points, __ATOMIC_ACQUIRE);
	uint8_t *bytes = to;
	uint64_t from;

	if (arch_copy_nofault(to, address, length))
		return -EFAULT;
	if (!points || !points->count)
		return 0;
	/* one that lies before may reach to here */
	for (from = address - (ARCH_JUMP_SIZE - 1); from < address + length; from++) {
		const struct point *point = point_at(points, from);
		size_t changed = point ? changed_at(point) : 0;

		for (size_t i = 0; i < changed; i++)
			if (from + i - address < length)
				bytes[from + i - address] = point->code[i];
	}
	return 0;
}
