/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address ranges handed out of larger ones: vmalloc, user memory, per-CPU, module space. */
#ifndef RING3_VMALLOC_H
#define RING3_VMALLOC_H

#include "box/box.h"

struct ranges;

/* Hands out multiples of granule from [base, base + size). */
struct ranges *ranges_new(uint64_t base, uint64_t size, uint64_t granule);
void ranges_free(struct ranges *ranges);
/* 0: none left. The lowest fit, so that what was used before is used again. */
uint64_t range_take(struct ranges *ranges, uint64_t size, uint64_t align);
/* The size that was taken there; 0: nothing was. */
uint64_t range_give(struct ranges *ranges, uint64_t address);
uint64_t range_size(struct ranges *ranges, uint64_t address);
/* Something from malloc() that goes with the range taken there: whoever frees that frees it. */
void range_attach(struct ranges *ranges, uint64_t address, void *note);
/* What was attached to the range that the address lies in; NULL: nothing. */
void *range_note(struct ranges *ranges, uint64_t address);

uint64_t vmap(struct r3_box *box, const uint64_t *physical, uint64_t count,
	      unsigned int protection);
uint64_t vunmap(struct r3_box *box, uint64_t address);
uint64_t vmalloc_physical(struct r3_box *box, uint64_t address);
int64_t user_map(struct r3_box *box, uint64_t address, uint64_t length, unsigned int protection);
int64_t user_unmap(struct r3_box *box, uint64_t address, uint64_t length);

#endif
