// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads that wait for requests together: box/requests.c. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>
#include "box/requests.h"

#define WORKERS  4
#define REQUESTS 20000

struct pool {
	struct requests requests;
	int from, to; /* a pipe */
	pthread_t workers[WORKERS];
	unsigned int served, woken_for_nothing;
};

static void *work(void *argument)
{
	struct pool *pool = argument;

	enum requests_news news;
	void *source;

	while ((news = requests_wait(&pool->requests, &source)) != REQUESTS_STOPPED) {
		char byte;
		ssize_t got = news == REQUESTS_COME ? read(pool->from, &byte, 1) : 0;

		assert_ptr_equal(source, pool);
		requests_next(&pool->requests, pool->from, pool);
		if (news == REQUESTS_ENDED)
			break;
		__atomic_add_fetch(got == 1 ? &pool->served : &pool->woken_for_nothing, 1,
				   __ATOMIC_RELAXED);
	}
	return NULL;
}

static void start(struct pool *pool)
{
	int fds[2];

	*pool = (struct pool){.served = 0};
	assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	pool->from = fds[0];
	pool->to = fds[1];
	assert_int_equal(requests_open(&pool->requests), 0);
	assert_int_equal(requests_add(&pool->requests, pool->from, pool), 0);
	for (unsigned int i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&pool->workers[i], NULL, work, pool), 0);
}

static void join(struct pool *pool)
{
	for (unsigned int i = 0; i < WORKERS; i++)
		pthread_join(pool->workers[i], NULL);
	requests_close(&pool->requests);
	assert_int_equal(close(pool->from), 0); /* it was the caller's still */
}

/* Each request is somebody's, none is left lying, and nobody else is told of it. */
static void one_thread_is_woken_for_each(void **state)
{
	struct pool pool;

	start(&pool);
	for (unsigned int sent = 0; sent < REQUESTS;)
		sent += write(pool.to, "", 1) == 1;
	close(pool.to);
	join(&pool);
	assert_int_equal(pool.served, REQUESTS);
	assert_int_equal(pool.woken_for_nothing, 0);
}

static void the_end_of_the_descriptor_ends_all(void **state)
{
	struct pool pool;

	start(&pool);
	close(pool.to);
	join(&pool);
	assert_int_equal(pool.served + pool.woken_for_nothing, 0);
}

static void stop_ends_all(void **state)
{
	struct pool pool;

	start(&pool);
	requests_stop(&pool.requests);
	join(&pool);
	assert_int_equal(pool.served + pool.woken_for_nothing, 0);
	close(pool.to);
}

/* One that has ended is told of to one thread, and taken out, while the others' requests go on. */
static void one_of_two_may_end(void **state)
{
	struct requests requests;
	int one[2], other[2];
	void *source;

	assert_int_equal(pipe(one), 0);
	assert_int_equal(pipe(other), 0);
	assert_int_equal(requests_open(&requests), 0);
	assert_int_equal(requests_add(&requests, one[0], one), 0);
	assert_int_equal(requests_add(&requests, other[0], other), 0);
	close(one[1]);
	assert_int_equal(requests_wait(&requests, &source), REQUESTS_ENDED);
	assert_ptr_equal(source, one);
	assert_int_equal(write(other[1], "", 1), 1);
	assert_int_equal(requests_wait(&requests, &source), REQUESTS_COME);
	assert_ptr_equal(source, other);
	requests_next(&requests, other[0], other);
	requests_remove(&requests, one[0]);
	assert_int_equal(requests_wait(&requests, &source), REQUESTS_COME);
	assert_ptr_equal(source, other);
	requests_stop(&requests);
	assert_int_equal(requests_wait(&requests, &source), REQUESTS_STOPPED);
	requests_close(&requests);
	close(one[0]);
	close(other[0]);
	close(other[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thread_is_woken_for_each),
		cmocka_unit_test(the_end_of_the_descriptor_ends_all),
		cmocka_unit_test(stop_ends_all),
		cmocka_unit_test(one_of_two_may_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
