// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/spinlock.h>
#include "machine.h"

static DEFINE_RAW_SPINLOCK(lock);
static unsigned long shared, seen_torn;
static atomic_t ticks;

/* The handler takes the lock, too: it may never hit a section with interrupts off. */
static enum hrtimer_restart on_hrtimer(struct hrtimer *hrtimer)
{
	raw_spin_lock(&lock);
	if (shared & 1)
		seen_torn++;
	raw_spin_unlock(&lock);
	atomic_inc(&ticks);
	hrtimer_forward_now(hrtimer, ns_to_ktime(200 * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

static int run(void)
{
	struct hrtimer hrtimer;
	unsigned long flags, start;
	int before, during;

	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer.function = on_hrtimer;
	hrtimer_start(&hrtimer, ns_to_ktime(200 * NSEC_PER_USEC), HRTIMER_MODE_REL_PINNED_HARD);
	start = jiffies;
	while (time_before(jiffies, start + HZ / 10) ||
	       (atomic_read(&ticks) <= 10 && time_before(jiffies, start + 10 * HZ))) {
		raw_spin_lock_irqsave(&lock, flags);
		CHECK(irqs_disabled());
		shared++;
		ndelay(500);
		shared++;
		raw_spin_unlock_irqrestore(&lock, flags);
		CHECK(!irqs_disabled());
	}
	local_irq_save(flags);
	before = atomic_read(&ticks);
	mdelay(5);
	during = atomic_read(&ticks) - before;
	local_irq_restore(flags);
	hrtimer_cancel(&hrtimer);
	CHECK(!seen_torn);
	CHECK(before > 10);
	CHECK(during <= 1); /* one that another vCPU may have begun */
	return 0;
}
CHECK_MODULE("Interrupts come where they are on, and only there");
