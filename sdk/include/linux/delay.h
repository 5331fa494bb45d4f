/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

#include <linux/jiffies.h>
#include <linux/sched.h>

void __udelay(unsigned long usecs);
void __ndelay(unsigned long nsecs);
#define udelay(n) __udelay(n)
#define ndelay(n) __ndelay(n)
#define mdelay(n) __udelay((n)*1000UL)
void msleep(unsigned int msecs);
unsigned long msleep_interruptible(unsigned int msecs);
void usleep_range_state(unsigned long min, unsigned long max, unsigned int state);
static inline void usleep_range(unsigned long min, unsigned long max)
{
	usleep_range_state(min, max, TASK_UNINTERRUPTIBLE);
}
static inline void usleep_idle_range(unsigned long min, unsigned long max)
{
	usleep_range_state(min, max, TASK_IDLE);
}
static inline void ssleep(unsigned int seconds)
{
	msleep(seconds * 1000);
}
void fsleep(unsigned long usecs);

#endif
