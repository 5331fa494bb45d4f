/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's half of kprobes: points in code that are probed, and what may not
 * be. Handlers, and who has registered what, are the runtime's half
 * (runtime/core/kprobes.c); the two speak in r3hc_point_*() and r3rt_probe_*()
 * of ring3/hypercall.h.
 */
#ifndef RING3_PROBE_H
#define RING3_PROBE_H

#include <stdbool.h>
#include "box/box.h"
#include "loader/loader.h"

struct points; /* of a box, box->points; NULL until the first */

/* blacklist.c: code that no probe may touch, as debugfs' kprobes/blacklist lists it. */
struct blacklisted {
	uint64_t start, end;
	const char *name;            /* of the symbol there */
	const struct object *object; /* whose it is */
};
/*
 * Under the lock around modules: every entry, the kernel's before modules', until visit
 * returns non-zero, which is returned; else 0.
 */
int blacklist_each(struct r3_box *box, int (*visit)(void *context, const struct blacklisted *entry),
		   void *context);
/* Does the address lie in one? */
bool blacklist_has(struct r3_box *box, uint64_t address);

/* point.c: what r3hc_point_*() of ring3/hypercall.h do; a handle is a struct point. */
long point_new(struct r3_box *box, uint64_t address, uint64_t context);
void point_info(struct r3_box *box, unsigned long point, struct r3_point_info *info);
int point_arm(struct r3_box *box, unsigned long point, unsigned int post);
void point_disarm(struct r3_box *box, unsigned long point);
int point_optimize(struct r3_box *box, unsigned long point);
void point_unoptimize(struct r3_box *box, unsigned long point);
void point_free(struct r3_box *box, unsigned long point);
/* A thread ran into the int3 at address: where it goes on; 0: no point of ours is there. */
uint64_t points_trapped(struct r3_box *box, uint64_t address);
/*
 * May a jump come to stand there, where the address lies behind its first
 * byte? Who is interrupted there would not find the instructions again.
 */
bool points_cover(struct r3_box *box, uint64_t address);
/* The code there is freed: nothing may be written to it any more, and nobody runs in it. */
void points_forget(struct r3_box *box, uint64_t start, uint64_t size);
void points_free(struct r3_box *box);

/* slots.c */
/* The pages that slots lie in, for /proc/kallsyms: kprobe_insn_page. Until visit returns non-zero.
 */
int points_each_page(struct r3_box *box, int (*visit)(void *context, uint64_t address),
		     void *context);
/*
 * What an address in a slot stands for: that of the instruction which was
 * copied to there. Any other address: itself. For reports and exception tables.
 */
uint64_t points_original(const struct r3_box *box, uint64_t address);
/* Is it in a page of slots? */
bool points_has(const struct r3_box *box, uint64_t address);
/* How much there is, so that tests see what leaks. */
struct points_count {
	unsigned int points, slots, pages;
};
void points_count(struct r3_box *box, struct points_count *count);

/* code.c */
/* As it was before it was probed: 0 or -EFAULT. From signal handlers, too. */
int points_read(struct r3_box *box, uint64_t address, void *to, size_t length);

#endif
