/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SCHED_CLOCK_H
#define _LINUX_SCHED_CLOCK_H

#include <linux/timekeeping.h>

#endif
