// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where everything of a box lies. Kernel code is compiled with -mcmodel=kernel,
 * so code and static data need the low 2 GiB: each box has one slot of
 * 256 MiB there. All else lies in 1 TiB of the upper half, chosen outside of
 * AddressSanitizer's shadow.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>
#include "box/space.h"

#define SLOT_SIZE     0x10000000UL
#define NR_SLOTS      7
#define MODULE_SIZE   0x0c000000UL
#define PERCPU_SIZE   0x04000000UL /* the rest of the slot */
#define HIGH_BASE     0x200000000000UL
#define HIGH_SIZE     0x010000000000UL
#define PAGE_ARRAY    0x004000000000UL /* offsets in the high part */
#define VMALLOC       0x005000000000UL
#define STACKS        0x006000000000UL
#define USER          0x007000000000UL
#define ALIAS         0x007800000000UL
#define PERCPU        0x008000000000UL
#define PERCPU_STRIDE 0x000200000000UL
#define REGION_SIZE   0x000400000000UL
#define STRUCT_PAGE   64

static int map_at(uint64_t address, uint64_t size, int protection, int flags, int fd)
{
	void *mapped = mmap((void *)address, size, protection, flags | MAP_FIXED_NOREPLACE, fd, 0);

	if (mapped == MAP_FAILED)
		return -errno;
	if ((uint64_t)mapped != address) { /* a kernel before 4.17 takes it as a hint */
		munmap(mapped, size);
		return -EEXIST;
	}
	return 0;
}

static int reserve(uint64_t address, uint64_t size)
{
	return map_at(address, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
}

static int make_fd(const char *name, uint64_t size)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, size) < 0) {
		int error = -errno;

		close(fd);
		return error;
	}
	return fd;
}

/* The slot's whole low part is reserved, so that nobody maps anything at per-CPU link addresses. */
static int take_slot(struct space *space)
{
	for (unsigned int slot = 1; slot <= NR_SLOTS; slot++) {
		uint64_t low = slot * SLOT_SIZE, high = HIGH_BASE + slot * HIGH_SIZE;

		if (reserve(low, SLOT_SIZE))
			continue;
		if (reserve(high, HIGH_SIZE)) {
			munmap((void *)low, SLOT_SIZE);
			continue;
		}
		space->slot = slot;
		return 0;
	}
	return -ENOMEM;
}

static int map_fixed(uint64_t address, uint64_t size, int protection, int fd)
{
	int flags = MAP_FIXED | (fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED);

	if (mmap((void *)address, size, protection, flags, fd, 0) == MAP_FAILED)
		return -errno;
	return 0;
}

static int map_percpu(struct space *space, unsigned int cpus)
{
	uint64_t base = HIGH_BASE + space->slot * HIGH_SIZE + PERCPU;
	int error = 0;

	for (unsigned int cpu = 0; cpu < cpus && !error; cpu++) {
		uint64_t gs = base + cpu * PERCPU_STRIDE;

		space->percpu_offset[cpu] = gs;
		error = map_fixed(gs, PAGE_SIZE, PROT_READ | PROT_WRITE, -1);
		if (!error)
			error = map_fixed(gs + space->percpu_base, space->percpu_size,
					  PROT_READ | PROT_WRITE, -1);
	}
	return error;
}

int space_init(struct space *space, uint64_t memory_size, unsigned int cpus)
{
	uint64_t high;
	int error;

	*space = (struct space){.module_fd = -1, .memory_fd = -1};
	error = take_slot(space);
	if (error)
		return error;
	high = HIGH_BASE + space->slot * HIGH_SIZE;
	space->module_base = space->slot * SLOT_SIZE;
	space->module_size = MODULE_SIZE;
	space->alias_delta = high + ALIAS - space->module_base;
	space->percpu_base = space->module_base + MODULE_SIZE;
	space->percpu_size = PERCPU_SIZE;
	space->memory_base = high;
	space->memory_size = PAGE_ALIGN(memory_size);
	space->page_array = high + PAGE_ARRAY;
	space->vmalloc_base = high + VMALLOC;
	space->vmalloc_size = REGION_SIZE;
	space->stack_base = high + STACKS;
	space->stack_size = REGION_SIZE;
	space->user_base = high + USER;
	space->user_size = REGION_SIZE;

	error = space->module_fd = make_fd("ring3-module", MODULE_SIZE);
	if (error < 0)
		goto fail;
	error = space->memory_fd = make_fd("ring3-memory", space->memory_size);
	if (error < 0)
		goto fail;
	error = map_fixed(space->module_base, MODULE_SIZE, PROT_NONE, space->module_fd);
	if (!error)
		error = map_fixed(high + ALIAS, MODULE_SIZE, PROT_READ | PROT_WRITE,
				  space->module_fd);
	if (!error)
		error = map_fixed(space->memory_base, space->memory_size, PROT_READ | PROT_WRITE,
				  space->memory_fd);
	if (!error)
		error = map_fixed(space->page_array, space->memory_size / PAGE_SIZE * STRUCT_PAGE,
				  PROT_READ | PROT_WRITE, -1);
	if (!error)
		error = map_percpu(space, cpus);
	if (!error)
		return 0;
fail:
	space_release(space);
	return error;
}

void space_release(struct space *space)
{
	if (!space->slot)
		return;
	munmap((void *)(space->slot * SLOT_SIZE), SLOT_SIZE);
	munmap((void *)(HIGH_BASE + space->slot * HIGH_SIZE), HIGH_SIZE);
	if (space->module_fd >= 0)
		close(space->module_fd);
	if (space->memory_fd >= 0)
		close(space->memory_fd);
	space->slot = 0;
}
