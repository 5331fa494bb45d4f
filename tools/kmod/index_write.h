/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes what index.h reads, byte for byte as kmod's depmod makes it. */
#ifndef RING3_KMOD_INDEX_WRITE_H
#define RING3_KMOD_INDEX_WRITE_H

#include "tools/kmod/buffer.h"

struct index_entry {
	const char *key, *value; /* must live until index_make() returned */
	uint32_t priority;
	uint32_t turn; /* in which it was added */
};

struct index_entries {
	struct index_entry *entries; /* owned */
	size_t count, capacity;
	bool is_sorted;
};

/* -ENOMEM; -EINVAL: the key is not ASCII, or longer than indexes may have. */
int index_add(struct index_entries *entries, const char *key, const char *value, uint32_t priority);
/* By key; values of one key as readers get them. */
void index_sort(struct index_entries *entries);
/*
 * Sort them and append the index to out. -ENOMEM; -EFBIG: places have only 28 bits.
 */
int index_make(struct index_entries *entries, struct buffer *out);
void index_entries_release(struct index_entries *entries);

#endif
