// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A thread holds a vCPU while it runs kernel code and gives it up when it
 * sleeps. Threads that find none wait in the order in which they came.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include "arch/x86_64/arch.h"
#include "box/sched.h"

int vcpus_init(struct r3_box *box, unsigned int count)
{
	box->vcpus = calloc(count, sizeof(*box->vcpus));
	if (!box->vcpus)
		return -ENOMEM;
	box->nr_vcpus = count;
	for (unsigned int cpu = 0; cpu < count; cpu++) {
		struct r3_vcpu_page *page = (void *)box->space.percpu_offset[cpu];

		box->vcpus[cpu].page = page;
		box->vcpus[cpu].timer_expires = ~0UL;
		page->cpu = cpu;
		page->irq_enabled = 1;
		/* A NUL byte stops string functions that run over the end of an array. */
		page->stack_canary = 0x9e3779b97f4a7c00UL ^ (box->boot_ns << 8);
	}
	return 0;
}

void vcpus_free(struct r3_box *box)
{
	free(box->vcpus);
	box->vcpus = NULL;
}

static bool may_run_on(const struct thread *thread, unsigned int cpu)
{
	return thread->affinity & (1UL << cpu);
}

/* An idle vCPU that suits, the one it had last if possible; -1: none. Under sched_lock. */
static int find_idle(struct r3_box *box, const struct thread *thread)
{
	int last = thread->last_vcpu;

	if (last >= 0 && !box->vcpus[last].holder && may_run_on(thread, last))
		return last;
	for (unsigned int cpu = 0; cpu < box->nr_vcpus; cpu++)
		if (!box->vcpus[cpu].holder && may_run_on(thread, cpu))
			return cpu;
	return -1;
}

static void take(struct thread *thread, unsigned int cpu)
{
	struct r3_box *box = thread->box;

	box->vcpus[cpu].holder = thread;
	box->vcpus[cpu].in_interrupt = false;
	for (struct kernel_frame *frame = thread->frame; frame; frame = frame->outer)
		box->vcpus[cpu].in_interrupt |= frame->in_interrupt;
	thread->vcpu = cpu;
	thread->last_vcpu = cpu;
}

/*
 * Make the vCPU show this thread: GS base, current. Who boots the runtime has
 * no task of its own yet, and is the one that a kernel boots as.
 */
static void switch_in(struct thread *thread)
{
	struct r3_box *box = thread->box;
	uint64_t base = box->space.percpu_offset[thread->vcpu];
	struct vcpu *vcpu = &box->vcpus[thread->vcpu];

	arch_set_gs(base);
	vcpu->page->task = thread->task ? thread->task : box->data ? box->data->boot_task : NULL;
	vcpu->page->thread = (unsigned long)thread;
	if (box->data && box->data->current_task)
		*(void **)(base + box->data->current_task) = vcpu->page->task;
}

void vcpu_acquire(struct thread *thread)
{
	struct r3_box *box = thread->box;
	struct thread **link;
	int cpu;

	pthread_mutex_lock(&box->sched_lock);
	cpu = find_idle(box, thread);
	if (cpu >= 0) {
		take(thread, cpu);
	} else {
		thread->waiting = NULL;
		for (link = &box->waiting; *link; link = &(*link)->waiting)
			;
		*link = thread;
		__atomic_add_fetch(&box->vcpu_waiters, 1, __ATOMIC_RELAXED);
		while (thread->vcpu < 0)
			pthread_cond_wait(&thread->wake, &box->sched_lock);
	}
	pthread_mutex_unlock(&box->sched_lock);
	switch_in(thread);
	if (box->vcpus[thread->vcpu].page->irq_pending &&
	    box->vcpus[thread->vcpu].page->irq_enabled)
		arch_run_interrupts(thread);
}

bool vcpu_try_acquire(struct thread *thread, unsigned int cpu)
{
	struct r3_box *box = thread->box;
	bool taken = false;

	pthread_mutex_lock(&box->sched_lock);
	if (!box->vcpus[cpu].holder) {
		take(thread, cpu);
		taken = true;
	}
	pthread_mutex_unlock(&box->sched_lock);
	if (taken)
		switch_in(thread);
	return taken;
}

void vcpu_release(struct thread *thread)
{
	struct r3_box *box = thread->box;
	unsigned int cpu = thread->vcpu;
	struct thread **link;

	/* One that ended with interrupts off leaves a vCPU that takes them. */
	box->vcpus[cpu].page->irq_enabled = 1;
	pthread_mutex_lock(&box->sched_lock);
	box->vcpus[cpu].holder = NULL;
	thread->vcpu = -1;
	for (link = &box->waiting; *link; link = &(*link)->waiting) {
		struct thread *next = *link;

		if (!may_run_on(next, cpu))
			continue;
		*link = next->waiting;
		__atomic_sub_fetch(&box->vcpu_waiters, 1, __ATOMIC_RELAXED);
		take(next, cpu);
		pthread_cond_signal(&next->wake);
		break;
	}
	pthread_mutex_unlock(&box->sched_lock);
}

