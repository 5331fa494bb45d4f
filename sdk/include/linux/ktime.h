/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/jiffies.h>
#include <linux/time.h>
#include <linux/types.h>

typedef s64 ktime_t;

#define KTIME_MAX     ((s64) ~((u64)1 << 63))
#define KTIME_SEC_MAX (KTIME_MAX / NSEC_PER_SEC)
static inline ktime_t ktime_set(const s64 secs, const unsigned long nsecs)
{
	return secs * NSEC_PER_SEC + (s64)nsecs;
}
#define ktime_sub(lhs, rhs)     ((lhs) - (rhs))
#define ktime_add(lhs, rhs)     ((lhs) + (rhs))
#define ktime_add_ns(kt, nsval) ((kt) + (nsval))
#define ktime_sub_ns(kt, nsval) ((kt) - (nsval))
#define ktime_to_ns(kt)         (kt)
#define ns_to_ktime(ns)         ((ktime_t)(ns))
#define ms_to_ktime(ms)         ((ktime_t)((ms)*NSEC_PER_MSEC))
#define us_to_ktime(us)         ((ktime_t)((us)*NSEC_PER_USEC))
static inline s64 ktime_to_us(const ktime_t kt)
{
	return kt / NSEC_PER_USEC;
}
static inline s64 ktime_to_ms(const ktime_t kt)
{
	return kt / NSEC_PER_MSEC;
}
static inline int ktime_compare(const ktime_t a, const ktime_t b)
{
	return a < b ? -1 : a > b;
}
static inline bool ktime_after(const ktime_t a, const ktime_t b)
{
	return a > b;
}
static inline bool ktime_before(const ktime_t a, const ktime_t b)
{
	return a < b;
}
static inline ktime_t ktime_add_us(const ktime_t kt, const u64 usec)
{
	return kt + usec * NSEC_PER_USEC;
}
static inline ktime_t ktime_add_ms(const ktime_t kt, const u64 msec)
{
	return kt + msec * NSEC_PER_MSEC;
}
static inline s64 ktime_us_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_us(later - earlier);
}
static inline s64 ktime_ms_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_ms(later - earlier);
}
#define ktime_to_timespec64(kt) ns_to_timespec64(kt)

#include <linux/timekeeping.h>

#endif
