/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_BOTTOM_HALF_H
#define _LINUX_BOTTOM_HALF_H

#include <linux/preempt.h>

void local_bh_disable(void);
void local_bh_enable(void);
void __local_bh_enable_ip(unsigned long ip, unsigned int cnt);

#endif
