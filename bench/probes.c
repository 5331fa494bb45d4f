// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes: each beside a call without one, a trap beside a signal that is all of its own. */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include "measure.h"

#define ROUNDS           101
#define CALLS            200000
#define TRAPS            1000
#define CROWD            1000
#define CROWD_ROUNDS     21
#define JUMP             0xe9
#define OPTIMIZE_WAIT_MS 10000

/* The most nanoseconds that a call may take longer, and of a trap times as long. */
#define DISABLED_GOAL    1
#define ENTRY_GOAL       25
#define JUMP_GOAL        30
#define TRAP_GOAL        1.3

static uint64_t call(struct r3_box *box, const char *function, uint64_t first, uint64_t second)
{
	void *address = r3_symbol(box, function);
	uint64_t result;

	if (!address || r3_call(box, address, &result, 2, first, second))
		die(function);
	return result;
}

static void must(struct r3_box *box, const char *function, uint64_t first, uint64_t second)
{
	if ((int)call(box, function, first, second))
		die(function);
}

static void optimize(struct r3_box *box, int on)
{
	call(box, "r3rt_probes_optimization", on, 0);
}

static double timed(struct r3_box *box, const char *function, uint64_t calls)
{
	double start = now();

	call(box, function, calls, 0);
	return (now() - start) / calls;
}

/* With the probe that is there, beside a function without, by turns. */
static void show_more(struct r3_box *box, const struct target_files *target, const char *what,
		      double goal)
{
	double with[ROUNDS], without[ROUNDS], mine, other;
	char text[64];

	for (int i = 0; i < ROUNDS; i++) {
		with[i] = timed(box, "bench_probes_call_target", CALLS);
		without[i] = timed(box, "bench_probes_call_bare", CALLS);
	}
	mine = median(with, ROUNDS) * 1e9;
	other = median(without, ROUNDS) * 1e9;
	label(text, sizeof(text), what, target);
	show(&(struct figure){text, "an indirect call", mine, other, "ns", mine - other,
			      "%.2f ns more", goal});
}

static void wait_for_jump(struct r3_box *box)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	const volatile uint8_t *place = (const uint8_t *)r3_symbol(box, "bench_probes_target") +
					*(const uint64_t *)r3_symbol(box, "bench_probes_place");

	for (int waited = 0; *place != JUMP; waited += 10) {
		if (waited >= OPTIMIZE_WAIT_MS)
			die("a probe that is not optimised");
		nanosleep(&pause, NULL);
	}
}

/* A signal handler that does nothing, and what calls it: the least that int3 costs. */
static void on_trap(int signal)
{
}

static __attribute__((noinline)) void trap(void)
{
	__asm__ volatile("int3");
}

static double timed_signals(void)
{
	const struct sigaction ours = {.sa_handler = on_trap};
	struct sigaction boxs;
	double start, took;

	sigaction(SIGTRAP, &ours, &boxs);
	start = now();
	for (int i = 0; i < TRAPS; i++)
		trap();
	took = (now() - start) / TRAPS;
	sigaction(SIGTRAP, &boxs, NULL);
	return took;
}

static void show_trap(struct r3_box *box, const struct target_files *target)
{
	double with[ROUNDS], signals[ROUNDS], mine, other;
	char text[64];

	optimize(box, 0);
	must(box, "bench_probes_register", 0, 0);
	for (int i = 0; i < ROUNDS; i++) {
		with[i] = timed(box, "bench_probes_call_target", TRAPS);
		signals[i] = timed_signals();
	}
	call(box, "bench_probes_unregister", 0, 0);
	optimize(box, 1);
	mine = median(with, ROUNDS) * 1e9;
	other = median(signals, ROUNDS) * 1e9;
	label(text, sizeof(text), "a call with an int3 probe", target);
	show(&(struct figure){text, "int3, an empty handler", mine, other, "ns", mine / other,
			      "ratio %.2f", TRAP_GOAL});
}

static void show_registering(struct r3_box *box, const struct target_files *target)
{
	double one[ROUNDS], crowd[CROWD_ROUNDS], mine, other;
	char text[64];

	for (int i = 0; i < ROUNDS; i++) {
		double start = now();

		must(box, "bench_probes_crowd_turn", 1, 0);
		one[i] = now() - start;
	}
	for (int i = 0; i < CROWD_ROUNDS; i++) {
		double start = now();

		must(box, "bench_probes_crowd_turn", CROWD, 0);
		crowd[i] = now() - start;
	}
	mine = median(crowd, CROWD_ROUNDS) * 1e6 / CROWD;
	other = median(one, ROUNDS) * 1e6;
	label(text, sizeof(text), "set 1,000 probes, each", target);
	show(&(struct figure){text, "one alone", mine, other, "us", mine / other, "ratio %.2f", 0});
}

void bench_probes(const struct target_files *target)
{
	struct r3_box *box = new_box(target);

	if (r3_module_load(box, target->probes, "", 0, NULL))
		die(target->probes);
	must(box, "bench_probes_register", 1, 1);
	show_more(box, target, "a call, its probe disabled", DISABLED_GOAL);
	call(box, "bench_probes_unregister", 0, 0);
	must(box, "bench_probes_register", 1, 0);
	show_more(box, target, "a call with an entry probe", ENTRY_GOAL);
	call(box, "bench_probes_unregister", 0, 0);
	must(box, "bench_probes_register", 0, 0);
	wait_for_jump(box);
	show_more(box, target, "a call with a jump probe", JUMP_GOAL);
	call(box, "bench_probes_unregister", 0, 0);
	show_trap(box, target);
	must(box, "bench_probes_register_return", 0, 0);
	show_more(box, target, "a call with a kretprobe", 0);
	call(box, "bench_probes_unregister_return", 0, 0);
	show_registering(box, target);
	r3_box_free(box);
}
