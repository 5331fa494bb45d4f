/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code that changes: what alternatives, jump labels and static calls share. */
#ifndef RING3_LINUX_PATCH_H
#define RING3_LINUX_PATCH_H

#include <linux/types.h>
#include <ring3/hypercall.h>

/* alternative.c */
void patch_nops(u8 *to, size_t length);
void patch_branch(u8 *to, u8 opcode, unsigned long address, unsigned long target);

/* thunks.S */
extern void nop_func(void);
extern void BUG_func(void);

/* jump_label.c */
int jump_labels_added(const struct r3_object *object);
void jump_labels_removed(const struct r3_object *object);
void jump_labels_freed(const struct r3_object *object, unsigned long start, unsigned long size);

/* dyndbg.c */
int debug_sites_added(const struct r3_object *object);
void debug_sites_removed(const struct r3_object *object);

#endif
