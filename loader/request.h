/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_REQUEST_H
#define RING3_REQUEST_H

#include "box/box.h"

/*
 * request_module(): load NAME and what it depends on from the box's modules
 * directory. 0, or modprobe's positive exit status as call_usermodehelper
 * returns it (256 for "not found"), or -errno.
 */
int request_module(struct r3_box *box, const char *name, int wait);
/* __symbol_get's look-up: 0 or -ENOENT. */
int export_lookup(struct r3_box *box, const char *name, uint64_t *address, int *gpl, void **owner);

#endif
