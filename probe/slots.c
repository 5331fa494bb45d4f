// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory for slots: executable pages of module space, each cut into small chunks. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "arch/x86_64/arch.h"
#include "box/vmalloc.h"
#include "probe/internal.h"

#define CHUNK     64
#define NR_CHUNKS (PAGE_SIZE / CHUNK)

struct slot_page {
	struct slot_page *next; /* a ring */
	uint64_t address;
	uint64_t used;                  /* one bit a chunk */
	struct slot *owners[NR_CHUNKS]; /* of each chunk */
};

static_assert(NR_CHUNKS == 64, "struct slot_page's bits");

static struct slot_page *page_new(struct r3_box *box)
{
	struct points *points = box->points;
	struct slot_page *page = calloc(1, sizeof(*page));

	if (!page)
		return NULL;
	page->address = range_take(box->module_ranges, PAGE_SIZE, PAGE_SIZE);
	if (!page->address)
		goto free_page;
	memset(box_writable(box, page->address), ARCH_INT3, PAGE_SIZE);
	if (mprotect((void *)page->address, PAGE_SIZE, PROT_READ | PROT_EXEC))
		goto give_range;
	page->next = points->room ? points->room->next : page;
	if (points->room)
		points->room->next = page;
	points->room = page;
	points->nr_pages++;
	__atomic_store_n(&points->by_page[(page->address - box->space.module_base) / PAGE_SIZE],
			 page, __ATOMIC_RELEASE);
	return page;

give_range:
	range_give(box->module_ranges, page->address);
free_page:
	free(page);
	return NULL;
}

/* The first of so many free chunks in a row, NR_CHUNKS: none. */
static unsigned int find_chunks(const struct slot_page *page, unsigned int count)
{
	uint64_t mask = (1UL << count) - 1;

	for (unsigned int first = 0; first + count <= NR_CHUNKS; first++)
		if (!(page->used & mask << first))
			return first;
	return NR_CHUNKS;
}

static unsigned int chunks_of(size_t length)
{
	return (length + CHUNK - 1) / CHUNK;
}

uint64_t slot_room(struct r3_box *box, size_t length, struct slot *owner)
{
	struct points *points = box->points;
	unsigned int count = chunks_of(length), first = NR_CHUNKS;
	struct slot_page *page = points->room;

	for (unsigned int i = 0; i < points->nr_pages; i++, page = page->next) {
		first = find_chunks(page, count);
		if (first < NR_CHUNKS)
			break;
	}
	if (first == NR_CHUNKS) {
		page = page_new(box);
		if (!page)
			return 0;
		first = 0;
	}
	points->room = page;
	page->used |= ((1UL << count) - 1) << first;
	for (unsigned int i = 0; i < count; i++)
		__atomic_store_n(&page->owners[first + i], owner, __ATOMIC_RELEASE);
	return page->address + first * CHUNK;
}

static struct slot_page *page_of(const struct r3_box *box, uint64_t address)
{
	const struct points *points = __atomic_load_n(&box->points, __ATOMIC_ACQUIRE);
	uint64_t offset = address - box->space.module_base;

	if (!points || offset >= box->space.module_size)
		return NULL;
	return __atomic_load_n(&points->by_page[offset / PAGE_SIZE], __ATOMIC_ACQUIRE);
}

static void give_room(struct r3_box *box, uint64_t address, size_t length)
{
	struct slot_page *page = page_of(box, address);
	unsigned int first = (address - page->address) / CHUNK, count = chunks_of(length);

	memset(box_writable(box, address), ARCH_INT3, count * CHUNK);
	for (unsigned int i = 0; i < count; i++)
		__atomic_store_n(&page->owners[first + i], NULL, __ATOMIC_RELEASE);
	page->used &= ~(((1UL << count) - 1) << first);
}

