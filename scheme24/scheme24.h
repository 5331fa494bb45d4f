/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's half of Linux 2.4's module scheme, for who serves clients. The
 * binary interface and what each call does: include/ring3/scheme24.h.
 */
#ifndef RING3_SCHEME24_SCHEME24_H
#define RING3_SCHEME24_SCHEME24_H

#include <stdio.h>
#include <ring3/scheme24.h>
#include "box/box.h"

static inline bool box_is_24(const struct r3_box *box)
{
	return box->options.flags & R3_BOX_SCHEME_2_4;
}

/* Where an image is read from, once: 0 or -EFAULT. */
struct image_source {
	int (*read)(void *context, uint64_t offset, void *data, size_t size);
	void *context;
};

/* As r3_*_module(); a vCPU must be held (box_enter()), the lock not. */
int scheme24_create(struct r3_box *box, const char *name, size_t size, uint64_t *address);
int scheme24_init(struct r3_box *box, const char *name, const struct image_source *source);
int scheme24_delete(struct r3_box *box, const char *name);
int scheme24_reap(struct r3_box *box);

/* The answer to a query: its bytes, to be freed, and what *ret gets when they fit. */
struct query_reply {
	char *data;
	size_t length, count;
};
int scheme24_query(struct r3_box *box, const char *name, int which, struct query_reply *reply);
/* An array of r3_24_kernel_symbol, to be freed: how many, or -ENOMEM. */
long scheme24_kernel_symbols(struct r3_box *box, struct r3_24_kernel_symbol **table);

/* What the box keeps for it; when its modules are gone. */
void scheme24_free(struct r3_box *box);

/* /proc/modules and /proc/ksyms. */
void scheme24_show_modules(struct r3_box *box, FILE *text);
int scheme24_show_symbols(struct r3_box *box, FILE *text);

#endif
