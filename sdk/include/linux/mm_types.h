/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>

struct page {
	unsigned long flags;
	struct list_head lru;
	void *mapping;
	pgoff_t index;
	unsigned long private;
	unsigned int order;
	atomic_t _refcount;
	unsigned long _unused;
};

#endif
