// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults of kernel code: the report has Linux's lines (arch/x86/mm/fault.c,
 * arch/x86/kernel/traps.c, kernel/panic.c of 6.1 and 6.12), the call fails and
 * the thread goes on.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
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

static void returns_and_passes_arguments(void **state)
{
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_add), 1), 21);
}

/* reference/negative-oops.txt, line by line */
static void null_write(void **state)
{
	fixture_oops(fixture, KERNEL(fixture, k_outer), KERNEL(fixture, k_null_write));
	LOGGED("<1>BUG: kernel NULL pointer dereference, address: X");
	LOGGED("<1>BUG: kernel NULL pointer dereference, address: 0000000000000008");
	LOGGED("<1>#PF: supervisor write access in kernel mode");
	LOGGED("<1>#PF: error_code(0x0002) - not-present page");
	LOGGED("<4>Oops: 0002 [#1] NOPTI");
	LOGGED("<4>CPU: 0 PID: 0 Comm: swapper/0 Not tainted  #1 ");
	LOGGED("<4>Hardware name: ring3");
	LOGGED("<4>RIP: 0010:k_null_write+0x6/0x10");
	LOGGED("<4>RSP: 0018:X EFLAGS: 00010246");
	LOGGED("<4>RAX: 0000000000000000 RBX: X RCX: 0000000000000004");
	LOGGED("<4>CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033");
	LOGGED("<4>CR2: 0000000000000008 CR3: X CR4: X");
	LOGGED("<4>Call Trace:");
	LOGGED("<4> <TASK>");
	LOGGED("<4> k_caller+0x6/0x10");
	LOGGED("<4> k_outer+0x9/0x10");
	LOGGED("<4> </TASK>");
	LOGGED("<4>Modules linked in:");
	LOGGED("<4>CR2: 0000000000000008");
	LOGGED("<4>---[ end trace 0000000000000000 ]---");
	assert_int_equal(fixture->box->oopses, 1);
	assert_int_equal(fixture->box->taints, 1 << 7);
	/* the code around it, the faulting byte marked: c7 40 08 is mov $,8(%rax) */
	assert_non_null(strstr(fixture->log, " 55 48 89 e5 31 c0 <c7> 40 08 01 00 00 00 5d c3"));
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_add), 1), 21);
}

static void wild_pointers(void **state)
{
	uint64_t read = KERNEL(fixture, k_read), text = KERNEL(fixture, k_add);

	fixture_oops(fixture, read, 0x123456789000);
	LOGGED("<1>BUG: unable to handle page fault for address: 0000123456789000");
	LOGGED("<1>#PF: supervisor read access in kernel mode");
	LOGGED("<1>#PF: error_code(0x0000) - not-present page");
	fixture_oops(fixture, read, 0xffff888000000000);
	LOGGED("<1>BUG: unable to handle page fault for address: ffff888000000000");
	LOGGED("<1>#PF: error_code(0x0000) - not-present page");
	fixture_oops(fixture, read, 0xdead000000000122);
	LOGGED("<4>general protection fault, probably for non-canonical address "
	       "0xdead000000000122: 0000 [#3] NOPTI");
	/* text is read-only: W^X */
	fixture_oops(fixture, KERNEL(fixture, k_outer), text + 0x400000);
	LOGGED("<1>#PF: supervisor instruction fetch in kernel mode");
}

static void call_null(void **state)
{
	fixture_oops(fixture, KERNEL(fixture, k_outer), 0);
	LOGGED("<1>BUG: kernel NULL pointer dereference, address: 0000000000000000");
	LOGGED("<1>#PF: supervisor instruction fetch in kernel mode");
	LOGGED("<1>#PF: error_code(0x0010) - not-present page");
	LOGGED("<4>RIP: 0010:0x0");
	LOGGED("<4>Code: Unable to access opcode bytes at 0xffffffffffffffd6.");
	LOGGED("<4> k_caller+0x6/0x10");
	LOGGED("<4> k_outer+0x9/0x10");
}

static void jump_into_data(void **state)
{
	fixture_oops(fixture, KERNEL(fixture, k_caller), fixture->box->space.memory_base);
	LOGGED("<2>kernel tried to execute NX-protected page - exploit attempt? (uid: 0)");
	LOGGED("<1>#PF: supervisor instruction fetch in kernel mode");
	LOGGED("<1>#PF: error_code(0x0011) - permissions violation");
	LOGGED("<4> k_caller+0x6/0x10");
}

