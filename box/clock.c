// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One host thread, started when first needed, keeps time: it raises ticks and
 * timers on vCPUs that run, and takes the interrupts of those that are idle.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include "arch/x86_64/arch.h"
#include "box/clock.h"
#include "box/sched.h"

#define SECOND 1000000000UL
#define NEVER  UINT64_MAX
/* A kick that hit a hypercall just before it returned is repeated after this. */
#define RETRY  500000UL

struct clock {
	pthread_mutex_t lock;
	pthread_cond_t wake; /* on CLOCK_MONOTONIC */
	pthread_t pthread;
	bool running, stop, poked;
	uint64_t tick_period, tick_next;
	uint64_t *jiffies;
	uint64_t jiffy_period, jiffy_next;
};

struct clock *clock_new(struct r3_box *box)
{
	struct clock *clock = calloc(1, sizeof(*clock));
	pthread_condattr_t attributes;

	if (!clock)
		return NULL;
	pthread_mutex_init(&clock->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&clock->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	clock->tick_next = clock->jiffy_next = NEVER;
	return clock;
}

static uint64_t read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

uint64_t clock_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_monotonic(const struct r3_box *box)
{
	return read_clock(CLOCK_MONOTONIC) - box->boot_ns;
}

uint64_t clock_realtime(void)
{
	return read_clock(CLOCK_REALTIME);
}

/* Take what is pending on an idle vCPU; the clock's own thread holds it meanwhile. */
static void run_idle(struct thread *self, unsigned int cpu)
{
	if (!vcpu_try_acquire(self, cpu))
		return; /* whoever has it now takes them */
	arch_run_interrupts(self);
	vcpu_release(self);
}

/* See to every vCPU that has something pending; is any left that runs? */
static bool deliver(struct r3_box *box, struct thread *self)
{
	bool left = false;

	for (unsigned int cpu = 0; cpu < box->nr_vcpus; cpu++) {
		struct vcpu *vcpu = &box->vcpus[cpu];

		if (!__atomic_load_n(&vcpu->page->irq_pending, __ATOMIC_ACQUIRE))
			continue;
		pthread_mutex_lock(&box->sched_lock);
		if (vcpu->holder && vcpu->holder != self) {
			arch_kick(vcpu->holder);
			left = true;
		}
		pthread_mutex_unlock(&box->sched_lock);
		if (!vcpu->holder)
			run_idle(self, cpu);
	}
	return left;
}

static void set_pending(struct r3_box *box, unsigned int cpu, unsigned int bits)
{
	__atomic_or_fetch(&box->vcpus[cpu].page->irq_pending, bits, __ATOMIC_RELEASE);
}

/* Under clock->lock. */
static void count_jiffies(struct clock *clock, uint64_t now)
{
	uint64_t passed;

	if (!clock->jiffies || now < clock->jiffy_next)
		return;
	passed = (now - clock->jiffy_next) / clock->jiffy_period + 1;
	__atomic_add_fetch(clock->jiffies, passed, __ATOMIC_RELAXED);
	__atomic_store_n(&clock->jiffy_next, clock->jiffy_next + passed * clock->jiffy_period,
			 __ATOMIC_RELAXED);
}

uint64_t clock_read(struct r3_box *box)
{
	struct clock *clock = box->clock;
	uint64_t now = clock_monotonic(box);

	if (now >= __atomic_load_n(&clock->jiffy_next, __ATOMIC_RELAXED)) {
		pthread_mutex_lock(&clock->lock);
		count_jiffies(clock, now);
		pthread_mutex_unlock(&clock->lock);
	}
	return now;
}

/* Everything that is due; returns when the next thing will be. Under clock->lock. */
static uint64_t expire(struct r3_box *box, uint64_t now)
{
	struct clock *clock = box->clock;
	uint64_t next = NEVER;

	count_jiffies(clock, now);
	if (clock->tick_period && now >= clock->tick_next) {
		clock->tick_next +=
			((now - clock->tick_next) / clock->tick_period + 1) * clock->tick_period;
		for (unsigned int cpu = 0; cpu < box->nr_vcpus; cpu++)
			set_pending(box, cpu, R3_IRQ_TICK);
	}
	for (unsigned int cpu = 0; cpu < box->nr_vcpus; cpu++) {
		struct vcpu *vcpu = &box->vcpus[cpu];

		if (now >= vcpu->timer_expires) {
			vcpu->timer_expires = NEVER;
			set_pending(box, cpu, R3_IRQ_TIMER);
		}
		if (vcpu->timer_expires < next)
			next = vcpu->timer_expires;
	}
	if (clock->jiffies && clock->jiffy_next < next)
		next = clock->jiffy_next;
	if (clock->tick_period && clock->tick_next < next)
		next = clock->tick_next;
	return next;
}

static void wait_until(struct r3_box *box, uint64_t when)
{
	struct clock *clock = box->clock;
	uint64_t absolute = when + box->boot_ns;
	struct timespec until = {absolute / SECOND, absolute % SECOND};

	if (clock->poked || clock->stop)
		return;
	if (when == NEVER)
		pthread_cond_wait(&clock->wake, &clock->lock);
	else
		pthread_cond_timedwait(&clock->wake, &clock->lock, &until);
}

static struct thread *become_idle_thread(struct r3_box *box)
{
	struct thread *self = thread_new(box, true);

