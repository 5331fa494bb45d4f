/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_BOOT_H
#define RING3_BOOT_H

#include "box/box.h"

/* Load the target's runtime and boot it. */
int boot_runtime(struct r3_box *box);
/* Forget every object and module; nothing runs any more. */
void unload_everything(struct r3_box *box);

#endif
