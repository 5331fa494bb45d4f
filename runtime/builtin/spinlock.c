// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting for another CPU. That is a thread which the host may have put aside,
 * perhaps just because we spin: after a while its CPU goes to somebody else.
 */
#include <asm/processor.h>
#include <linux/export.h>
#include <linux/spinlock.h>
#include "builtin.h"

#define SPINS 100

void spin_relax(unsigned int *spins)
{
	if (++*spins < SPINS) {
		cpu_relax();
		return;
	}
	*spins = 0;
	r3hc_relax();
}

void __raw_spin_lock_slowpath(raw_spinlock_t *lock)
{
	unsigned int spins = 0;
	int unlocked;

	do {
		while (atomic_read(&lock->held))
			spin_relax(&spins);
		unlocked = 0;
	} while (!atomic_try_cmpxchg(&lock->held, &unlocked, 1));
}
EXPORT_SYMBOL(__raw_spin_lock_slowpath);

void __read_lock_slowpath(rwlock_t *lock)
{
	unsigned int spins = 0;

	do
		spin_relax(&spins);
	while (!atomic_inc_unless_negative(&lock->count));
}
EXPORT_SYMBOL(__read_lock_slowpath);

void __write_lock_slowpath(rwlock_t *lock)
{
	unsigned int spins = 0;

	do
		spin_relax(&spins);
	while (atomic_cmpxchg(&lock->count, 0, -1) != 0);
}
EXPORT_SYMBOL(__write_lock_slowpath);
