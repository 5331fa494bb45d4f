/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

#include <asm/current.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

typedef struct wait_queue_entry wait_queue_entry_t;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
				 void *key);

#define WQ_FLAG_EXCLUSIVE 0x01
#define WQ_FLAG_WOKEN     0x02
#define WQ_FLAG_PRIORITY  0x10

struct wait_queue_entry {
	unsigned int flags;
	void *private;
	wait_queue_func_t func;
	struct list_head entry;
};
struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
};
typedef struct wait_queue_head wait_queue_head_t;

int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
			  void *key);
int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync,
			     void *key);
int woken_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync, void *key);
long wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout);

#define __WAITQUEUE_INITIALIZER(name, tsk)                                                         \
	{                                                                                          \
		.private = tsk, .func = default_wake_function, .entry = { NULL, NULL }             \
	}
#define DECLARE_WAITQUEUE(name, tsk)                                                               \
	struct wait_queue_entry name = __WAITQUEUE_INITIALIZER(name, tsk)
#define __WAIT_QUEUE_HEAD_INITIALIZER(name)                                                        \
	{                                                                                          \
		.lock = __SPIN_LOCK_UNLOCKED(name.lock), .head = LIST_HEAD_INIT(name.head)         \
	}
#define DECLARE_WAIT_QUEUE_HEAD(name)                                                              \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD(name)
#define DEFINE_WAIT_FUNC(name, function)                                                           \
	struct wait_queue_entry name = {                                                           \
		.private = current,                                                                \
		.func = function,                                                                  \
		.entry = LIST_HEAD_INIT((name).entry),                                             \
	}
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)

void __init_waitqueue_head(struct wait_queue_head *wq_head, const char *name,
			   struct lock_class_key *key);
#define init_waitqueue_head(wq_head)                                                               \
	do {                                                                                       \
		static struct lock_class_key __key;                                                \
		__init_waitqueue_head((wq_head), #wq_head, &__key);                                \
	} while (0)
static inline void init_waitqueue_entry(struct wait_queue_entry *wq_entry, struct task_struct *p)
{
	wq_entry->flags = 0;
	wq_entry->private = p;
	wq_entry->func = default_wake_function;
}
static inline void init_waitqueue_func_entry(struct wait_queue_entry *wq_entry,
					     wait_queue_func_t func)
{
	wq_entry->flags = 0;
	wq_entry->private = NULL;
	wq_entry->func = func;
}
void init_wait_entry(struct wait_queue_entry *wq_entry, int flags);
#define init_wait(wait)                                                                            \
	do {                                                                                       \
		(wait)->private = current;                                                         \
		(wait)->func = autoremove_wake_function;                                           \
		INIT_LIST_HEAD(&(wait)->entry);                                                    \
		(wait)->flags = 0;                                                                 \
	} while (0)
static inline int waitqueue_active(struct wait_queue_head *wq_head)
{
	return !list_empty(&wq_head->head);
}
static inline bool wq_has_sleeper(struct wait_queue_head *wq_head)
{
	smp_mb();
	return waitqueue_active(wq_head);
}
static inline void __add_wait_queue(struct wait_queue_head *wq_head,
				    struct wait_queue_entry *wq_entry)
{
	list_add(&wq_entry->entry, &wq_head->head);
}
static inline void __add_wait_queue_entry_tail(struct wait_queue_head *wq_head,
					       struct wait_queue_entry *wq_entry)
{
	list_add_tail(&wq_entry->entry, &wq_head->head);
}
static inline void __remove_wait_queue(struct wait_queue_head *wq_head,
				       struct wait_queue_entry *wq_entry)
{
	list_del(&wq_entry->entry);
}
void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state);
bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			       int state);
long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			   int state);
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

void __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr, void *key);
void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr);
void __wake_up_sync(struct wait_queue_head *wq_head, unsigned int mode);
#define wake_up(x)                      __wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr)               __wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x)                  __wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_locked(x)               __wake_up_locked((x), TASK_NORMAL, 1)
#define wake_up_all_locked(x)           __wake_up_locked((x), TASK_NORMAL, 0)
#define wake_up_sync(x)                 __wake_up_sync(x, TASK_NORMAL)
#define wake_up_interruptible(x)        __wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(x, nr) __wake_up(x, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(x)    __wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_sync(x)   __wake_up_sync(x, TASK_INTERRUPTIBLE)
#define wake_up_poll(x, m)              __wake_up(x, TASK_NORMAL, 1, (void *)(unsigned long)(m))
#define wake_up_interruptible_poll(x, m)                                                           \
	__wake_up(x, TASK_INTERRUPTIBLE, 1, (void *)(unsigned long)(m))

