/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_FREEZER_H
#define _LINUX_FREEZER_H

#include <linux/sched.h>

/* The box is never suspended. */
static inline bool try_to_freeze(void)
{
	return false;
}
static inline void set_freezable(void)
{
}

#endif
