/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H

#include <linux/lockdep.h>
#include <linux/types.h>

/* 1: held. No queue: a CPU is a thread, and whoever is next might not be running. */
typedef struct raw_spinlock {
	atomic_t held;
} raw_spinlock_t;
typedef struct spinlock {
	struct raw_spinlock rlock;
} spinlock_t;

#define __RAW_SPIN_LOCK_UNLOCKED(name)                                                             \
	(raw_spinlock_t)                                                                           \
	{                                                                                          \
		ATOMIC_INIT(0)                                                                     \
	}
#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name = __RAW_SPIN_LOCK_UNLOCKED(name)
#define __SPIN_LOCK_UNLOCKED(name)                                                                 \
	(spinlock_t)                                                                               \
	{                                                                                          \
		{                                                                                  \
			ATOMIC_INIT(0)                                                             \
		}                                                                                  \
	}
#define DEFINE_SPINLOCK(name) spinlock_t name = __SPIN_LOCK_UNLOCKED(name)

/* Readers counted; the writer is -1. */
typedef struct {
	atomic_t count;
} rwlock_t;
#define __RW_LOCK_UNLOCKED(name)                                                                   \
	(rwlock_t)                                                                                 \
	{                                                                                          \
		ATOMIC_INIT(0)                                                                     \
	}
#define DEFINE_RWLOCK(name) rwlock_t name = __RW_LOCK_UNLOCKED(name)

#endif
