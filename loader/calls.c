// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls into the runtime, and the lock around modules. */
#include <errno.h>
#include <stdarg.h>
#include <time.h>
#include "box/clock.h"
#include "box/sched.h"
#include "loader/internal.h"

int call_runtime(struct r3_box *box, uint64_t entry, uint64_t *result, unsigned int count, ...)
{
	uint64_t arguments[6] = {0};
	va_list list;

	va_start(list, count);
	for (unsigned int i = 0; i < count && i < 6; i++)
		arguments[i] = va_arg(list, uint64_t);
	va_end(list);
	return kernel_call(thread_current(), entry, result, count, arguments);
}

/* Kernel code that must not sleep: it cannot start members, nor wait for who does. */
bool thread_is_atomic(const struct thread *thread)
{
	const struct r3_box *box = thread->box;
	const uint64_t base = box->space.percpu_offset[thread->vcpu];

	if (!box->vcpus[thread->vcpu].page->irq_enabled || box->vcpus[thread->vcpu].in_interrupt)
		return true;
	/* PREEMPT_NEED_RESCHED is the inverted top bit of the count. */
	return box->data && box->data->preempt_count &&
	       *(const uint32_t *)(base + box->data->preempt_count) & 0x7fffffff;
}

void runtime_settle(struct r3_box *box)
{
	if (!box->entries.settle || box_enter(box))
		return;
	if (!thread_is_atomic(thread_current()))
		call_runtime(box, box->entries.settle, NULL, 0);
	box_leave(box);
}

/*
 * Nobody waits for a vCPU with the lock held: those who have one may be
 * waiting for the lock, and must not always give theirs up.
 */
void module_lock(struct r3_box *box)
{
	struct thread *thread = thread_current();
	bool may_sleep =
		thread && thread->box == box && thread->vcpu >= 0 && !thread_is_atomic(thread);

	while (pthread_mutex_trylock(&box->module_lock)) {
		if (!may_sleep) {
			pthread_mutex_lock(&box->module_lock);
			break;
		}
		vcpu_release(thread);
		pthread_mutex_lock(&box->module_lock);
		pthread_mutex_unlock(&box->module_lock);
		vcpu_acquire(thread);
	}
	box->module_lock_depth++;
	if (thread)
		thread->locks++;
}

/*
 * Members of the library that were loaded under the lock are started without
 * it: their initcalls may spin on locks whose holders are about to load
 * something, too.
 */
void module_unlock(struct r3_box *box)
{
	struct thread *self = thread_current();
	bool start = box->module_lock_depth == 1 && box->pending_initcalls && box->booted && self &&
		     self->vcpu >= 0 && !thread_is_atomic(self);

	box->module_lock_depth--;
	if (self)
		self->locks--;
	pthread_mutex_unlock(&box->module_lock);
	if (start)
		start_members(box);
}

uint64_t box_seconds(const struct r3_box *box)
{
	return clock_monotonic(box) / 1000000000UL;
}

#define SIGNAL_POLL 20 /* milliseconds */

/* On whose behalf this thread loads; it is the thread's own. */
static __thread struct {
	bool (*pending)(void *context);
	void *context;
} signals;

void module_interruptible(bool (*pending)(void *context), void *context)
{
	signals.pending = pending;
	signals.context = context;
}

static void wait_change(struct r3_box *box, unsigned int milliseconds)
{
	struct timespec until;

	if (!milliseconds) {
		pthread_cond_wait(&box->module_wait, &box->module_lock);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += milliseconds % 1000 * 1000000L;
	until.tv_sec += milliseconds / 1000 + until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_cond_timedwait(&box->module_wait, &box->module_lock, &until);
}

bool module_wait_change(struct r3_box *box, unsigned int milliseconds)
{
	struct thread *thread = thread_current();
	bool pending;

	vcpu_release(thread);
	box->module_lock_depth--;
	thread->locks--;
	if (signals.pending && (!milliseconds || milliseconds > SIGNAL_POLL))
		milliseconds = SIGNAL_POLL;
	wait_change(box, milliseconds);
	pthread_mutex_unlock(&box->module_lock);
	pending = signals.pending && signals.pending(signals.context);
	vcpu_acquire(thread);
	module_lock(box);
	return !pending;
}
