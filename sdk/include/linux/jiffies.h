/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/param.h>
#include <linux/time.h>
#include <linux/typecheck.h>
#include <linux/types.h>

extern unsigned long volatile jiffies;
/* Five minutes before it wraps at 32 bits, so that code that gets that wrong shows it. */
#define INITIAL_JIFFIES ((unsigned long)(unsigned int)(-300 * HZ))
u64 get_jiffies_64(void);

#define time_after(a, b)                                                                           \
	(typecheck(unsigned long, a) && typecheck(unsigned long, b) && ((long)((b) - (a)) < 0))
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b)                                                                        \
	(typecheck(unsigned long, a) && typecheck(unsigned long, b) && ((long)((a) - (b)) >= 0))
#define time_before_eq(a, b)         time_after_eq(b, a)
#define time_in_range(a, b, c)       (time_after_eq(a, b) && time_before_eq(a, c))
#define time_after64(a, b)           (typecheck(__u64, a) && typecheck(__u64, b) && ((__s64)((b) - (a)) < 0))
#define time_before64(a, b)          time_after64(b, a)
#define time_is_before_jiffies(a)    time_after(jiffies, a)
#define time_is_after_jiffies(a)     time_before(jiffies, a)
#define time_is_before_eq_jiffies(a) time_after_eq(jiffies, a)

#define MAX_JIFFY_OFFSET             ((LONG_MAX >> 1) - 1)
#define TICK_NSEC                    (NSEC_PER_SEC / HZ)

unsigned int jiffies_to_msecs(const unsigned long j);
unsigned int jiffies_to_usecs(const unsigned long j);
unsigned long __msecs_to_jiffies(const unsigned int m);
unsigned long __usecs_to_jiffies(const unsigned int u);
unsigned long nsecs_to_jiffies(u64 n);
clock_t jiffies_to_clock_t(unsigned long x);
#define msecs_to_jiffies(m) __msecs_to_jiffies(m)
#define usecs_to_jiffies(u) __usecs_to_jiffies(u)
static inline u64 jiffies_to_nsecs(const unsigned long j)
{
	return (u64)j * TICK_NSEC;
}

#endif
