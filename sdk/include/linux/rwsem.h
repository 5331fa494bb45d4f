/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <linux/list.h>
#include <linux/spinlock.h>

/* count: readers inside, -1: a writer. Waiters are served in order. */
struct rw_semaphore {
	long count;
	raw_spinlock_t wait_lock;
	struct list_head wait_list;
};
#define __RWSEM_INITIALIZER(name)                                                                  \
	{                                                                                          \
		.count = 0, .wait_lock = __RAW_SPIN_LOCK_UNLOCKED(name.wait_lock),                 \
		.wait_list = LIST_HEAD_INIT((name).wait_list)                                      \
	}
#define DECLARE_RWSEM(name) struct rw_semaphore name = __RWSEM_INITIALIZER(name)
static inline void init_rwsem(struct rw_semaphore *sem)
{
	sem->count = 0;
	raw_spin_lock_init(&sem->wait_lock);
	INIT_LIST_HEAD(&sem->wait_list);
}
static inline int rwsem_is_locked(struct rw_semaphore *sem)
{
	return READ_ONCE(sem->count) != 0;
}
void down_read(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
int down_write_trylock(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);
#define down_read_nested(sem, subclass)  down_read(sem)
#define down_write_nested(sem, subclass) down_write(sem)

#endif
