/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_RWLOCK_H
#define _LINUX_RWLOCK_H

#include <linux/spinlock.h>

void __read_lock_slowpath(rwlock_t *lock);
void __write_lock_slowpath(rwlock_t *lock);

#define rwlock_init(lock) atomic_set(&(lock)->count, 0)
static inline void read_lock(rwlock_t *lock)
{
	preempt_disable();
	if (!atomic_inc_unless_negative(&lock->count))
		__read_lock_slowpath(lock);
}
static inline int read_trylock(rwlock_t *lock)
{
	preempt_disable();
	if (atomic_inc_unless_negative(&lock->count))
		return 1;
	preempt_enable();
	return 0;
}
static inline void read_unlock(rwlock_t *lock)
{
	atomic_dec(&lock->count);
	preempt_enable();
}
static inline void write_lock(rwlock_t *lock)
{
	preempt_disable();
	if (atomic_cmpxchg(&lock->count, 0, -1) != 0)
		__write_lock_slowpath(lock);
}
static inline int write_trylock(rwlock_t *lock)
{
	preempt_disable();
	if (atomic_cmpxchg(&lock->count, 0, -1) == 0)
		return 1;
	preempt_enable();
	return 0;
}
static inline void write_unlock(rwlock_t *lock)
{
	atomic_set_release(&lock->count, 0);
	preempt_enable();
}
#define __RWLOCK_VARIANTS(kind)                                                                    \
	static inline void kind##_lock_irq(rwlock_t *lock)                                         \
	{                                                                                          \
		local_irq_disable();                                                               \
		kind##_lock(lock);                                                                 \
	}                                                                                          \
	static inline void kind##_unlock_irq(rwlock_t *lock)                                       \
	{                                                                                          \
		kind##_unlock(lock);                                                               \
		local_irq_enable();                                                                \
	}                                                                                          \
	static inline void kind##_lock_bh(rwlock_t *lock)                                          \
	{                                                                                          \
		local_bh_disable();                                                                \
		kind##_lock(lock);                                                                 \
	}                                                                                          \
	static inline void kind##_unlock_bh(rwlock_t *lock)                                        \
	{                                                                                          \
		kind##_unlock(lock);                                                               \
		local_bh_enable();                                                                 \
	}                                                                                          \
	static inline unsigned long __##kind##_lock_irqsave(rwlock_t *lock)                        \
	{                                                                                          \
		unsigned long flags;                                                               \
		local_irq_save(flags);                                                             \
		kind##_lock(lock);                                                                 \
		return flags;                                                                      \
	}                                                                                          \
	static inline void kind##_unlock_irqrestore(rwlock_t *lock, unsigned long flags)           \
	{                                                                                          \
		kind##_unlock(lock);                                                               \
		local_irq_restore(flags);                                                          \
	}
__RWLOCK_VARIANTS(read)
__RWLOCK_VARIANTS(write)
#define read_lock_irqsave(lock, flags)  (flags = __read_lock_irqsave(lock))
#define write_lock_irqsave(lock, flags) (flags = __write_lock_irqsave(lock))

#endif
