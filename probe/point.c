// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Points: from when an address is asked for until it is given up. Whoever runs
 * into one has no lock; whoever changes one has points->lock.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "probe/internal.h"

static unsigned int bucket_of(uint64_t address)
{
	return address * 0x9e3779b97f4a7c15UL >> (64 - __builtin_ctz(NR_BUCKETS));
}

/* A point that is removed may be in another bucket when the reader goes on from it: then again. */
struct point *point_at(const struct points *points, uint64_t address)
{
	unsigned long removals;
	struct point *point;

	do {
		removals = __atomic_load_n(&points->removals, __ATOMIC_ACQUIRE);
		point = __atomic_load_n(&points->buckets[bucket_of(address)], __ATOMIC_ACQUIRE);
		while (point && __atomic_load_n(&point->address, __ATOMIC_RELAXED) != address)
			point = __atomic_load_n(&point->next, __ATOMIC_ACQUIRE);
	} while (!point && __atomic_load_n(&points->removals, __ATOMIC_ACQUIRE) != removals);
	return point;
}

static void insert(struct points *points, struct point *point)
{
	struct point **bucket = &points->buckets[bucket_of(point->address)];

	__atomic_store_n(&point->next, *bucket, __ATOMIC_RELEASE);
	__atomic_store_n(bucket, point, __ATOMIC_RELEASE);
	points->count++;
}

/* Nobody finds it any more; what it was made of is free, and a handle of it harmless. */
static void remove_point(struct r3_box *box, struct point *point)
{
	struct points *points = box->points;
	struct point **link = &points->buckets[bucket_of(point->address)];

	while (*link != point)
		link = &(*link)->next;
	__atomic_store_n(link, point->next, __ATOMIC_RELEASE);
	__atomic_store_n(&points->removals, points->removals + 1, __ATOMIC_RELEASE);
	points->count--;
	for (unsigned int i = 0; i < NR_SLOTS; i++)
		slot_drop(box, &point->slots[i]);
	__atomic_store_n(&point->flags, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&point->entry, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&point->address, 0, __ATOMIC_RELEASE);
}

static struct point *allocate(struct points *points)
{
	struct point *point = points->unused;

	if (point) {
		points->unused = point->next;
		return point;
	}
	point = calloc(1, sizeof(*point));
	if (!point)
		return NULL;
	point->all = points->all;
	points->all = point;
	return point;
}

static void release(struct points *points, struct point *point)
{
	__atomic_store_n(&point->next, points->unused, __ATOMIC_RELEASE);
	points->unused = point;
}

/* Under the lock around modules. */
static int make_points(struct r3_box *box)
{
	struct points *points;

	if (box->points)
		return 0;
	if (!box->entries.probe_hit || !box->entries.probe_post)
		return -EOPNOTSUPP;
	points = calloc(1, sizeof(*points));
	if (!points)
		return -ENOMEM;
	pthread_mutex_init(&points->lock, NULL);
	points->calls = (struct arch_slot_calls){
		.hit = box->entries.probe_hit,
		.post = box->entries.probe_post,
		.preempt_count = box->data ? box->data->preempt_count : 0,
	};
	__atomic_store_n(&box->points, points, __ATOMIC_RELEASE);
	if (!slots_init(box))
		return 0;
	points_free(box);
	return -ENOMEM;
}

static enum arch_slot_kind kind_of(const struct point *point, unsigned int slot)
{
	if (point->flags & R3_POINT_FTRACE)
		return ARCH_SLOT_FENTRY;
	return slot == SLOT_POST     ? ARCH_SLOT_TRAP_POST
	       : slot == SLOT_REGION ? ARCH_SLOT_REGION
				     : ARCH_SLOT_TRAP;
}

static int need_slot(struct r3_box *box, struct point *point, unsigned int slot)
{
	if (point->slots[slot].address)
		return 0;
	return slot_make(box, point, &point->slots[slot], kind_of(point, slot));
}

static int fill(struct r3_box *box, struct point *point, const struct place *place,
		uint64_t context)
{
	point->address = place->address;
	point->context = context;
	point->flags = place->flags;
	point->count = place->count;
	point->region = place->region;
	memcpy(point->instructions, place->instructions, sizeof(point->instructions));
	if (points_read(box, point->address, point->code,
			place->region || place->flags & R3_POINT_FTRACE ? ARCH_JUMP_SIZE : 1))
		return -EINVAL;
	return need_slot(box, point, SLOT_PLAIN);
}

