// SPDX-License-Identifier: GPL-2.0-or-later
/* The one-shot timer of each CPU, shared by all that want to be called at a time. */
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include "builtin.h"

struct event_timer {
	raw_spinlock_t lock;
	bool ready;
	u64 due[NR_EVENTS];
	u64 programmed;
};
static DEFINE_PER_CPU(struct event_timer, event_timers);

static void forget(struct event_timer *timer)
{
	int i;

	for (i = 0; i < NR_EVENTS; i++)
		timer->due[i] = EVENT_NEVER;
	timer->programmed = EVENT_NEVER;
	timer->ready = true;
}

/* ns of the box's clock, EVENT_NEVER: not any more. */
void event_program(int cpu, enum event event, u64 ns)
{
	struct event_timer *timer = per_cpu_ptr(&event_timers, cpu);
	unsigned long flags;
	u64 first = EVENT_NEVER;
	int i;

	raw_spin_lock_irqsave(&timer->lock, flags);
	if (!timer->ready)
		forget(timer);
	timer->due[event] = ns;
	for (i = 0; i < NR_EVENTS; i++)
		first = min(first, timer->due[i]);
	/* A time that is too early only finds nothing due; it costs less than changing it. */
	if (first < timer->programmed) {
		timer->programmed = first;
		r3hc_timer_program(cpu, first);
	}
	raw_spin_unlock_irqrestore(&timer->lock, flags);
}

/* The one-shot fired: whoever waits is seen to now, and says again when it is next due. */
void event_fired(void)
{
	struct event_timer *timer = this_cpu_ptr(&event_timers);

	raw_spin_lock(&timer->lock);
	forget(timer);
	raw_spin_unlock(&timer->lock);
}
