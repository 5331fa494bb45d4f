/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/rbtree_types.h>
#include <linux/stddef.h>

struct timer_list {
	struct rb_node node; /* in its CPU's tree, by expires, while pending */
	unsigned long expires;
	void (*function)(struct timer_list *timer);
	u32 flags; /* TIMER_*, and the CPU */
	u32 pending;
};
#define TIMER_CPUMASK    0x0003FFFF
#define TIMER_MIGRATING  0x00040000
#define TIMER_DEFERRABLE 0x00080000
#define TIMER_PINNED     0x00100000
#define TIMER_IRQSAFE    0x00200000

#define __TIMER_INITIALIZER(_function, _flags)                                                     \
	{                                                                                          \
		.function = (_function), .flags = (_flags)                                         \
	}
#define DEFINE_TIMER(_name, _function) struct timer_list _name = __TIMER_INITIALIZER(_function, 0)
void init_timer_key(struct timer_list *timer, void (*func)(struct timer_list *), unsigned int flags,
		    const char *name, struct lock_class_key *key);
#define timer_setup(timer, callback, flags)          init_timer_key((timer), (callback), (flags), NULL, NULL)
#define timer_setup_on_stack(timer, callback, flags) timer_setup(timer, callback, flags)
static inline void destroy_timer_on_stack(struct timer_list *timer)
{
}
#define from_timer(var, callback_timer, timer_fieldname)                                           \
	container_of(callback_timer, typeof(*var), timer_fieldname)
static inline int timer_pending(const struct timer_list *timer)
{
	return READ_ONCE(timer->pending);
}
void add_timer(struct timer_list *timer);
void add_timer_on(struct timer_list *timer, int cpu);
int mod_timer(struct timer_list *timer, unsigned long expires);
int mod_timer_pending(struct timer_list *timer, unsigned long expires);
int timer_reduce(struct timer_list *timer, unsigned long expires);
int del_timer(struct timer_list *timer);
int try_to_del_timer_sync(struct timer_list *timer);
int del_timer_sync(struct timer_list *timer);
#define timer_delete(t)              del_timer(t)
#define timer_delete_sync(t)         del_timer_sync(t)
#define del_singleshot_timer_sync(t) del_timer_sync(t)
unsigned long round_jiffies(unsigned long j);
unsigned long round_jiffies_relative(unsigned long j);

#endif