static long new_point(struct r3_box *box, uint64_t address, uint64_t context)
{
	struct points *points = box->points;
	struct point *point;
	struct place place;
	int error;

	if (point_at(points, address))
		return -EBUSY;
	error = place_check(box, address, &place);
	if (error)
		return error;
	point = allocate(points);
	if (!point)
		return -ENOMEM;
	error = fill(box, point, &place, context);
	if (error) {
		point->address = 0;
		release(points, point);
		return error;
	}
	insert(points, point);
	return (long)point;
}

long point_new(struct r3_box *box, uint64_t address, uint64_t context)
{
	long result;

	module_lock(box);
	result = make_points(box);
	if (!result) {
		pthread_mutex_lock(&box->points->lock);
		result = new_point(box, address, context);
		pthread_mutex_unlock(&box->points->lock);
	}
	module_unlock(box);
	return result;
}

/* With the lock taken; NULL, and no lock: its code is gone. */
static struct point *lock_point(struct r3_box *box, unsigned long handle)
{
	struct point *point = (struct point *)handle;

	pthread_mutex_lock(&box->points->lock);
	if (point->address)
		return point;
	pthread_mutex_unlock(&box->points->lock);
	return NULL;
}

static void unlock(struct r3_box *box)
{
	pthread_mutex_unlock(&box->points->lock);
}

void point_info(struct r3_box *box, unsigned long handle, struct r3_point_info *info)
{
	struct point *point = lock_point(box, handle);

	*info = (struct r3_point_info){0};
	if (!point)
		return;
	*info = (struct r3_point_info){.flags = point->flags, .region = point->region};
	unlock(box);
}

static bool is_armed_within(const struct points *points, uint64_t start, uint64_t end)
{
	for (uint64_t address = start; address < end; address++) {
		const struct point *point = point_at(points, address);

		if (point && point->flags & R3_POINT_ARMED)
			return true;
	}
	return false;
}

/* May who traps there execute all of the region elsewhere? So before the jump comes, too. */
static bool runs_region(const struct points *points, const struct point *point)
{
	return point->region && !(point->flags & R3_POINT_POST) &&
	       point->slots[SLOT_REGION].address &&
	       !is_armed_within(points, point->address + 1, point->address + point->region);
}

static void choose_entry(const struct points *points, struct point *point)
{
	uint64_t entry;

	if (point->flags & R3_POINT_FTRACE)
		return;
	if (point->flags & R3_POINT_POST)
		entry = point->slots[SLOT_POST].address;
	else if (runs_region(points, point))
		entry = point->slots[SLOT_REGION].address + point->slots[SLOT_REGION].trap;
	else
		entry = point->slots[SLOT_PLAIN].address;
	__atomic_store_n(&point->entry, entry, __ATOMIC_RELEASE);
}

static int poke(struct r3_box *box, const struct point *point, const void *bytes, size_t length)
{
	show_poke(box, point, bytes, length);
	return arch_text_poke(box, point->address, bytes, length);
}

/* Under the lock. */
static void unoptimize(struct r3_box *box, struct point *point)
{
	uint8_t bytes[ARCH_JUMP_SIZE] = {ARCH_INT3};

	if (!(point->flags & R3_POINT_OPTIMIZED))
		return;
	memcpy(bytes + 1, point->code + 1, ARCH_JUMP_SIZE - 1);
	poke(box, point, bytes, sizeof(bytes));
	__atomic_and_fetch(&point->flags, ~R3_POINT_OPTIMIZED, __ATOMIC_RELEASE);
}

/* Those before it whose region the point lies in: it was armed, or no longer is. */
static void tell_neighbours(struct r3_box *box, const struct point *point)
{
	for (uint64_t address = point->address - (ARCH_MAX_REGION - 1); address < point->address;
	     address++) {
		struct point *before = point_at(box->points, address);

		if (!before || before->region <= point->address - address)
			continue;
		if (point->flags & R3_POINT_ARMED)
			unoptimize(box, before);
		choose_entry(box->points, before);
	}
}

static int put_call(struct r3_box *box, const struct point *point)
{
	uint8_t bytes[ARCH_JUMP_SIZE];

	arch_make_branch(bytes, point->address, point->slots[SLOT_PLAIN].address, true);
	return poke(box, point, bytes, sizeof(bytes));
}

