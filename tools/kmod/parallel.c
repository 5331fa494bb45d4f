// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/log.h"

#define MAX_THREADS 16

struct crew {
	void (*work)(void *context, size_t i);
	void *context;
	size_t count;
	atomic_size_t next;
	struct log_settings log;
};

static void *work_through(void *argument)
{
	struct crew *crew = argument;
	size_t i;

	log_inherit(crew->log);
	while ((i = atomic_fetch_add(&crew->next, 1)) < crew->count)
		crew->work(crew->context, i);
	return NULL;
}

/* With as many threads as wanted. */
static void run(size_t wanted, size_t count, void (*work)(void *context, size_t i), void *context)
{
	struct crew crew = {
		.work = work, .context = context, .count = count, .log = log_settings()};
	pthread_t threads[MAX_THREADS];
	size_t started = 0;

	if (wanted > MAX_THREADS)
		wanted = MAX_THREADS;
	if (wanted > count)
		wanted = count;
	/* This thread is one of them; without others, it does all the work. */
	while (started + 1 < wanted &&
	       !pthread_create(&threads[started], NULL, work_through, &crew))
		started++;
	work_through(&crew);
	while (started)
		pthread_join(threads[--started], NULL);
}

void run_parallel(size_t count, void (*work)(void *context, size_t i), void *context)
{
	cpu_set_t processors;
	size_t wanted = 1;

	if (!sched_getaffinity(0, sizeof(processors), &processors))
		wanted = CPU_COUNT(&processors);
	run(wanted, count, work, context);
}

void run_waiting(size_t count, void (*work)(void *context, size_t i), void *context)
{
	run(MAX_THREADS, count, work, context);
}