static void arithmetic_and_opcodes(void **state)
{
	fixture_oops(fixture, KERNEL(fixture, k_divide), 0);
	LOGGED("<4>divide error: 0000 [#1] NOPTI");
	fixture_oops(fixture, KERNEL(fixture, k_ud), 0);
	LOGGED("<4>invalid opcode: 0000 [#2] NOPTI");
	fixture_oops(fixture, KERNEL(fixture, k_int3), 0);
	LOGGED("<4>int3: 0000 [#3] NOPTI");
}

static void privileged_instructions(void **state)
{
	static const char *const names[] = {"hlt", "cli", "in", "wrmsr", "mov", "stac"};
	const uint64_t functions[] = {KERNEL(fixture, k_hlt),     KERNEL(fixture, k_cli),
				      KERNEL(fixture, k_in),      KERNEL(fixture, k_wrmsr),
				      KERNEL(fixture, k_mov_cr0), KERNEL(fixture, k_stac)};
	char line[128];

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		fixture_oops(fixture, functions[i], 0);
		snprintf(line, sizeof(line), "ring3: privileged instruction `%s' at k_", names[i]);
		assert_non_null(strstr(fixture->log, line));
		snprintf(line, sizeof(line), "<4>%s: 0000 [#%u] NOPTI",
			 i < 5 ? "general protection fault" : "invalid opcode", i + 1);
		LOGGED(line);
	}
}

static void stack_overflow(void **state)
{
	fixture_oops(fixture, KERNEL(fixture, k_recurse), 0);
	LOGGED("<0>BUG: TASK stack guard page was hit at X (stack is X..X)");
	LOGGED("<4>stack guard page: 0000 [#1] NOPTI");
	assert_non_null(strstr(fixture->log, "k_recurse+0x"));
	fixture_oops(fixture, KERNEL(fixture, k_lost_stack), 0);
	LOGGED("<1>BUG: unable to handle page fault for address: 000012345677fff8");
}

/* arch/x86/include/asm/extable_fixup_types.h */
static void exception_tables(void **state)
{
	const uint64_t bad = 0x1000;

	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_fix_default), bad), 77);
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_fix_clear), bad), 0);
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_fix_fault), bad), 14);
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_fix_fault), 1UL << 63), 13);
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_fix_efault), bad), -EFAULT);
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_fix_pop), bad), 5);
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_fix_ucopy), bad), 3 * 8 + 2);
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_fix_rdmsr), 0), -EIO);
	assert_int_equal(fixture->box->oopses, 0);
	fixture_oops(fixture, KERNEL(fixture, k_fix_bpf), bad);
}

/* load_unaligned_zeropad(): bytes of the missing page read as zero */
static void zeropad(void **state)
{
	char *page = mmap(NULL, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	uint64_t function = KERNEL(fixture, k_fix_zeropad), end = (uint64_t)page + PAGE_SIZE;

	munmap((void *)end, PAGE_SIZE);
	memcpy((char *)end - 8, "12345678", 8);
	assert_int_equal(fixture_call(fixture, function, end - 3), 0x383736);
	assert_int_equal(fixture_call(fixture, function, end - 8), 0x3837363534333231);
	fixture_oops(fixture, function, 0x1000); /* it does not reach in from before */
	munmap(page, PAGE_SIZE);
}

/* reference/negative-bug.txt */
static void warnings(void **state)
{
	fixture_clear_log(fixture);
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_warn), 0), 9);
	LOGGED("<4>------------[ cut here ]------------");
	LOGGED("<4>WARNING: CPU: 0 PID: 0 at drivers/misc/test.c:4242 k_warn+0x0/0x10");
	LOGGED("<4>RIP: 0010:k_warn+0x0/0x10");
	LOGGED("<4>---[ end trace 0000000000000000 ]---");
	assert_int_equal(fixture->box->warnings, 1);
	assert_int_equal(fixture->box->oopses, 0);
	assert_int_equal(fixture->box->taints, 512);
	fixture_clear_log(fixture);
	fixture_call(fixture, KERNEL(fixture, k_warn_no_cut), 0);
	assert_null(strstr(fixture->log, "cut here"));
	assert_int_equal(fixture->box->warnings, 2);
	LOGGED("<4>CPU: 0 PID: 0 Comm: swapper/0 Tainted: G        W           #1 ");
}

