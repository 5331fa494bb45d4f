/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_SPACE_H
#define RING3_SPACE_H

#include "box/box.h"

/* Reserve and map a box's address space; -ENOMEM when no slot below 2 GiB is free. */
int space_init(struct space *space, uint64_t memory_size, unsigned int cpus);
void space_release(struct space *space);

#endif
