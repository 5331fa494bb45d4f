/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_PAGES_H
#define RING3_PAGES_H

#include "box/box.h"

struct pages;

struct pages *pages_new(uint64_t base, uint64_t size);
void pages_free_all(struct pages *pages);
/* Physical address of 2^order pages, naturally aligned; ~0 when there are none. */
uint64_t page_alloc(struct pages *pages, unsigned int order, bool zero);
/* -EINVAL: not the start of an allocated block of that order. */
int page_free(struct pages *pages, uint64_t physical, unsigned int order);
int page_split(struct pages *pages, uint64_t physical, unsigned int order);
uint64_t page_count_free(struct pages *pages);

#endif
