/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_TIME64_H
#define _LINUX_TIME64_H

#include <linux/types.h>

#define MSEC_PER_SEC  1000L
#define USEC_PER_MSEC 1000L
#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define USEC_PER_SEC  1000000L
#define NSEC_PER_SEC  1000000000L
#define PSEC_PER_SEC  1000000000000LL
#define FSEC_PER_SEC  1000000000000000LL

struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};
static inline s64 timespec64_to_ns(const struct timespec64 *ts)
{
	return ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}
struct timespec64 ns_to_timespec64(s64 nsec);

#endif
