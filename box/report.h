/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_REPORT_H
#define RING3_REPORT_H

#include "box/box.h"

/* The box stops: the message is logged as Linux's panic(), every later call fails. */
void box_panic(struct r3_box *box, const char *message);
/* Zeroed on every vCPU; its link address, 0: no room. */
uint64_t percpu_alloc(struct r3_box *box, uint64_t size, uint64_t align);

#endif
