// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The slow paths of queued spinlocks and rwlocks. A vCPU is a thread that the
 * host's scheduler may have put aside, holder of the lock included, so waiting
 * is spinning for a while and then letting the host run somebody else. There
 * is no queue: fairness among a few vCPUs is the host's.
 */
#include <linux/spinlock.h>
#include <asm/qspinlock.h>
#include <asm-generic/qrwlock.h>
#include "machine.h"

#define SPINS 100

void machine_relax(unsigned int *step)
{
	if (++*step < SPINS) {
		cpu_relax();
		return;
	}
	*step = 0;
	r3hc_relax();
}

void native_queued_spin_lock_slowpath(struct qspinlock *lock, u32 val)
{
	unsigned int step = 0;

	for (;;) {
		if (!atomic_read(&lock->val)) {
			u32 unlocked = 0;

			if (atomic_try_cmpxchg_acquire(&lock->val, &unlocked, _Q_LOCKED_VAL))
				return;
		}
		machine_relax(&step);
	}
}

/*
 * Called with the reader already counted. An interrupt may not wait behind a
 * writer that waits itself: it could have interrupted the reader that holds.
 */
void queued_read_lock_slowpath(struct qrwlock *lock)
{
	bool queue = !in_interrupt();
	unsigned int step = 0;

	if (queue) {
		atomic_sub(_QR_BIAS, &lock->cnts);
		arch_spin_lock(&lock->wait_lock);
		atomic_add(_QR_BIAS, &lock->cnts);
	}
	while (atomic_read_acquire(&lock->cnts) & _QW_LOCKED)
		machine_relax(&step);
	if (queue)
		arch_spin_unlock(&lock->wait_lock);
}

void queued_write_lock_slowpath(struct qrwlock *lock)
{
	unsigned int step = 0;
	int expected = 0;

	arch_spin_lock(&lock->wait_lock);
	if (!atomic_try_cmpxchg_acquire(&lock->cnts, &expected, _QW_LOCKED)) {
		atomic_or(_QW_WAITING, &lock->cnts); /* new readers queue up behind */
		while (expected = _QW_WAITING,
		       !atomic_try_cmpxchg_acquire(&lock->cnts, &expected, _QW_LOCKED))
			machine_relax(&step);
	}
	arch_spin_unlock(&lock->wait_lock);
}
