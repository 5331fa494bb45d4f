/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SCHED_TASK_H
#define _LINUX_SCHED_TASK_H

#include <linux/sched.h>

#endif
