// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory that is mapped beside the direct map: vmalloc and the clients' own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "box/vmalloc.h"

/* What a range of vmalloc space stands for. */
struct mapping {
	uint64_t address, count;
	uint64_t physical[];
};

static int to_prot(unsigned int protection)
{
	return (protection & R3_PROT_READ ? PROT_READ : 0) |
	       (protection & R3_PROT_WRITE ? PROT_WRITE : 0) |
	       (protection & R3_PROT_EXEC && !(protection & R3_PROT_WRITE) ? PROT_EXEC : 0);
}

static int unmap(uint64_t address, uint64_t size)
{
	void *mapped = mmap((void *)address, size, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);

	return mapped == MAP_FAILED ? -errno : 0;
}

/* One page of address space behind each mapping stays empty: the guard. */
static bool map_runs(struct r3_box *box, uint64_t address, const uint64_t *physical, uint64_t count,
		     unsigned int protection)
{
	uint64_t done = 0;

	while (done < count) {
		uint64_t run = 1;

		/* Neighbours in memory become one mapping. */
		while (done + run < count &&
		       physical[done + run] == physical[done] + run * PAGE_SIZE)
			run++;
		if (physical[done] + run * PAGE_SIZE > box->space.memory_size ||
		    mmap((void *)(address + done * PAGE_SIZE), run * PAGE_SIZE, to_prot(protection),
			 MAP_SHARED | MAP_FIXED, box->space.memory_fd,
			 physical[done]) == MAP_FAILED)
			return false;
		done += run;
	}
	return true;
}

uint64_t vmap(struct r3_box *box, const uint64_t *physical, uint64_t count, unsigned int protection)
{
	struct mapping *mapping;
	uint64_t address;

	if (!count || count > box->space.vmalloc_size / PAGE_SIZE)
		return 0;
	mapping = malloc(sizeof(*mapping) + count * sizeof(uint64_t));
	address = mapping ? range_take(box->vmalloc_ranges, (count + 1) * PAGE_SIZE, PAGE_SIZE) : 0;
	if (!address)
		goto fail;
	if (!map_runs(box, address, physical, count, protection)) {
		unmap(address, count * PAGE_SIZE);
		range_give(box->vmalloc_ranges, address);
		goto fail;
	}
	mapping->address = address;
	mapping->count = count;
	memcpy(mapping->physical, physical, count * sizeof(uint64_t));
	pthread_mutex_lock(&box->mappings_lock);
	range_attach(box->vmalloc_ranges, address, mapping);
	pthread_mutex_unlock(&box->mappings_lock);
	return address;
fail:
	free(mapping);
	return 0;
}

/* From then on nobody finds it, but the address space is not yet anybody else's. */
static struct mapping *detach(struct r3_box *box, uint64_t address)
{
	struct mapping *mapping;

	pthread_mutex_lock(&box->mappings_lock);
	mapping = range_note(box->vmalloc_ranges, address);
	if (mapping && mapping->address == address)
		range_attach(box->vmalloc_ranges, address, NULL);
	else
		mapping = NULL;
	pthread_mutex_unlock(&box->mappings_lock);
	return mapping;
}

uint64_t vunmap(struct r3_box *box, uint64_t address)
{
	struct mapping *mapping = detach(box, address);
	uint64_t count;

	if (!mapping)
		return 0;
	count = mapping->count;
	unmap(address, count * PAGE_SIZE);
	range_give(box->vmalloc_ranges, address);
	free(mapping);
	return count;
}

uint64_t vmalloc_physical(struct r3_box *box, uint64_t address)
{
	const struct mapping *mapping;
	uint64_t physical = ~0UL;

	pthread_mutex_lock(&box->mappings_lock);
	mapping = range_note(box->vmalloc_ranges, address);
	/* The guard page is in the range, too. */
	if (mapping && address - mapping->address < mapping->count * PAGE_SIZE)
		physical = mapping->physical[(address - mapping->address) / PAGE_SIZE] +
			   address % PAGE_SIZE;
	pthread_mutex_unlock(&box->mappings_lock);
	return physical;
}

int64_t user_map(struct r3_box *box, uint64_t address, uint64_t length, unsigned int protection)
{
	if (!length || address)
		return -EINVAL; /* fixed addresses: not offered */
	address = range_take(box->user_ranges, PAGE_ALIGN(length), PAGE_SIZE);
	if (!address)
		return -ENOMEM;
	if (mmap((void *)address, PAGE_ALIGN(length), to_prot(protection),
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
		int error = -errno;

		range_give(box->user_ranges, address);
		return error;
	}
	return address;
}

int64_t user_unmap(struct r3_box *box, uint64_t address, uint64_t length)
{
	uint64_t size = range_size(box->user_ranges, address);

	if (!size || PAGE_ALIGN(length) != size)
		return -EINVAL;
	unmap(address, size);
	range_give(box->user_ranges, address);
	return 0;
}