/* The box is being freed: leave kernel code for good, whatever is under way. */
static void stop_if_asked(struct thread *thread)
{
	struct kernel_frame *frame = thread->frame;

	if (!thread->box->stopping || thread->external || thread->locks || !frame)
		return; /* others wait for what it holds */
	while (frame->outer)
		frame = frame->outer;
	thread->frame = frame;
	arch_kernel_abort(frame);
}

/* Without a vCPU, until somebody unparks it or the box ends. */
static void wait_for_token(struct thread *thread)
{
	struct r3_box *box = thread->box;

	pthread_mutex_lock(&box->sched_lock);
	thread->parked = true;
	while (!thread->token && !box->stopping)
		pthread_cond_wait(&thread->wake, &box->sched_lock);
	thread->token = false;
	thread->parked = false;
	pthread_mutex_unlock(&box->sched_lock);
}

void thread_park(struct thread *thread)
{
	vcpu_release(thread);
	wait_for_token(thread);
	stop_if_asked(thread);
	vcpu_acquire(thread);
}

void thread_unpark(struct thread *thread)
{
	struct r3_box *box = thread->box;

	pthread_mutex_lock(&box->sched_lock);
	thread->token = true;
	if (thread->parked)
		pthread_cond_signal(&thread->wake);
	pthread_mutex_unlock(&box->sched_lock);
}

void thread_relax(struct thread *thread)
{
	stop_if_asked(thread);
	sched_yield();
}

void thread_yield(struct thread *thread)
{
	struct r3_box *box = thread->box;

	if (box->stopping)
		stop_if_asked(thread);
	if (!__atomic_load_n(&box->vcpu_waiters, __ATOMIC_RELAXED) &&
	    may_run_on(thread, thread->vcpu)) {
		sched_yield();
		return;
	}
	vcpu_release(thread);
	vcpu_acquire(thread);
}

/* Off the list of threads; its host thread may go on for a moment. */
static void thread_retire(struct thread *thread)
{
	struct r3_box *box = thread->box;

	pthread_mutex_lock(&box->sched_lock);
	thread->dead = true;
	pthread_cond_broadcast(&box->thread_died);
	pthread_mutex_unlock(&box->sched_lock);
}

static void *thread_main(void *data)
{
	struct thread *thread = data;
	struct r3_box *box = thread->box;
	uint64_t arguments[6] = {(uint64_t)thread->task, thread->entry, thread->argument};

	thread_set_current(thread);
	arch_thread_traps(thread);
	wait_for_token(thread);
	if (!box->stopping) {
		vcpu_acquire(thread);
		kernel_call(thread, box->entries.thread_start, NULL, 3, arguments);
		if (thread->vcpu >= 0)
			vcpu_release(thread);
	}
	arch_thread_traps_free(thread);
	thread_set_current(NULL);
	thread_retire(thread);
	return NULL;
}

struct thread *thread_start(struct r3_box *box, void *task, uint64_t entry, uint64_t argument)
{
	struct thread *thread = thread_new(box, false), **link;
	int error;

	if (!thread)
		return NULL;
	thread->task = task;
	thread->entry = entry;
	thread->argument = argument;
	/* It is on the list: threads_stop() looks at what pthread_create() writes. */
	pthread_mutex_lock(&box->sched_lock);
	error = pthread_create(&thread->pthread, NULL, thread_main, thread);
	if (error) {
		for (link = &box->threads; *link != thread; link = &(*link)->next)
			;
		*link = thread->next;
	}
	pthread_mutex_unlock(&box->sched_lock);
	if (!error)
		return thread;
	thread_free(thread);
	return NULL;
}

void thread_exit(struct thread *thread)
{
	struct kernel_frame *frame = thread->frame;

	while (frame->outer)
		frame = frame->outer;
	thread->frame = frame;
	thread->ending = true;
	arch_kernel_abort(frame);
}

void threads_stop_begin(struct r3_box *box)
{
	pthread_mutex_lock(&box->sched_lock);
	box->stopping = true;
	for (struct thread *thread = box->threads; thread; thread = thread->next)
		pthread_cond_signal(&thread->wake);
	pthread_mutex_unlock(&box->sched_lock);
}

void threads_stop(struct r3_box *box)
{
	struct thread *thread, *next;

	pthread_mutex_lock(&box->sched_lock);
	for (thread = box->threads; thread; thread = thread->next)
		pthread_cond_signal(&thread->wake);
	for (thread = box->threads; thread; thread = thread->next)
		while (!thread->external && !thread->dead) {
			struct timespec soon;

			/* A signal may be missed by a thread on its way back from the host. */
			if (thread->pthread) /* not if it is just being created */
				arch_kick(thread);
			pthread_cond_signal(&thread->wake);
			clock_gettime(CLOCK_REALTIME, &soon);
			soon.tv_nsec += 1000000;
			if (soon.tv_nsec >= 1000000000) {
				soon.tv_sec++;
				soon.tv_nsec -= 1000000000;
			}
			pthread_cond_timedwait(&box->thread_died, &box->sched_lock, &soon);
		}
	pthread_mutex_unlock(&box->sched_lock);
	for (thread = box->threads; thread; thread = next) {
		next = thread->next;
		if (!thread->external)
			pthread_join(thread->pthread, NULL);
		thread_free(thread);
	}
	box->threads = NULL;
}
