// SPDX-License-Identifier: GPL-2.0-or-later
/* Timers: each CPU has a tree of them, the host's one-shot is set to the first. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include "builtin.h"

struct timer_base {
	raw_spinlock_t lock;
	struct rb_root_cached timers;
	struct timer_list *running;
};
static DEFINE_PER_CPU(struct timer_base, bases);

void init_timer_key(struct timer_list *timer, void (*func)(struct timer_list *), unsigned int flags,
		    const char *name, struct lock_class_key *key)
{
	timer->pending = 0;
	timer->function = func;
	timer->flags = (flags & ~TIMER_CPUMASK) | raw_smp_processor_id();
}
EXPORT_SYMBOL(init_timer_key);

/* The base that the timer belongs to, which may change until it is locked. */
static struct timer_base *lock_base(struct timer_list *timer, unsigned long *flags)
{
	unsigned int spins = 0;

	for (;;) {
		u32 place = READ_ONCE(timer->flags);
		struct timer_base *base = per_cpu_ptr(&bases, place & TIMER_CPUMASK);

		if (!(place & TIMER_MIGRATING)) {
			raw_spin_lock_irqsave(&base->lock, *flags);
			if (READ_ONCE(timer->flags) == place)
				return base;
			raw_spin_unlock_irqrestore(&base->lock, *flags);
		}
		spin_relax(&spins);
	}
}

static struct timer_list *first_timer(struct timer_base *base)
{
	return rb_entry_safe(rb_first_cached(&base->timers), struct timer_list, node);
}

static void program(struct timer_base *base, int cpu)
{
	struct timer_list *first = first_timer(base);

	event_program(cpu, EVENT_TIMER, first ? jiffies_to_clock_ns(first->expires) : EVENT_NEVER);
}

static void detach(struct timer_base *base, struct timer_list *timer)
{
	rb_erase_cached(&timer->node, &base->timers);
	WRITE_ONCE(timer->pending, 0);
}

/* Of those that expire together, the one that was added last is the first, as in Linux's wheel. */
static void attach(struct timer_base *base, struct timer_list *timer)
{
	struct rb_node **link = &base->timers.rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		struct timer_list *other = rb_entry(*link, struct timer_list, node);

		parent = *link;
		if (time_before_eq(timer->expires, other->expires)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&timer->node, parent, link);
	rb_insert_color_cached(&timer->node, &base->timers, leftmost);
	WRITE_ONCE(timer->pending, 1);
	if (leftmost)
		program(base, timer->flags & TIMER_CPUMASK);
}

/*
 * Move the detached timer to another CPU's base; locked before and after.
 * While its callback runs it stays where it is, so that del_timer_sync finds it.
 */
static struct timer_base *move(struct timer_base *base, struct timer_list *timer, int cpu)
{
	struct timer_base *new = per_cpu_ptr(&bases, cpu);
	u32 place = timer->flags & ~TIMER_CPUMASK;

	if (base == new || base->running == timer)
		return base;
	WRITE_ONCE(timer->flags, timer->flags | TIMER_MIGRATING);
	raw_spin_unlock(&base->lock);
	raw_spin_lock(&new->lock);
	WRITE_ONCE(timer->flags, place | cpu);
	return new;
}

#define MOD_PENDING_ONLY 1
#define MOD_REDUCE       2

static int modify(struct timer_list *timer, unsigned long expires, int cpu, unsigned int options)
{
	struct timer_base *base;
	unsigned long flags;
	int was_pending;

	BUG_ON(!timer->function);
	jiffies_start();
	base = lock_base(timer, &flags);
	was_pending = timer->pending;
	if (!was_pending && (options & MOD_PENDING_ONLY))
		goto out;
	if (was_pending && (options & MOD_REDUCE) && time_before_eq(timer->expires, expires))
		goto out;
	if (was_pending)
		detach(base, timer);
	if (!(timer->flags & TIMER_PINNED) || cpu != raw_smp_processor_id())
		base = move(base, timer, cpu);
	timer->expires = expires;
	attach(base, timer);
out:
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was_pending;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	return modify(timer, expires, raw_smp_processor_id(), 0);
}
EXPORT_SYMBOL(mod_timer);

int mod_timer_pending(struct timer_list *timer, unsigned long expires)
{
	return modify(timer, expires, raw_smp_processor_id(), MOD_PENDING_ONLY);
}
EXPORT_SYMBOL(mod_timer_pending);

int timer_reduce(struct timer_list *timer, unsigned long expires)
{
	return modify(timer, expires, raw_smp_processor_id(), MOD_REDUCE);
}
EXPORT_SYMBOL(timer_reduce);

void add_timer(struct timer_list *timer)
{
	BUG_ON(timer_pending(timer));
	mod_timer(timer, timer->expires);
}
EXPORT_SYMBOL(add_timer);

void add_timer_on(struct timer_list *timer, int cpu)
{
	BUG_ON(timer_pending(timer));
	modify(timer, timer->expires, cpu, 0);
}
EXPORT_SYMBOL_GPL(add_timer_on);

int del_timer(struct timer_list *timer)
{
	struct timer_base *base;
	unsigned long flags;
	int was_pending;

	if (!timer_pending(timer))
		return 0;
	base = lock_base(timer, &flags);
	was_pending = timer->pending;
	if (was_pending)
		detach(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return was_pending;
}
EXPORT_SYMBOL(del_timer);

/* -1 if its callback is running. */
int try_to_del_timer_sync(struct timer_list *timer)
{
	struct timer_base *base;
	unsigned long flags;
	int ret = -1;

	base = lock_base(timer, &flags);
	if (base->running != timer) {
		ret = timer->pending;
		if (ret)
			detach(base, timer);
	}
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}
EXPORT_SYMBOL(try_to_del_timer_sync);

int del_timer_sync(struct timer_list *timer)
{
	unsigned int spins = 0;
	int ret;

	WARN_ON(in_hardirq() && !(timer->flags & TIMER_IRQSAFE));
	while ((ret = try_to_del_timer_sync(timer)) < 0)
		spin_relax(&spins);
	return ret;
}
EXPORT_SYMBOL(del_timer_sync);

static void call_timer(struct timer_list *timer, void (*function)(struct timer_list *))
{
	int before = preempt_count();
	unsigned long unused;

	machine_call_back(function, timer, &unused);
	if (before != preempt_count()) {
		WARN_ONCE(1, "timer: %pS preempt leak: %08x -> %08x\n", function, before,
			  preempt_count());
		preempt_count_set(before);
	}
}

void timer_softirq(struct softirq_action *action)
{
	struct timer_base *base = this_cpu_ptr(&bases);
	struct timer_list *timer;

	raw_spin_lock_irq(&base->lock);
	while ((timer = first_timer(base)) && time_after_eq(jiffies, timer->expires)) {
		void (*function)(struct timer_list *) = timer->function;

		detach(base, timer);
		base->running = timer;
		if (timer->flags & TIMER_IRQSAFE) {
			raw_spin_unlock(&base->lock);
			call_timer(timer, function);
			raw_spin_lock(&base->lock);
		} else {
			raw_spin_unlock_irq(&base->lock);
			call_timer(timer, function);
			raw_spin_lock_irq(&base->lock);
		}
		base->running = NULL;
	}
	program(base, smp_processor_id());
	raw_spin_unlock_irq(&base->lock);
}
