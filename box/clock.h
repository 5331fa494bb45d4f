/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The box's clock and what it drives: tick, one-shot timers, jiffies, interrupts of idle vCPUs. */
#ifndef RING3_CLOCK_H
#define RING3_CLOCK_H

#include "box/box.h"

struct clock;

struct clock *clock_new(struct r3_box *box);
/* It runs no longer, but kernel threads may still set it. */
void clock_stop(struct r3_box *box);
void clock_free(struct r3_box *box);
uint64_t clock_now(void);                           /* ns of the host's CLOCK_MONOTONIC */
uint64_t clock_monotonic(const struct r3_box *box); /* ns since boot */
/* The same for kernel code, which never sees jiffies lag behind a time that it has read. */
uint64_t clock_read(struct r3_box *box);
uint64_t clock_realtime(void);
void clock_tick(struct r3_box *box, unsigned int hz);
void clock_jiffies(struct r3_box *box, uint64_t *counter, unsigned int hz);
void clock_program(struct r3_box *box, unsigned int cpu, uint64_t expires);
/* Make bits pending on a vCPU and see that they are taken. */
void interrupt_raise(struct r3_box *box, unsigned int cpu, unsigned int bits);

#endif
