/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SIGNAL_H
#define _LINUX_SIGNAL_H

#include <linux/sched.h>

#endif
