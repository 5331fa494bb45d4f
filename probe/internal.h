/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of probe/ share; nothing outside of it includes this. */
#ifndef RING3_PROBE_INTERNAL_H
#define RING3_PROBE_INTERNAL_H

#include <pthread.h>
#include "arch/x86_64/slot.h"
#include "probe/probe.h"

#define NR_BUCKETS 8192 /* a power of two */

struct slot_page;

/* Code that was made for a point. */
struct slot {
	struct point *point;
	uint64_t address; /* 0: there is none */
	uint16_t length, trap, copy, copy_end;
	struct arch_slot_piece pieces[ARCH_SLOT_PIECES];
	unsigned int nr_pieces;
};

enum { SLOT_PLAIN, SLOT_POST, SLOT_REGION, NR_SLOTS };

/*
 * Never given back to malloc() before the box ends: signal handlers look
 * without a lock, and find a point's old or new state, but always one.
 */
struct point {
	struct point *next; /* in its bucket, or in points->unused */
	struct point *all;
	uint64_t address; /* 0: unused, or the code is gone */
	uint64_t context;
	unsigned int flags; /* R3_POINT_* */
	struct arch_instruction instructions[ARCH_REGION_COUNT];
	unsigned int count;           /* of them: one, or those of the region */
	unsigned int region;          /* bytes that they take, 0: it cannot be optimised */
	uint8_t code[ARCH_JUMP_SIZE]; /* what was there before */
	uint64_t entry;               /* where who traps there goes on, 0: nowhere */
	struct slot slots[NR_SLOTS];
};

struct points {
	pthread_mutex_t lock; /* inside of the lock around modules */
	struct point *buckets[NR_BUCKETS];
	unsigned long removals; /* from buckets, for readers that have no lock */
	struct point *all, *unused;
	unsigned int count;
	/* slots.c: by the page's place in module space, the same in a ring */
	struct slot_page **by_page, *room;
	unsigned int nr_slots, nr_pages;
	struct arch_slot_calls calls;
};

/* point.c: without a lock */
struct point *point_at(const struct points *points, uint64_t address);

/* slots.c */
int slots_init(struct r3_box *box);
void slots_free(struct r3_box *box);
/* Room in a page of slots, 0: none. */
uint64_t slot_room(struct r3_box *box, size_t length, struct slot *owner);
/* 0, -ENOMEM, -EOPNOTSUPP. */
int slot_make(struct r3_box *box, struct point *point, struct slot *slot, enum arch_slot_kind kind);
void slot_drop(struct r3_box *box, struct slot *slot);

/* What is known of an address before it is a point. */
struct place {
	struct object *object;
	const struct symbol *symbol;
	uint64_t address;
	unsigned int flags; /* R3_POINT_ENTRY, R3_POINT_FTRACE */
	struct arch_instruction instructions[ARCH_REGION_COUNT];
	unsigned int count, region;
};
/* check.c: under both locks: 0 or the errno of r3hc_point_new(). */
int place_check(struct r3_box *box, uint64_t address, struct place *place);
bool is_fentry_site(const struct object *object, uint64_t address);
/* region.c: may a jump stand at the place? Sets count and region. */
void place_find_region(struct r3_box *box, struct place *place);

/* show.c: R3_TRACE_PROBE */
void show_slot(struct r3_box *box, const struct point *point, const struct slot *slot);
void show_poke(struct r3_box *box, const struct point *point, const uint8_t *bytes, size_t length);

#endif