	if (!self)
		return NULL;
	self->pthread = pthread_self();
	self->task = box->data ? box->data->idle_task : NULL;
	thread_set_current(self);
	arch_thread_traps(self);
	return self;
}

static void *clock_main(void *data)
{
	struct r3_box *box = data;
	struct clock *clock = box->clock;
	struct thread *self = become_idle_thread(box);

	pthread_mutex_lock(&clock->lock);
	while (self && !clock->stop) {
		uint64_t now = clock_monotonic(box);
		uint64_t next = expire(box, now);
		bool left;

		clock->poked = false;
		pthread_mutex_unlock(&clock->lock);
		left = deliver(box, self);
		pthread_mutex_lock(&clock->lock);
		if (left && next > now + RETRY)
			next = now + RETRY;
		wait_until(box, next);
	}
	pthread_mutex_unlock(&clock->lock);
	if (self) {
		arch_thread_traps_free(self);
		thread_set_current(NULL);
	}
	return NULL;
}

/* Under clock->lock. */
static void start_or_poke(struct r3_box *box)
{
	struct clock *clock = box->clock;

	clock->poked = true;
	if (clock->running || clock->stop)
		pthread_cond_signal(&clock->wake);
	else
		clock->running = !pthread_create(&clock->pthread, NULL, clock_main, box);
}

void clock_stop(struct r3_box *box)
{
	struct clock *clock = box->clock;

	if (!clock)
		return;
	pthread_mutex_lock(&clock->lock);
	clock->stop = true;
	pthread_cond_signal(&clock->wake);
	pthread_mutex_unlock(&clock->lock);
	if (clock->running)
		pthread_join(clock->pthread, NULL);
	clock->running = false;
}

void clock_free(struct r3_box *box)
{
	struct clock *clock = box->clock;

	if (!clock)
		return;
	pthread_cond_destroy(&clock->wake);
	pthread_mutex_destroy(&clock->lock);
	free(clock);
	box->clock = NULL;
}

void clock_tick(struct r3_box *box, unsigned int hz)
{
	struct clock *clock = box->clock;

	pthread_mutex_lock(&clock->lock);
	clock->tick_period = hz ? SECOND / hz : 0;
	clock->tick_next = clock_monotonic(box) + clock->tick_period;
	start_or_poke(box);
	pthread_mutex_unlock(&clock->lock);
}

void clock_jiffies(struct r3_box *box, uint64_t *counter, unsigned int hz)
{
	struct clock *clock = box->clock;

	pthread_mutex_lock(&clock->lock);
	clock->jiffies = hz ? counter : NULL;
	clock->jiffy_period = hz ? SECOND / hz : SECOND;
	clock->jiffy_next = clock_monotonic(box) + clock->jiffy_period;
	start_or_poke(box);
	pthread_mutex_unlock(&clock->lock);
}

void clock_program(struct r3_box *box, unsigned int cpu, uint64_t expires)
{
	struct clock *clock = box->clock;

	pthread_mutex_lock(&clock->lock);
	box->vcpus[cpu].timer_expires = expires;
	if (expires != NEVER)
		start_or_poke(box);
	pthread_mutex_unlock(&clock->lock);
}

void interrupt_raise(struct r3_box *box, unsigned int cpu, unsigned int bits)
{
	struct thread *self = thread_current();

	set_pending(box, cpu, bits);
	if (self && self->vcpu == (int)cpu)
		return; /* taken when this hypercall returns, or when interrupts go on */
	pthread_mutex_lock(&box->sched_lock);
	if (box->vcpus[cpu].holder) {
		arch_kick(box->vcpus[cpu].holder);
		pthread_mutex_unlock(&box->sched_lock);
		return;
	}
	pthread_mutex_unlock(&box->sched_lock);
	pthread_mutex_lock(&box->clock->lock);
	start_or_poke(box);
	pthread_mutex_unlock(&box->clock->lock);
}