#define ___wait_is_interruptible(state) ((state) & (TASK_INTERRUPTIBLE | TASK_WAKEKILL))
/* Sleep by command until the condition holds; the value is -ERESTARTSYS or initial. */
#define ___wait_event(wq_head, condition, state, exclusive, initial, command)                      \
	({                                                                                         \
		__label__ __out;                                                                   \
		struct wait_queue_entry __wq_entry;                                                \
		long __ret = initial;                                                              \
                                                                                                   \
		init_wait_entry(&__wq_entry, exclusive ? WQ_FLAG_EXCLUSIVE : 0);                   \
		for (;;) {                                                                         \
			long __int = prepare_to_wait_event(&wq_head, &__wq_entry, state);          \
                                                                                                   \
			if (condition)                                                             \
				break;                                                             \
			if (___wait_is_interruptible(state) && __int) {                            \
				__ret = __int;                                                     \
				goto __out;                                                        \
			}                                                                          \
			command;                                                                   \
		}                                                                                  \
		finish_wait(&wq_head, &__wq_entry);                                                \
	__out:                                                                                     \
		__ret;                                                                             \
	})
/* True if waiting is over; a timeout with the condition true counts as 1 jiffy left. */
#define ___wait_cond_timeout(condition)                                                            \
	({                                                                                         \
		bool __cond = (condition);                                                         \
		if (__cond && !__ret)                                                              \
			__ret = 1;                                                                 \
		__cond || !__ret;                                                                  \
	})

#define wait_event(wq_head, condition)                                                             \
	do {                                                                                       \
		might_sleep();                                                                     \
		if (condition)                                                                     \
			break;                                                                     \
		(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, schedule());   \
	} while (0)
#define io_wait_event(wq_head, condition) wait_event(wq_head, condition)
#define wait_event_idle(wq_head, condition)                                                        \
	do {                                                                                       \
		might_sleep();                                                                     \
		if (!(condition))                                                                  \
			___wait_event(wq_head, condition, TASK_IDLE, 0, 0, schedule());            \
	} while (0)
#define wait_event_cmd(wq_head, condition, cmd1, cmd2)                                             \
	do {                                                                                       \
		if (!(condition))                                                                  \
			(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, cmd1;  \
					    schedule(); cmd2);                                     \
	} while (0)
#define __wait_event_state(wq_head, condition, state, exclusive)                                   \
	({                                                                                         \
		int __ret = 0;                                                                     \
		might_sleep();                                                                     \
		if (!(condition))                                                                  \
			__ret = ___wait_event(wq_head, condition, state, exclusive, 0,             \
					      schedule());                                         \
		__ret;                                                                             \
	})
#define wait_event_interruptible(wq_head, condition)                                               \
	__wait_event_state(wq_head, condition, TASK_INTERRUPTIBLE, 0)
#define wait_event_interruptible_exclusive(wq_head, condition)                                     \
	__wait_event_state(wq_head, condition, TASK_INTERRUPTIBLE, 1)
#define wait_event_killable(wq_head, condition)                                                    \
	__wait_event_state(wq_head, condition, TASK_KILLABLE, 0)
#define wait_event_freezable(wq_head, condition)                                                   \
	__wait_event_state(wq_head, condition, TASK_INTERRUPTIBLE, 0)
#define __wait_event_state_timeout(wq_head, condition, timeout, state)                             \
	({                                                                                         \
		long __ret = timeout;                                                              \
		might_sleep();                                                                     \
		if (!___wait_cond_timeout(condition))                                              \
			__ret = ___wait_event(wq_head, ___wait_cond_timeout(condition), state, 0,  \
					      timeout, __ret = schedule_timeout(__ret));           \
		__ret;                                                                             \
	})
#define wait_event_timeout(wq_head, condition, timeout)                                            \
	__wait_event_state_timeout(wq_head, condition, timeout, TASK_UNINTERRUPTIBLE)
#define wait_event_idle_timeout(wq_head, condition, timeout)                                       \
	__wait_event_state_timeout(wq_head, condition, timeout, TASK_IDLE)
#define wait_event_interruptible_timeout(wq_head, condition, timeout)                              \
	__wait_event_state_timeout(wq_head, condition, timeout, TASK_INTERRUPTIBLE)
#define wait_event_killable_timeout(wq_head, condition, timeout)                                   \
	__wait_event_state_timeout(wq_head, condition, timeout, TASK_KILLABLE)
#define wait_event_lock_irq(wq_head, condition, lock)                                              \
	do {                                                                                       \
		if (!(condition))                                                                  \
			(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0,        \
					    spin_unlock_irq(&lock);                                \
					    schedule(); spin_lock_irq(&lock));                     \
	} while (0)

#endif
