// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Probes under load: four threads call a function while probes on it and near
 * it come and go; and ten thousand at once.
 * RING3_STRESS: seconds, for ten million calls and more.
 * argv: the modules' directory.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "box/box.h"
#include "box_fixture.h"
#include "probe/probe.h"

#define CALLERS          4
#define CALLS_A_TURN     5000
#define MOVES_A_TURN     20
#define SECONDS          2 /* without RING3_STRESS */
#define STRESS_CALLS     10000000
#define ROUNDS           3
#define CROWD            10000
#define CROWD_STRIDE     32
#define CROWD_PROBED     4
#define OPTIMIZE_WAIT_MS 10000
#define JUMP             0xe9

static struct r3_box *box;
static volatile bool stop;
static volatile long nr_calls;

static uint64_t call(const char *function, uint64_t first, uint64_t second)
{
	uint64_t result;

	if (r3_call(box, r3_symbol(box, function), &result, 2, first, second))
		fail_msg("%s oopsed; the log is:\n%s", function, fixture.log);
	return result;
}

static void *call_on(void *seed)
{
	uint64_t result;

	for (uint64_t turn = 0; !stop; turn++) {
		if (r3_call(box, r3_symbol(box, "probe_stress_calls"), &result, 2,
			    (uint64_t)CALLS_A_TURN, (uint64_t)seed + turn * CALLERS))
			return "oopsed";
		nr_calls = result;
	}
	return NULL;
}

/* Optimisation goes on and off while probes come and go. */
static void *switch_on(void *unused)
{
	const struct timespec pauses[] = {{.tv_nsec = 50000000}, {.tv_nsec = 250000000}};

	for (unsigned int on = 0; !stop; on ^= 1) {
		if (r3_call(box, r3_symbol(box, "r3rt_probes_optimization"), NULL, 1, (uint64_t)on))
			return "oopsed";
		nanosleep(&pauses[on], NULL);
	}
	if (r3_call(box, r3_symbol(box, "r3rt_probes_optimization"), NULL, 1, 1UL))
		return "oopsed";
	return NULL;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Points and their slots, of the whole box. */
static unsigned int left_over(void)
{
	struct points_count count;

	points_count(box, &count);
	return count.points + count.slots;
}

static void stress(double duration, long least_calls)
{
	pthread_t callers[CALLERS], switcher;
	double end = seconds() + duration;
	void *trouble;

	stop = false;
	nr_calls = 0;
	assert_int_equal((int)call("probe_stress_begin", 0, 0), 0);
	for (uintptr_t i = 0; i < CALLERS; i++)
		assert_int_equal(pthread_create(&callers[i], NULL, call_on, (void *)i), 0);
	assert_int_equal(pthread_create(&switcher, NULL, switch_on, NULL), 0);
	for (uint64_t turn = 1; seconds() < end || nr_calls < least_calls; turn++)
		call("probe_stress_move", MOVES_A_TURN, turn);
	stop = true;
	for (int i = 0; i < CALLERS; i++) {
		assert_int_equal(pthread_join(callers[i], &trouble), 0);
		if (trouble) {
			fputs(fixture.log, stderr); /* longer than what fail_msg() prints */
			fail_msg("a caller %s", (char *)trouble);
		}
	}
	assert_int_equal(pthread_join(switcher, &trouble), 0);
	assert_null(trouble);
	if (call("probe_stress_end", 0, 0))
		fail_msg("the log is:\n%s", fixture.log);
}

static void boot(void)
{
	box = fixture_boot_cpus(0, CALLERS);
}

static void no_hit_is_lost_while_probes_come_and_go(void **state)
{
	const char *asked = getenv("RING3_STRESS");
	double duration = asked ? atof(asked) : SECONDS;
	uint8_t before[256];
	void *target;

	boot();
	for (int round = 0; round < ROUNDS; round++) {
		fixture_load_ok(box, "probe_stress", "");
		target = r3_symbol(box, "probe_stress_target");
		memcpy(before, target, sizeof(before));
		stress(duration / ROUNDS, asked ? STRESS_CALLS / ROUNDS : 1);
		assert_memory_equal(before, target, sizeof(before));
		assert_int_equal(left_over(), 0);
		assert_int_equal(r3_module_unload(box, "probe_stress", 0), 0);
	}
	assert_clean(box);
	r3_box_free(box);
}

static unsigned int jumps(const uint8_t *text)
{
	unsigned int count = 0;

	for (int i = 0; i < CROWD; i++)
		count += text[i * CROWD_STRIDE + CROWD_PROBED] == JUMP;
	return count;
}

static void ten_thousand_probes_at_once_are_all_hit(void **state)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	static uint8_t before[CROWD * CROWD_STRIDE];
	uint8_t *text;

	boot();
	fixture_load_ok(box, "probe_crowd", "");
	text = r3_symbol(box, "probe_crowd_text");
	memcpy(before, text, sizeof(before));
	assert_int_equal((int)call("probe_crowd_wrong", 0, 0), 0);
	assert_int_equal((int)call("probe_crowd_register", 0, 0), 0);
	assert_int_equal((int)call("probe_crowd_wrong", 1, 0), 0);
	for (int waited = 0; jumps(text) < CROWD && waited < OPTIMIZE_WAIT_MS; waited += 10)
		nanosleep(&pause, NULL);
	assert_int_equal(jumps(text), CROWD);
	assert_int_equal((int)call("probe_crowd_wrong", 1, 0), 0);
	assert_true(left_over() >= CROWD);
	call("probe_crowd_unregister", 0, 0);
	assert_int_equal((int)call("probe_crowd_wrong", 0, 0), 0);
	assert_memory_equal(before, text, sizeof(before));
	assert_int_equal(left_over(), 0);
	assert_int_equal(r3_module_unload(box, "probe_crowd", 0), 0);
	assert_clean(box);
	r3_box_free(box);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_hit_is_lost_while_probes_come_and_go),
		cmocka_unit_test(ten_thousand_probes_at_once_are_all_hit),
	};

	if (!fixture_arguments(argc, argv, 1))
		return 2;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
