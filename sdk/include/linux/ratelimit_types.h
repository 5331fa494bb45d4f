/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_RATELIMIT_TYPES_H
#define _LINUX_RATELIMIT_TYPES_H

#include <linux/spinlock_types.h>

#define DEFAULT_RATELIMIT_INTERVAL (5 * 250)
#define DEFAULT_RATELIMIT_BURST    10
#define RATELIMIT_MSG_ON_RELEASE   1

struct ratelimit_state {
	raw_spinlock_t lock;
	int interval; /* jiffies */
	int burst;
	int printed;
	int missed;
	unsigned long begin;
	unsigned long flags;
};
#define RATELIMIT_STATE_INIT(name, interval_init, burst_init)                                      \
	{                                                                                          \
		.lock = __RAW_SPIN_LOCK_UNLOCKED(name.lock), .interval = interval_init,            \
		.burst = burst_init,                                                               \
	}
#define DEFINE_RATELIMIT_STATE(name, interval_init, burst_init)                                    \
	struct ratelimit_state name = RATELIMIT_STATE_INIT(name, interval_init, burst_init)
int ___ratelimit(struct ratelimit_state *rs, const char *func);
#define __ratelimit(state) ___ratelimit(state, __func__)

#endif
