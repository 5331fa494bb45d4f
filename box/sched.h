/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vCPUs and the threads that take turns on them. */
#ifndef RING3_SCHED_H
#define RING3_SCHED_H

#include "box/box.h"

int vcpus_init(struct r3_box *box, unsigned int count);
void vcpus_free(struct r3_box *box);

/* Hold a vCPU; waits for one. Takes its pending interrupts first. */
void vcpu_acquire(struct thread *thread);
void vcpu_release(struct thread *thread);
/* Take this vCPU if it is idle, for an interrupt. */
bool vcpu_try_acquire(struct thread *thread, unsigned int cpu);

/* A thread without a host thread of its own yet (external: the caller is it). */
struct thread *thread_new(struct r3_box *box, bool external);
void thread_free(struct thread *thread);
/* A kernel thread; its host thread is started and waits for thread_unpark. */
struct thread *thread_start(struct r3_box *box, void *task, uint64_t entry, uint64_t argument);
void thread_park(struct thread *thread);
void thread_unpark(struct thread *thread);
void thread_yield(struct thread *thread);
/* The vCPU stays held. Whoever spins may do so for a lock of a thread that was stopped. */
void thread_relax(struct thread *thread);
__attribute__((noreturn)) void thread_exit(struct thread *thread);
/* From now on no thread sleeps in the box. */
void threads_stop_begin(struct r3_box *box);
/* End every kernel thread of the box and wait for it. */
void threads_stop(struct r3_box *box);
void thread_set_current(struct thread *thread);

#endif
