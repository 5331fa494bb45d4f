// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts that are injected into running kernel code leave no trace in it,
 * and none is lost; code that is replaced while it runs is old or new, never
 * half of each.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <cmocka.h>
#include "arch/x86_64/trap.h"
#include "box/sched.h"
#include "tests/unit/arch_fixture.h"

/* As arch_kernel.S has them. */
struct soak {
	volatile uint64_t stop, errors;
	uint64_t hypercall;
	volatile uint64_t loops;
	uint64_t stack;
};
struct counters {
	volatile uint64_t interrupts, errors, bits;
	uint64_t hypercall;
};

static struct fixture *fixture;
static struct counters counters;

static uint64_t nothing(void)
{
	return 0xabc;
}

static int setup(void **state)
{
	fixture = fixture_new(2);
	counters = (struct counters){.hypercall = fixture_stub(fixture, nothing)};
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		fixture->box->vcpus[cpu].page->reserved[0] = (unsigned long)&counters;
	fixture->box->entries.interrupt = KERNEL(fixture, k_interrupt);
	return 0;
}

static int teardown(void **state)
{
	fixture_free(fixture);
	return 0;
}

struct call {
	pthread_t pthread;
	uint64_t function, argument, result;
	int error;
	struct thread *volatile thread;
};

static void *run_call(void *data)
{
	struct call *call = data;
	uint64_t arguments[6] = {call->argument};

	arch_traps_install();
	call->error = box_enter(fixture->box);
	if (call->error)
		return NULL;
	call->thread = thread_current();
	call->error = kernel_call(thread_current(), call->function, &call->result, 1, arguments);
	box_leave(fixture->box);
	return NULL;
}

static void start_call(struct call *call)
{
	assert_int_equal(pthread_create(&call->pthread, NULL, run_call, call), 0);
	while (!call->thread || !call->thread->frame)
		usleep(100);
}

static struct r3_vcpu_page *raise_irq(struct call *call, unsigned int bits)
{
	struct r3_vcpu_page *page = fixture->box->vcpus[call->thread->vcpu].page;

	__atomic_or_fetch(&page->irq_pending, bits, __ATOMIC_RELEASE);
	arch_kick(call->thread);
	return page;
}

/* Until they were taken; a kick that hit the very end of a hypercall is repeated, as box/clock.c
 * does. */
static void wait_taken(struct call *call, struct r3_vcpu_page *page)
{
	for (unsigned int i = 0; page->irq_pending; i++) {
		assert_true(i < 100000000);
		if (i % 1000000 == 999999)
			arch_kick(call->thread);
		__builtin_ia32_pause();
	}
	while (!page->irq_enabled)
		__builtin_ia32_pause();
}

/* Without hypercalls, nothing but the kick makes the thread take one. */
static void interrupt_often(uint64_t hypercall)
{
	struct soak soak = {.hypercall = hypercall};
	struct call call = {.function = KERNEL(fixture, k_soak), .argument = (uint64_t)&soak};
	struct timespec pause = {0, 0};

	start_call(&call);
	for (unsigned int i = 0; i < 1500; i++) {
		struct r3_vcpu_page *page = raise_irq(&call, R3_IRQ_TICK);

		pause.tv_nsec = i * 37 % 3000;
		if (i % 3 == 0)
			wait_taken(&call, page);
		else
			nanosleep(&pause, NULL);
	}
	soak.stop = 1;
	pthread_join(call.pthread, NULL);
	assert_int_equal(call.error, 0);
	assert_int_equal(soak.errors, 0);
	assert_int_equal(counters.errors, 0); /* each ran with interrupts disabled */
	assert_int_equal(counters.bits, R3_IRQ_TICK);
	assert_true(soak.loops > 1000);
	assert_in_range(counters.interrupts, 1500 / 3, 1500);
	assert_int_equal(fixture->box->oopses, 0);
}

static void leave_no_trace(void **state)
{
	interrupt_often(0);
}

static void none_is_lost_beside_hypercalls(void **state)
{
	interrupt_often(counters.hypercall);
}

/*
 * The same at each single instruction of the way back: an int3 at its start
 * and then single steps lead there, a kick hits it, and is not lost.
 */
static struct {
	struct call *call;
	unsigned int steps, wanted; /* instructions of the way back */
	volatile bool armed, kicked, done;
	uint8_t byte; /* under the int3 */
} way;

static void set_byte(uint8_t value)
{
	int memory = open("/proc/self/mem", O_WRONLY); /* takes no notice of protections */

	assert_int_equal(pwrite(memory, &value, 1, (off_t)arch_interrupt_return), 1);
	close(memory);
}

static void step_handler(int signal, siginfo_t *info, void *data)
{
	ucontext_t *context = data;
	greg_t *registers = context->uc_mcontext.gregs;
	uint64_t start = (uint64_t)arch_interrupt_return;

	if (way.armed) {
		way.armed = false;
		set_byte(way.byte);
		/* A kick that comes late would end the steps. */
		sigaddset(&context->uc_sigmask, SIGURG);
		registers[REG_RIP] = start;
		registers[REG_EFL] |= 0x100; /* TF */
	} else {
		way.steps++;
	}
	if (way.steps < way.wanted) {
		/* the flags that popf has brought back do not step */
		way.done = registers[REG_RIP] == (greg_t)arch_interrupt_return_ret;
		if (way.done)
			sigdelset(&context->uc_sigmask, SIGURG);
		return;
	}
	sigdelset(&context->uc_sigmask, SIGURG);
	registers[REG_EFL] &= ~0x100;
	if (registers[REG_RIP] >= (greg_t)start &&
	    registers[REG_RIP] < (greg_t)arch_interrupt_return_end) {
		way.kicked = true;
		raise_irq(way.call, R3_IRQ_TIMER);
	}
	way.done = true;
}