int slot_make(struct r3_box *box, struct point *point, struct slot *slot, enum arch_slot_kind kind)
{
	struct arch_slot wanted = {
		.kind = kind,
		.address = point->address,
		.context = point->context,
		.instructions = point->instructions,
		.count = kind == ARCH_SLOT_REGION ? point->count : 1,
		.calls = &box->points->calls,
	};
	struct arch_slot_code code;
	uint64_t address;
	int error;

	/* once for the length, once for good */
	arch_slot_make(&wanted, point->address, &code);
	address = slot_room(box, code.length, slot);
	if (!address)
		return -ENOMEM;
	error = arch_slot_make(&wanted, address, &code);
	if (error) {
		give_room(box, address, code.length);
		return error;
	}
	memcpy(box_writable(box, address), code.bytes, code.length);
	slot->point = point;
	slot->length = code.length;
	slot->trap = code.trap;
	slot->copy = code.copy;
	slot->copy_end = code.copy_end;
	memcpy(slot->pieces, code.pieces, sizeof(slot->pieces));
	slot->nr_pieces = code.nr_pieces;
	slot->address = address;
	box->points->nr_slots++;
	show_slot(box, point, slot);
	return 0;
}

void slot_drop(struct r3_box *box, struct slot *slot)
{
	if (!slot->address)
		return;
	give_room(box, slot->address, slot->length);
	slot->address = 0;
	box->points->nr_slots--;
}

bool points_has(const struct r3_box *box, uint64_t address)
{
	return page_of(box, address) != NULL;
}

uint64_t points_original(const struct r3_box *box, uint64_t address)
{
	const struct slot_page *page = page_of(box, address);
	const struct slot *slot;
	uint64_t original = 0;

	if (!page)
		return address;
	slot = __atomic_load_n(&page->owners[address % PAGE_SIZE / CHUNK], __ATOMIC_ACQUIRE);
	if (!slot)
		return address;
	for (unsigned int i = 0; i < slot->nr_pieces; i++)
		if (slot->address + slot->pieces[i].offset <= address)
			original = slot->pieces[i].original;
	return slot->point->address + original;
}

int points_each_page(struct r3_box *box, int (*visit)(void *context, uint64_t address),
		     void *context)
{
	struct points *points = __atomic_load_n(&box->points, __ATOMIC_ACQUIRE);
	int result = 0;

	if (!points)
		return 0;
	pthread_mutex_lock(&points->lock);
	for (uint64_t i = 0; i < box->space.module_size / PAGE_SIZE && !result; i++)
		if (points->by_page[i])
			result = visit(context, points->by_page[i]->address);
	pthread_mutex_unlock(&points->lock);
	return result;
}

void points_count(struct r3_box *box, struct points_count *count)
{
	struct points *points = __atomic_load_n(&box->points, __ATOMIC_ACQUIRE);

	*count = (struct points_count){0};
	if (!points)
		return;
	pthread_mutex_lock(&points->lock);
	*count = (struct points_count){
		.points = points->count, .slots = points->nr_slots, .pages = points->nr_pages};
	pthread_mutex_unlock(&points->lock);
}

/* The first chunks of the first page are where slots leave. */
int slots_init(struct r3_box *box)
{
	struct points *points = box->points;
	uint8_t leave[ARCH_LEAVE_SIZE];

	points->by_page = calloc(box->space.module_size / PAGE_SIZE, sizeof(*points->by_page));
	if (!points->by_page)
		return -ENOMEM;
	points->calls.leave = slot_room(box, sizeof(leave), NULL);
	if (!points->calls.leave)
		return -ENOMEM;
	arch_slot_make_leave(leave, points->calls.preempt_count);
	memcpy(box_writable(box, points->calls.leave), leave, sizeof(leave));
	return 0;
}

void slots_free(struct r3_box *box)
{
	struct points *points = box->points;

	for (unsigned int i = points->nr_pages; i > 0; i--) {
		struct slot_page *next = points->room->next;

		free(points->room);
		points->room = next;
	}
	free(points->by_page);
}
