/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <asm/processor.h>
#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>
#include <linux/typecheck.h>

void __raw_spin_lock_slowpath(raw_spinlock_t *lock);

static inline bool __lock_try(raw_spinlock_t *lock)
{
	int unlocked = 0;

	return likely(atomic_try_cmpxchg(&lock->held, &unlocked, 1));
}
static inline void __lock_take(raw_spinlock_t *lock)
{
	if (!__lock_try(lock))
		__raw_spin_lock_slowpath(lock);
}
static inline void __lock_release(raw_spinlock_t *lock)
{
	atomic_set_release(&lock->held, 0);
}
static inline bool __lock_is_held(raw_spinlock_t *lock)
{
	return atomic_read(&lock->held) != 0;
}

static inline void __raw_lock_init(raw_spinlock_t *lock)
{
	atomic_set(&lock->held, 0);
}
static inline void __raw_lock(raw_spinlock_t *lock)
{
	preempt_disable();
	__lock_take(lock);
}
static inline void __raw_unlock(raw_spinlock_t *lock)
{
	__lock_release(lock);
	preempt_enable();
}
static inline int __raw_trylock(raw_spinlock_t *lock)
{
	preempt_disable();
	if (__lock_try(lock))
		return 1;
	preempt_enable();
	return 0;
}
static inline void __raw_lock_irq(raw_spinlock_t *lock)
{
	local_irq_disable();
	__raw_lock(lock);
}
static inline void __raw_unlock_irq(raw_spinlock_t *lock)
{
	__lock_release(lock);
	local_irq_enable();
	preempt_enable();
}
static inline unsigned long __raw_lock_irqsave(raw_spinlock_t *lock)
{
	unsigned long flags;

	local_irq_save(flags);
	__raw_lock(lock);
	return flags;
}
static inline void __raw_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags)
{
	__lock_release(lock);
	local_irq_restore(flags);
	preempt_enable();
}
static inline void __raw_lock_bh(raw_spinlock_t *lock)
{
	local_bh_disable();
	__lock_take(lock);
}
static inline void __raw_unlock_bh(raw_spinlock_t *lock)
{
	__lock_release(lock);
	local_bh_enable();
}
static inline int __raw_trylock_bh(raw_spinlock_t *lock)
{
	local_bh_disable();
	if (__lock_try(lock))
		return 1;
	local_bh_enable();
	return 0;
}
static inline int __raw_trylock_irq(raw_spinlock_t *lock)
{
	local_irq_disable();
	if (__raw_trylock(lock))
		return 1;
	local_irq_enable();
	return 0;
}

#define raw_spin_lock_init(lock)             __raw_lock_init(lock)
#define raw_spin_lock(lock)                  __raw_lock(lock)
#define raw_spin_lock_nested(lock, subclass) __raw_lock(lock)
#define raw_spin_unlock(lock)                __raw_unlock(lock)
#define raw_spin_trylock(lock)               __raw_trylock(lock)
#define raw_spin_lock_irq(lock)              __raw_lock_irq(lock)
#define raw_spin_unlock_irq(lock)            __raw_unlock_irq(lock)
#define raw_spin_lock_bh(lock)               __raw_lock_bh(lock)
#define raw_spin_unlock_bh(lock)             __raw_unlock_bh(lock)
#define raw_spin_lock_irqsave(lock, flags)                                                         \
	do {                                                                                       \
		typecheck(unsigned long, flags);                                                   \
		flags = __raw_lock_irqsave(lock);                                                  \
	} while (0)
#define raw_spin_unlock_irqrestore(lock, flags)                                                    \
	do {                                                                                       \
		typecheck(unsigned long, flags);                                                   \
		__raw_unlock_irqrestore(lock, flags);                                              \
	} while (0)
#define raw_spin_is_locked(lock) __lock_is_held(lock)

#define spin_lock_init(lock)     __raw_lock_init(&(lock)->rlock)
static inline void spin_lock(spinlock_t *lock)
{
	__raw_lock(&lock->rlock);
}
#define spin_lock_nested(lock, subclass) spin_lock(lock)
static inline void spin_unlock(spinlock_t *lock)
{
	__raw_unlock(&lock->rlock);
}
static inline int spin_trylock(spinlock_t *lock)
{
	return __raw_trylock(&lock->rlock);
}
static inline void spin_lock_irq(spinlock_t *lock)
{
	__raw_lock_irq(&lock->rlock);
}
static inline void spin_unlock_irq(spinlock_t *lock)
{
	__raw_unlock_irq(&lock->rlock);
}
static inline void spin_lock_bh(spinlock_t *lock)
{
	__raw_lock_bh(&lock->rlock);
}
static inline void spin_unlock_bh(spinlock_t *lock)
{
	__raw_unlock_bh(&lock->rlock);
}
static inline int spin_trylock_bh(spinlock_t *lock)
{
	return __raw_trylock_bh(&lock->rlock);
}
static inline int spin_trylock_irq(spinlock_t *lock)
{
	return __raw_trylock_irq(&lock->rlock);
}
#define spin_lock_irqsave(lock, flags)                  raw_spin_lock_irqsave(&(lock)->rlock, flags)
#define spin_lock_irqsave_nested(lock, flags, subclass) spin_lock_irqsave(lock, flags)
static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	__raw_unlock_irqrestore(&lock->rlock, flags);
}
#define spin_trylock_irqsave(lock, flags)                                                          \
	({                                                                                         \
		local_irq_save(flags);                                                             \
		spin_trylock(lock) ? 1 : ({                                                        \
			local_irq_restore(flags);                                                  \
			0;                                                                         \
		});                                                                                \
	})
static inline int spin_is_locked(spinlock_t *lock)
{
	return __lock_is_held(&lock->rlock);
}
#define assert_spin_locked(lock) BUG_ON(!spin_is_locked(lock))
int _atomic_dec_and_lock(atomic_t *atomic, spinlock_t *lock);
#define atomic_dec_and_lock(atomic, lock) _atomic_dec_and_lock(atomic, lock)

#include <linux/rwlock.h>

#endif
