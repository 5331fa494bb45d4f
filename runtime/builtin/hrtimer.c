// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Timers of the clock's own resolution. Their callbacks run in the timer
 * interrupt, or in a softirq if they were made so.
 */
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include "builtin.h"

#define MIGRATING (-1) /* in hrtimer.cpu: between two CPUs */

struct hrtimer_base {
	raw_spinlock_t lock;
	struct rb_root_cached timers;
	struct hrtimer *running;
};
/* [0]: called in the interrupt, [1]: in the softirq */
static DEFINE_PER_CPU(struct hrtimer_base[2], bases);

static struct hrtimer_base *base_on(const struct hrtimer *timer, int cpu)
{
	return &(*per_cpu_ptr(&bases, cpu))[timer->is_soft];
}

static struct hrtimer *timer_of(struct rb_node *node)
{
	return rb_entry_safe(node, struct hrtimer, node.node);
}

static struct hrtimer_base *lock_base(const struct hrtimer *timer, unsigned long *flags)
{
	unsigned int spins = 0;

	for (;;) {
		int cpu = READ_ONCE(timer->cpu);

		if (cpu != MIGRATING) {
			struct hrtimer_base *base = base_on(timer, cpu);

			raw_spin_lock_irqsave(&base->lock, *flags);
			if (READ_ONCE(timer->cpu) == cpu)
				return base;
			raw_spin_unlock_irqrestore(&base->lock, *flags);
		}
		spin_relax(&spins);
	}
}

static void program(struct hrtimer_base *base, int cpu, bool is_soft)
{
	struct hrtimer *first = timer_of(rb_first_cached(&base->timers));

	event_program(cpu, is_soft ? EVENT_HRTIMER_SOFT : EVENT_HRTIMER,
		      first ? (u64)max(first->node.expires, (ktime_t)0) : EVENT_NEVER);
}

static void enqueue(struct hrtimer_base *base, struct hrtimer *timer)
{
	struct rb_node **link = &base->timers.rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (timer->node.expires < timer_of(parent)->node.expires) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&timer->node.node, parent, link);
	rb_insert_color_cached(&timer->node.node, &base->timers, leftmost);
	WRITE_ONCE(timer->state, HRTIMER_STATE_ENQUEUED);
	if (leftmost)
		program(base, timer->cpu, timer->is_soft);
}

static bool dequeue(struct hrtimer_base *base, struct hrtimer *timer)
{
	if (!(timer->state & HRTIMER_STATE_ENQUEUED))
		return false;
	rb_erase_cached(&timer->node.node, &base->timers);
	WRITE_ONCE(timer->state, HRTIMER_STATE_INACTIVE);
	return true;
}

void hrtimer_init(struct hrtimer *timer, clockid_t which_clock, enum hrtimer_mode mode)
{
	*timer = (struct hrtimer){
		.cpu = raw_smp_processor_id(),
		.is_soft = !!(mode & HRTIMER_MODE_SOFT),
	};
	if (which_clock == CLOCK_REALTIME || which_clock == CLOCK_TAI)
		timer->offset = ktime_get_real_ns() - ktime_get_ns();
}
EXPORT_SYMBOL_GPL(hrtimer_init);

/* To this CPU, unless its callback is running elsewhere: cancelling looks for it there. */
static struct hrtimer_base *bring_here(struct hrtimer_base *base, struct hrtimer *timer)
{
	int here = raw_smp_processor_id();
	struct hrtimer_base *new = base_on(timer, here);

	if (base == new || base->running == timer)
		return base;
	WRITE_ONCE(timer->cpu, MIGRATING);
	raw_spin_unlock(&base->lock);
	raw_spin_lock(&new->lock);
	WRITE_ONCE(timer->cpu, here);
	return new;
}

