/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_NUMA_H
#define _LINUX_NUMA_H

#include <linux/gfp.h>

#endif
