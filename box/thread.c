// SPDX-License-Identifier: GPL-2.0-or-later
/* A thread's kernel stack, and entering and leaving the box. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "arch/x86_64/arch.h"
#include "box/sched.h"

#define DEFAULT_STACK  16384 /* THREAD_SIZE of x86-64 */
#define TASK_COMM_SIZE 16    /* TASK_COMM_LEN of Linux */

/* What this host thread is in the box that it last entered. */
static __thread struct thread *current_thread;

struct thread *thread_current(void)
{
	return current_thread;
}

void thread_set_current(struct thread *thread)
{
	current_thread = thread;
}

/*
 * Stacks are aligned to their size, as THREAD_ALIGN asks, and each has a gap
 * of the same size below it that is never mapped.
 */
static int stack_map(struct r3_box *box, struct thread *thread, unsigned int index)
{
	uint64_t size = box->data ? box->data->thread_size : DEFAULT_STACK;
	uint64_t address = box->space.stack_base + (2 * index + 1) * size;

	if (address + size > box->space.stack_base + box->space.stack_size)
		return -ENOMEM;
	if (mmap((void *)address, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return -errno;
	thread->stack = address;
	thread->stack_size = size;
	thread->stack_index = index;
	return 0;
}

static void stack_unmap(struct thread *thread)
{
	if (thread->stack)
		mmap((void *)thread->stack, thread->stack_size, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

/* Give back what threads that ended left, so that their stacks can be used again. */
static void reap(struct r3_box *box)
{
	struct thread **link = &box->threads;

	while (*link) {
		struct thread *thread = *link;

		if (!thread->dead) {
			link = &thread->next;
			continue;
		}
		*link = thread->next;
		pthread_join(thread->pthread, NULL);
		thread_free(thread);
	}
}

static unsigned int free_stack_index(const struct r3_box *box)
{
	for (unsigned int index = 0;; index++) {
		const struct thread *thread = box->threads;

		while (thread && thread->stack_index != index)
			thread = thread->next;
		if (!thread)
			return index;
	}
}

struct thread *thread_new(struct r3_box *box, bool external)
{
	struct thread *thread = calloc(1, sizeof(*thread));

	if (!thread)
		return NULL;
	thread->box = box;
	thread->vcpu = -1;
	thread->last_vcpu = -1;
	thread->affinity = ~0UL;
	thread->external = external;
	pthread_cond_init(&thread->wake, NULL);
	pthread_mutex_lock(&box->sched_lock);
	/* Those that were stopped half-way may be on others' lists, by what is on their stacks. */
	if (!box->stopping)
		reap(box);
	if (stack_map(box, thread, free_stack_index(box))) {
		pthread_mutex_unlock(&box->sched_lock);
		thread_free(thread);
		return NULL;
	}
	thread->next = box->threads;
	box->threads = thread;
	pthread_mutex_unlock(&box->sched_lock);
	return thread;
}

void thread_free(struct thread *thread)
{
	if (current_thread == thread) {
		arch_thread_traps_free(thread);
		current_thread = NULL;
	}
	stack_unmap(thread);
	pthread_cond_destroy(&thread->wake);
	free(thread);
}

/* The calling host thread's place in this box, made when it first enters. */
static struct thread *find_self(struct r3_box *box)
{
	struct thread *thread;
	pthread_t self = pthread_self();

	if (current_thread && current_thread->box == box)
		return current_thread;
	pthread_mutex_lock(&box->sched_lock);
	for (thread = box->threads; thread; thread = thread->next)
		if (thread->external && pthread_equal(thread->pthread, self))
			break;
	pthread_mutex_unlock(&box->sched_lock);
	if (thread) {
		/* It may have been a thread's that has ended, and whose pthread_t this one has. */
		if (arch_thread_traps(thread))
			return NULL;
		thread_set_current(thread);
		return thread;
	}
	thread = thread_new(box, true);
	if (!thread)
		return NULL;
	thread->pthread = self;
	if (arch_thread_traps(thread)) {
		thread->dead = true;
		return NULL;
	}
	thread_set_current(thread);
	return thread;
}

static int make_task(struct thread *thread)
{
	uint64_t arguments[6] = {(uint64_t) "ring3", (uint64_t)thread};
	uint64_t task;
	int error;

	if (!thread->box->entries.task_new)
		return 0; /* the runtime is not loaded yet */
	error = kernel_call(thread, thread->box->entries.task_new, &task, 2, arguments);
	if (error)
		return error;
	if (!task)
		return -ENOMEM;
	thread->task = (void *)task;
	/* Show it as current. */
	vcpu_release(thread);
	vcpu_acquire(thread);
	return 0;
}

int box_enter(struct r3_box *box)
{
	struct thread *thread = find_self(box);
	int error;

	if (!thread)
		return r3_fail(-ENOMEM, "no memory for another thread in the box");
	if (box->panicked)
		return r3_fail(-EIO, "the box has panicked; make a new one");
	if (thread->entered++)
		return 0;
	vcpu_acquire(thread);
	if (thread->task || !box->data)
		return 0;
	error = make_task(thread);
	if (error)
		box_leave(box);
	return error;
}

int box_set_comm(struct r3_box *box, const char *comm)
{
	int error = box_enter(box);

	if (error)
		return error;
	snprintf((char *)current_thread->task + box->data->task_comm, TASK_COMM_SIZE, "%s", comm);
	box_leave(box);
	return 0;
}

void box_leave(struct r3_box *box)
{
	struct thread *thread = current_thread;

	if (!--thread->entered)
		vcpu_release(thread);
}

int kernel_call_within(struct thread *thread, uint64_t function, uint64_t *result,
		       unsigned int count, const uint64_t *arguments)
{
	struct kernel_frame frame = {.outer = thread->frame, .fatal_signal = SIGKILL};
	uint64_t all[12] = {0};
	uint64_t stack = arch_kernel_sp ? arch_kernel_sp : thread->stack + thread->stack_size;
	uint64_t value;

	if (count)
		memcpy(all, arguments, count * sizeof(uint64_t));
	frame.stack_arguments = count > 6 ? all + 6 : NULL;
	thread->frame = &frame;
	value = arch_kernel_call(function, all, stack, &frame);
	thread->frame = frame.outer;
	if (frame.oopsed) {
		thread->fatal_signal = frame.fatal_signal;
		return -R3_EOOPS;
	}
	if (result)
		*result = value;
	return 0;
}

int box_take_oops(const struct r3_box *box)
{
	struct thread *thread = current_thread;
	int signal = 0;

	if (thread && thread->box == box) {
		signal = thread->fatal_signal;
		thread->fatal_signal = 0;
	}
	return signal;
}

/* Nothing of the kernel runs on: the box or this thread comes to its end. */
static bool is_last(const struct thread *thread)
{
	return thread->ending || thread->box->stopping || thread->box->panicked;
}

int kernel_call(struct thread *thread, uint64_t function, uint64_t *result, unsigned int count,
		const uint64_t *arguments)
{
	int error = kernel_call_within(thread, function, result, count, arguments);

	if (error && !is_last(thread) && thread->box->entries.oops_cleanup)
		kernel_call(thread, thread->box->entries.oops_cleanup, NULL, 0, NULL);
	return error;
}

int kernel_call_back(struct thread *thread, uint64_t function, uint64_t argument, uint64_t *result)
{
	int error = kernel_call_within(thread, function, result, 1, &argument);

	if (error && is_last(thread))
		arch_kernel_abort(thread->frame);
	return error;
}