void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 range_ns,
			    const enum hrtimer_mode mode)
{
	struct hrtimer_base *base;
	unsigned long flags;

	if (WARN_ON_ONCE(!timer->function))
		return;
	base = lock_base(timer, &flags);
	dequeue(base, timer);
	if (mode & HRTIMER_MODE_REL)
		timer->node.expires = tim > KTIME_MAX - (ktime_t)ktime_get_ns()
					      ? KTIME_MAX
					      : (ktime_t)ktime_get_ns() + tim;
	else
		hrtimer_set_expires(timer, tim);
	timer->_softexpires = timer->node.expires;
	base = bring_here(base, timer);
	enqueue(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
}
EXPORT_SYMBOL_GPL(hrtimer_start_range_ns);

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	struct hrtimer_base *base;
	unsigned long flags;
	int ret = -1;

	base = lock_base(timer, &flags);
	if (base->running != timer)
		ret = dequeue(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}
EXPORT_SYMBOL_GPL(hrtimer_try_to_cancel);

int hrtimer_cancel(struct hrtimer *timer)
{
	unsigned int spins = 0;
	int ret;

	while ((ret = hrtimer_try_to_cancel(timer)) < 0)
		spin_relax(&spins);
	return ret;
}
EXPORT_SYMBOL_GPL(hrtimer_cancel);

bool hrtimer_active(const struct hrtimer *timer)
{
	struct hrtimer_base *base;
	unsigned long flags;
	bool active;

	base = lock_base(timer, &flags);
	active = timer->state != HRTIMER_STATE_INACTIVE || base->running == timer;
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return active;
}
EXPORT_SYMBOL_GPL(hrtimer_active);

ktime_t hrtimer_cb_get_time(const struct hrtimer *timer)
{
	return (ktime_t)ktime_get_ns() + timer->offset;
}
EXPORT_SYMBOL_GPL(hrtimer_cb_get_time);

ktime_t __hrtimer_get_remaining(const struct hrtimer *timer, bool adjust)
{
	return hrtimer_get_expires(timer) - hrtimer_cb_get_time(timer);
}
EXPORT_SYMBOL_GPL(__hrtimer_get_remaining);

/* Push the expiry past now by whole intervals; how many. */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	ktime_t late = now - hrtimer_get_expires(timer);
	u64 overruns;

	if (late < 0 || WARN_ON(timer->state & HRTIMER_STATE_ENQUEUED))
		return 0;
	overruns = late / max(interval, (ktime_t)1) + 1;
	hrtimer_add_expires_ns(timer, overruns * max(interval, (ktime_t)1));
	return overruns;
}
EXPORT_SYMBOL_GPL(hrtimer_forward);

/* Under the base's lock, which is given up during the callback. */
static void call(struct hrtimer_base *base, struct hrtimer *timer, unsigned long flags)
{
	unsigned long restart;

	dequeue(base, timer);
	base->running = timer;
	raw_spin_unlock_irqrestore(&base->lock, flags);
	if (!machine_call_back(timer->function, timer, &restart))
		restart = HRTIMER_NORESTART;
	raw_spin_lock_irq(&base->lock);
	/* Somebody may have started it again meanwhile. */
	if ((int)restart != HRTIMER_NORESTART && !(timer->state & HRTIMER_STATE_ENQUEUED))
		enqueue(base, timer);
	base->running = NULL;
}

static void run_expired(bool is_soft)
{
	struct hrtimer_base *base = &(*this_cpu_ptr(&bases))[is_soft];
	struct hrtimer *timer;
	unsigned long flags;
	ktime_t now;

	raw_spin_lock_irqsave(&base->lock, flags);
	now = ktime_get_ns();
	while ((timer = timer_of(rb_first_cached(&base->timers))) && timer->node.expires <= now)
		call(base, timer, flags);
	program(base, raw_smp_processor_id(), is_soft);
	raw_spin_unlock_irqrestore(&base->lock, flags);
}

/* In the timer interrupt. */
void hrtimer_interrupt(void)
{
	if (rb_first_cached(&(*this_cpu_ptr(&bases))[0].timers))
		run_expired(false);
	if (rb_first_cached(&(*this_cpu_ptr(&bases))[1].timers))
		__raise_softirq_irqoff(HRTIMER_SOFTIRQ);
}

void hrtimer_softirq(struct softirq_action *action)
{
	run_expired(true);
}

/* ---- sleeping ---- */

struct hrtimer_sleeper {
	struct hrtimer timer;
	struct task_struct *task;
};

static enum hrtimer_restart wake_sleeper(struct hrtimer *timer)
{
	struct hrtimer_sleeper *sleeper = container_of(timer, struct hrtimer_sleeper, timer);
	struct task_struct *task = sleeper->task;

	WRITE_ONCE(sleeper->task, NULL);
	wake_up_process(task);
	return HRTIMER_NORESTART;
}

/* 0: the time is over; -EINTR: somebody woke the task before. NULL expires: no end. */
int schedule_hrtimeout_range(ktime_t *expires, u64 delta, const enum hrtimer_mode mode)
{
	struct hrtimer_sleeper sleeper = {.task = current};

	if (!expires) {
		schedule();
		return -EINTR;
	}
	if (!*expires) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	hrtimer_init(&sleeper.timer, CLOCK_MONOTONIC, mode);
	sleeper.timer.function = wake_sleeper;
	hrtimer_start_range_ns(&sleeper.timer, *expires, delta, mode);
	schedule();
	hrtimer_cancel(&sleeper.timer);
	__set_current_state(TASK_RUNNING);
	return READ_ONCE(sleeper.task) ? -EINTR : 0;
}
EXPORT_SYMBOL_GPL(schedule_hrtimeout_range);

int schedule_hrtimeout(ktime_t *expires, const enum hrtimer_mode mode)
{
	return schedule_hrtimeout_range(expires, 0, mode);
}
EXPORT_SYMBOL_GPL(schedule_hrtimeout);

void usleep_range_state(unsigned long min, unsigned long max, unsigned int state)
{
	ktime_t end = (ktime_t)ktime_get_ns() + min * NSEC_PER_USEC;

	for (;;) {
		__set_current_state(state);
		if (!schedule_hrtimeout_range(&end, (max - min) * NSEC_PER_USEC, HRTIMER_MODE_ABS))
			break;
	}
}
EXPORT_SYMBOL(usleep_range_state);