static void warn_once(void **state)
{
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_warn_once), 0), 10);
	assert_int_equal(fixture->box->warnings, 1);
	assert_int_equal(fixture_call(fixture, KERNEL(fixture, k_warn_once), 0), 10);
	assert_int_equal(fixture->box->warnings, 1);
}

static void bugs(void **state)
{
	fixture_oops(fixture, KERNEL(fixture, k_bug), 0);
	LOGGED("<4>------------[ cut here ]------------");
	LOGGED("<2>kernel BUG at drivers/misc/test.c:4242!");
	LOGGED("<4>invalid opcode: 0000 [#1] NOPTI");
	/* a file name that lies nowhere */
	fixture_oops(fixture, KERNEL(fixture, k_bug_no_file), 0);
	LOGGED("<2>kernel BUG at :4242!");
}

static void reads_without_faulting(void **state)
{
	uint64_t value = 0, good = 42;

	fixture_call(fixture, KERNEL(fixture, k_add), 0); /* in front of cmocka's handlers */

	assert_int_equal(arch_copy_nofault(&value, (uint64_t)&good, 8), 0);
	assert_int_equal(value, 42);
	assert_int_equal(arch_copy_nofault(&value, 0x1000, 8), -EFAULT);
	assert_int_equal(arch_copy_nofault(&value, 0xdead000000000000, 8), -EFAULT);
}

static void numbers_oopses_and_repeats_the_first(void **state)
{
	const char *summary;

	fixture_oops(fixture, KERNEL(fixture, k_divide), 0);
	fixture_oops(fixture, KERNEL(fixture, k_null_write), 0);
	LOGGED("<4>Oops: 0002 [#2] NOPTI");
	LOGGED("<4>CPU: 0 PID: 0 Comm: swapper/0 Tainted: G      D             #1 ");
	summary = strstr(fixture->log, "end trace");
	assert_non_null(summary);
	assert_non_null(strstr(summary, "RIP: 0010:k_divide"));
}

/* arch/x86/kernel/dumpstack.c and lib/dump_stack.c of 6.12 */
static void newer_release(void **state)
{
	fixture->data = (struct r3_runtime_data){
		.release = "6.12.117+deb12-amd64",
		.version = "#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-11-01)",
		.thread_size = 16384,
	};
	fixture->box->data = &fixture->data;
	fixture->box->taints = 1 << 12;
	fixture_oops(fixture, KERNEL(fixture, k_null_write), 0);
	LOGGED("<4>Oops: Oops: 0002 [#1] PREEMPT SMP NOPTI");
	LOGGED("<4>CPU: 0 UID: 0 PID: 0 Comm: swapper/0 Tainted: G           O       "
	       "6.12.117+deb12-amd64 #1  Debian 6.12.117-1");
	LOGGED("<4>Tainted: [O]=OOT_MODULE");
}

/* Whichever goes first, the other one's stack overflows still find a signal stack. */
static void boxes_share_a_threads_signal_stack(void **state)
{
	struct fixture *other = fixture_new(1);

	fixture_oops(fixture, KERNEL(fixture, k_recurse), 0);
	fixture_oops(other, KERNEL(other, k_recurse), 0);
	fixture_free(fixture);
	fixture = other;
	fixture_oops(fixture, KERNEL(fixture, k_recurse), 0);
	LOGGED("<4>stack guard page: 0000 [#2] NOPTI");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(returns_and_passes_arguments),
		TEST(null_write),
		TEST(wild_pointers),
		TEST(call_null),
		TEST(jump_into_data),
		TEST(arithmetic_and_opcodes),
		TEST(privileged_instructions),
		TEST(stack_overflow),
		TEST(exception_tables),
		TEST(zeropad),
		TEST(warnings),
		TEST(warn_once),
		TEST(bugs),
		TEST(reads_without_faulting),
		TEST(numbers_oopses_and_repeats_the_first),
		TEST(newer_release),
		TEST(boxes_share_a_threads_signal_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