static int arm(struct r3_box *box, struct point *point, unsigned int post)
{
	const uint8_t int3 = ARCH_INT3;
	bool was_armed = point->flags & R3_POINT_ARMED;
	int error;

	if (point->flags & R3_POINT_FTRACE)
		post = 0; /* r3rt_probe_hit() knows it all */
	error = post ? need_slot(box, point, SLOT_POST) : 0;
	if (error)
		return error;
	if (!post && point->region && need_slot(box, point, SLOT_REGION))
		point->region = 0; /* it stays as it is, then */
	if (was_armed && (point->flags & R3_POINT_POST) == post)
		return 0;
	if (post)
		unoptimize(box, point);
	__atomic_store_n(&point->flags, (point->flags & ~R3_POINT_POST) | post | R3_POINT_ARMED,
			 __ATOMIC_RELEASE);
	choose_entry(box->points, point);
	if (point->flags & R3_POINT_FTRACE) {
		arch_text_sync(); /* of the slot; a trap serialises by itself */
		return put_call(box, point);
	}
	if (was_armed)
		return 0;
	tell_neighbours(box, point);
	return poke(box, point, &int3, sizeof(int3));
}

int point_arm(struct r3_box *box, unsigned long handle, unsigned int post)
{
	struct point *point = lock_point(box, handle);
	int error;

	if (!point)
		return -ENOENT;
	error = arm(box, point, post & R3_POINT_POST);
	unlock(box);
	return error;
}

static void disarm(struct r3_box *box, struct point *point)
{
	size_t changed = point->flags & (R3_POINT_FTRACE | R3_POINT_OPTIMIZED) ? ARCH_JUMP_SIZE : 1;

	if (!(point->flags & R3_POINT_ARMED))
		return;
	poke(box, point, point->code, changed);
	__atomic_and_fetch(&point->flags, ~(R3_POINT_ARMED | R3_POINT_OPTIMIZED), __ATOMIC_RELEASE);
	tell_neighbours(box, point);
}

void point_disarm(struct r3_box *box, unsigned long handle)
{
	struct point *point = lock_point(box, handle);

	if (!point)
		return;
	disarm(box, point);
	unlock(box);
}

static int optimize(struct r3_box *box, struct point *point)
{
	uint8_t bytes[ARCH_JUMP_SIZE];
	int error;

	if (point->flags & R3_POINT_OPTIMIZED)
		return 0;
	if (!(point->flags & R3_POINT_ARMED) || !point->region)
		return -EINVAL;
	if (!runs_region(box->points, point))
		return -EBUSY;
	arch_make_branch(bytes, point->address, point->slots[SLOT_REGION].address, false);
	__atomic_or_fetch(&point->flags, R3_POINT_OPTIMIZED, __ATOMIC_RELEASE);
	error = poke(box, point, bytes, sizeof(bytes));
	if (error)
		__atomic_and_fetch(&point->flags, ~R3_POINT_OPTIMIZED, __ATOMIC_RELEASE);
	return error;
}

int point_optimize(struct r3_box *box, unsigned long handle)
{
	struct point *point = lock_point(box, handle);
	int error;

	if (!point)
		return -ENOENT;
	error = optimize(box, point);
	unlock(box);
	return error;
}

void point_unoptimize(struct r3_box *box, unsigned long handle)
{
	struct point *point = lock_point(box, handle);

	if (!point)
		return;
	unoptimize(box, point);
	unlock(box);
}

void point_free(struct r3_box *box, unsigned long handle)
{
	struct point *point = (struct point *)handle;

	pthread_mutex_lock(&box->points->lock);
	if (point->address) {
		disarm(box, point);
		remove_point(box, point);
	}
	release(box->points, point);
	unlock(box);
}

uint64_t points_trapped(struct r3_box *box, uint64_t address)
{
	const struct points *points = __atomic_load_n(&box->points, __ATOMIC_ACQUIRE);
	const struct point *point = points ? point_at(points, address) : NULL;

	return point ? __atomic_load_n(&point->entry, __ATOMIC_ACQUIRE) : 0;
}

bool points_cover(struct r3_box *box, uint64_t address)
{
	const struct points *points = __atomic_load_n(&box->points, __ATOMIC_ACQUIRE);

	for (uint64_t back = 1; points && back < ARCH_JUMP_SIZE; back++) {
		const struct point *point = point_at(points, address - back);

		if (point && point->region)
			return true;
	}
	return false;
}

void points_forget(struct r3_box *box, uint64_t start, uint64_t size)
{
	struct points *points = __atomic_load_n(&box->points, __ATOMIC_ACQUIRE);

	if (!points || !size)
		return;
	pthread_mutex_lock(&points->lock);
	for (struct point *point = points->all; point && points->count; point = point->all)
		if (point->address && point->address - start < size)
			remove_point(box, point);
	pthread_mutex_unlock(&points->lock);
}

void points_free(struct r3_box *box)
{
	struct points *points = box->points;

	if (!points)
		return;
	slots_free(box);
	while (points->all) {
		struct point *next = points->all->all;

		free(points->all);
		points->all = next;
	}
	pthread_mutex_destroy(&points->lock);
	box->points = NULL;
	free(points);
}
