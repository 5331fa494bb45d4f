/* SPDX-License-Identifier: GPL-2.0-or-later */
/* insmod -v in a box of ring3: who does what, step by step. Other kernels do not tell. */
#ifndef RING3_KMOD_STEPS_H
#define RING3_KMOD_STEPS_H

/* -1: there is nothing to be told, and the others do nothing then. */
int steps_open(void);
/* What the tool hands over. */
void steps_tell_call(int steps, const char *path, const char *parameters);
/* What the kernel made of it, 0 or -errno; steps is closed. */
void steps_close(int steps, int result);

#endif
