/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SCHED_TYPES_H
#define _LINUX_SCHED_TYPES_H

#include <linux/sched.h>

#endif
