/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the kernel command line that the host's side goes by. */
#ifndef RING3_CMDLINE_H
#define RING3_CMDLINE_H

#include "box/box.h"

/*
 * What follows the last "name=", up to the next blank or the end; a blank or
 * the end itself for "name" alone. NULL: it is not there.
 */
const char *cmdline_find(const struct r3_box *box, const char *name);

#endif