static void nothing_is_lost_on_the_way_back(void **state)
{
	struct sigaction action = {.sa_sigaction = step_handler, .sa_flags = SA_SIGINFO};
	struct soak soak = {.hypercall = 0};
	struct call call = {.function = KERNEL(fixture, k_soak), .argument = (uint64_t)&soak};
	unsigned int before;

	sigaction(SIGTRAP, &action, NULL);
	way.call = &call;
	way.byte = *(uint8_t *)arch_interrupt_return;
	start_call(&call);
	for (way.wanted = 0;; way.wanted++) {
		way.steps = 0;
		way.kicked = way.done = false;
		way.armed = true;
		before = counters.interrupts;
		set_byte(0xcc);
		/* One more would be found pending on the way; again only if one was taken on the
		 * thread's way in. */
		for (; way.armed; before++) {
			wait_taken(&call, raise_irq(&call, R3_IRQ_TICK));
			for (unsigned int i = 0; way.armed && i < 10000; i++)
				usleep(100);
		}
		while (!way.done)
			usleep(100);
		if (!way.kicked)
			break;
		/* the kick alone must do it: nothing repeats it here */
		for (unsigned int i = 0; counters.interrupts < before + 1 && i < 50000; i++)
			usleep(100);
		assert_int_equal(counters.interrupts, before + 1);
	}
	soak.stop = 1;
	pthread_join(call.pthread, NULL);
	assert_true(way.wanted > 25);
	assert_int_equal(soak.errors, 0);
	assert_int_equal(counters.errors, 0);
	assert_int_equal(fixture->box->oopses, 0);
}

static void wait_while_disabled(void **state)
{
	volatile uint64_t stop = 0;
	struct call call = {.function = KERNEL(fixture, k_wait), .argument = (uint64_t)&stop};
	struct r3_vcpu_page *page;

	start_call(&call);
	page = fixture->box->vcpus[call.thread->vcpu].page;
	page->irq_enabled = 0;
	raise_irq(&call, R3_IRQ_IPI);
	usleep(2000);
	assert_int_equal(counters.interrupts, 0);
	page->irq_enabled = 1;
	page->irq_defer = 1;
	raise_irq(&call, R3_IRQ_IPI);
	usleep(2000);
	assert_int_equal(counters.interrupts, 0);
	page->irq_defer = 0;
	wait_taken(&call, raise_irq(&call, R3_IRQ_IPI));
	assert_int_equal(counters.interrupts, 1);
	stop = 1;
	pthread_join(call.pthread, NULL);
	assert_int_equal(call.result, 3);
}

/* The interrupt ends, the call that it interrupted goes on. */
static void oops_ends_only_the_interrupt(void **state)
{
	volatile uint64_t stop = 0;
	struct call call = {.function = KERNEL(fixture, k_wait), .argument = (uint64_t)&stop};

	fixture->box->entries.interrupt = KERNEL(fixture, k_interrupt_null);
	start_call(&call);
	wait_taken(&call, raise_irq(&call, R3_IRQ_TICK));
	/* It is tried again, but not for ever. */
	for (unsigned int i = 0; fixture->box->oopses < 8 && i < 50000; i++)
		usleep(100);
	usleep(2000);
	assert_int_equal(fixture->box->oopses, 8);
	assert_int_equal(counters.interrupts, 8);
	/* What was interrupted is in the trace, with its registers. */
	assert_true(fixture_logged(fixture, "<4> <IRQ>"));
	assert_true(fixture_logged(fixture, "<4> </IRQ>"));
	assert_non_null(strstr(fixture->log, "RIP: 0010:k_wait+0x"));
	stop = 1;
	pthread_join(call.pthread, NULL);
	assert_int_equal(call.error, 0);
	assert_int_equal(call.result, 3);
}

static void kernel_thread_stops_with_its_box(void **state)
{
	struct thread *thread;

	fixture->box->entries.thread_start = KERNEL(fixture, k_forever);
	thread = thread_start(fixture->box, NULL, 0, 0);
	assert_non_null(thread);
	thread_unpark(thread);
	while (!thread->frame)
		usleep(100);
	/* teardown hangs if it does not */
}

static void code_is_never_half_new(void **state)
{
	static const uint8_t one[] = {0xb8, 1, 0, 0, 0}, other[] = {0xb8, 1, 1, 1, 1};
	volatile uint64_t stop = 0;
	uint64_t site = KERNEL(fixture, k_poked_site);
	struct call call = {.function = KERNEL(fixture, k_poked), .argument = (uint64_t)&stop};

	assert_int_equal(site % 8, 6); /* it crosses a word, so one store cannot do it */
	start_call(&call);
	for (unsigned int i = 0; i < 3000; i++)
		assert_int_equal(arch_text_poke(fixture->box, site, i % 2 ? one : other, 5), 0);
	stop = 1;
	pthread_join(call.pthread, NULL);
	assert_int_equal(call.error, 0);
	assert_int_equal(call.result, 0);
	assert_int_equal(arch_text_poke(fixture->box, 0x1000, one, 5), -EFAULT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(leave_no_trace),
		TEST(none_is_lost_beside_hypercalls),
		TEST(nothing_is_lost_on_the_way_back),
		TEST(wait_while_disabled),
		TEST(oops_ends_only_the_interrupt),
		TEST(kernel_thread_stops_with_its_box),
		TEST(code_is_never_half_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
