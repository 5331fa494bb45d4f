// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Call traces: by ORC data of both forms (asm/orc_types.h of 6.1 and 6.12), by
 * frame pointers, and what happens on a stack that makes no sense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "tests/unit/arch_fixture.h"

#define LOGGED(line) assert_true(fixture_logged(fixture, line))

static struct fixture *fixture;

static int setup(void **state)
{
	fixture = fixture_new(1);
	return 0;
}

static int teardown(void **state)
{
	fixture_free(fixture);
	return 0;
}

extern const char kernel_orc_ip[], kernel_orc_ip_end[], kernel_orc_old[], kernel_orc_new[];

static void add_orc(const char *orc, const char *release)
{
	struct object *object = fixture->object;
	unsigned int entries = (kernel_orc_ip_end - kernel_orc_ip) / 4;

	object->sections[object->nr_sections++] =
		(struct r3_section){".orc_unwind_ip", fixture_address(fixture, kernel_orc_ip),
				    kernel_orc_ip_end - kernel_orc_ip};
	object->sections[object->nr_sections++] =
		(struct r3_section){".orc_unwind", fixture_address(fixture, orc), 6 * entries};
	fixture->data = (struct r3_runtime_data){.release = release, .thread_size = 16384};
	fixture->box->data = &fixture->data;
}

static void by_orc(const char *orc, const char *release)
{
	add_orc(orc, release);
	/* a leaf without any frame */
	fixture_oops(fixture, KERNEL(fixture, k_orc_caller), KERNEL(fixture, k_divide));
	LOGGED("<4> k_orc_caller+0x6/0x10");
}

static void orc_of_6_1(void **state)
{
	by_orc(kernel_orc_old, "6.1.0-56-amd64");
}

static void orc_of_6_12(void **state)
{
	by_orc(kernel_orc_new, "6.12.117+deb12-amd64");
}

/* What no frame leads to is printed as a guess. */
static void guesses_are_marked(void **state)
{
	fixture_oops(fixture, KERNEL(fixture, k_guess), 0);
	LOGGED("<4> k_orc_caller+0x6/0x10");
	LOGGED("<4> ? k_guess+0x10/0x20");
}

struct found {
	uint64_t addresses[32];
	bool reliable[32];
	unsigned int count;
};

static int remember(void *context, uint64_t address, bool reliable)
{
	struct found *found = context;

	if (found->count == 32)
		return 1;
	found->reliable[found->count] = reliable;
	found->addresses[found->count++] = address;
	return 0;
}

static struct found trace;
static struct arch_registers at;

/* Called by kernel code. */
static uint64_t take_trace(void)
{
	trace.count = 0;
	arch_hypercall_registers(thread_current(), &at);
	arch_unwind(thread_current(), &at, remember, &trace);
	return 1;
}

static void hypercalls_know_their_caller(void **state)
{
	uint64_t stub = fixture_stub(fixture, take_trace);

	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_outer), stub), 2);
	assert_int_equal(at.rip, KERNEL(fixture, k_caller_return));
	assert_int_equal(trace.count, 1);
	assert_int_equal(trace.addresses[0], KERNEL(fixture, k_outer_return));
	assert_true(trace.reliable[0]);
}

/* Kernel code called by a hypercall that kernel code made. */
static uint64_t nested(void)
{
	uint64_t arguments[6] = {fixture_stub(fixture, take_trace)};
	uint64_t result;

	assert_int_equal(
		kernel_call(thread_current(), KERNEL(fixture, k_outer), &result, 1, arguments), 0);
	return result;
}

static void traces_cross_hypercalls(void **state)
{
	const uint64_t expected[] = {KERNEL(fixture, k_outer_return),
				     KERNEL(fixture, k_caller_return),
				     KERNEL(fixture, k_outer_return)};
	unsigned int reliable = 0;

	fixture_call(fixture, KERNEL(fixture, k_outer), fixture_stub(fixture, nested));
	for (unsigned int i = 0; i < trace.count; i++) {
		if (!trace.reliable[i])
			continue;
		assert_true(reliable < 3);
		assert_int_equal(trace.addresses[i], expected[reliable++]);
	}
	assert_int_equal(reliable, 3);
}

static struct arch_registers crooked;

static uint64_t take_crooked(void)
{
	crooked.orig_rax = -1UL;
	trace.count = 0;
	arch_unwind(thread_current(), &crooked, remember, &trace);
	return 0;
}

/* Registers that point anywhere: the walk stays on the stack and ends. */
static void survives_any_registers(void **state)
{
	uint64_t stub = fixture_stub(fixture, take_crooked);
	const uint64_t values[] = {0, 1, 0x1000, 0xdead000000000000, ~0UL, ~0UL - 7, 0x7fff, 8};
	unsigned int count = sizeof(values) / sizeof(values[0]);
	struct thread *thread;

	fixture_call(fixture, KERNEL(fixture, k_add), 0);
	thread = thread_current();
	for (unsigned int i = 0; i < count * count; i++) {
		crooked.rip = KERNEL(fixture, k_caller_return);
		crooked.rsp = values[i % count];
		crooked.rbp = values[i / count];
		fixture_call(fixture, KERNEL(fixture, k_caller), stub);
		/* and inside of the stack, at its ends, unaligned */
		crooked.rsp += thread->stack;
		fixture_call(fixture, KERNEL(fixture, k_caller), stub);
		crooked.rsp = thread->stack + thread->stack_size - values[i % count];
		crooked.rbp += crooked.rsp;
		fixture_call(fixture, KERNEL(fixture, k_caller), stub);
	}
	assert_int_equal(fixture->box->oopses, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(orc_of_6_1),
		TEST(orc_of_6_12),
		TEST(guesses_are_marked),
		TEST(hypercalls_know_their_caller),
		TEST(traces_cross_hypercalls),
		TEST(survives_any_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
