// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/bitops.h>
#include <linux/jump_label.h>
#include <linux/static_call.h>
#include <asm/alternative.h>
#include <asm/cpufeature.h>
#include "memory.h"

static DEFINE_STATIC_KEY_FALSE(off);
static DEFINE_STATIC_KEY_TRUE(on);

static noinline int branch(void)
{
	int taken = 0;

	if (static_branch_unlikely(&off))
		taken |= 1;
	if (static_branch_likely(&off))
		taken |= 2;
	if (static_branch_unlikely(&on))
		taken |= 4;
	if (static_branch_likely(&on))
		taken |= 8;
	return taken;
}

static int check_keys(void)
{
	int i;

	CHECK(branch() == 12);
	static_branch_enable(&off);
	CHECK(branch() == 15);
	static_branch_disable(&on);
	CHECK(branch() == 3);
	static_branch_disable(&off);
	static_branch_enable(&on);
	CHECK(branch() == 12);
	for (i = 0; i < 3; i++)
		static_branch_inc(&off);
	CHECK(static_key_count(&off.key) == 3 && branch() == 15);
	for (i = 0; i < 3; i++) {
		CHECK(static_key_enabled(&off));
		static_branch_dec(&off);
	}
	CHECK(!static_key_enabled(&off) && branch() == 12);
	return 0;
}

static noinline int add(int a, int b)
{
	return a + b;
}

static noinline int multiply(int a, int b)
{
	return a * b;
}

static int called;
static void note(int n)
{
	called += n;
}

DEFINE_STATIC_CALL(memory_operation, add);
DEFINE_STATIC_CALL_NULL(memory_note, note);
DEFINE_STATIC_CALL_RET0(memory_zero, add);

static int check_calls(void)
{
	CHECK(static_call(memory_operation)(6, 7) == 13);
	static_call_update(memory_operation, multiply);
	CHECK(static_call(memory_operation)(6, 7) == 42);
	static_call_cond(memory_note)(1);
	CHECK(called == 0);
	static_call_update(memory_note, note);
	static_call_cond(memory_note)(5);
	CHECK(called == 5);
	static_call_update(memory_note, NULL);
	static_call_cond(memory_note)(5);
	CHECK(called == 5);
	CHECK(static_call(memory_zero)(1, 2) == 0);
	static_call_update(memory_zero, add);
	CHECK(static_call(memory_zero)(1, 2) == 3);
	return 0;
}

static noinline int replaced(void)
{
	int value;

	asm volatile(ALTERNATIVE("mov $1, %0", "mov $2, %0", X86_FEATURE_ALWAYS) : "=r"(value));
	return value;
}

static noinline int not_replaced(void)
{
	int value;

	asm volatile(ALTERNATIVE("mov $1, %0", "mov $2, %0", X86_FEATURE_SMAP) : "=r"(value));
	return value;
}

static int check_alternatives(void)
{
	int (*volatile indirect)(int, int) = add;

	CHECK(replaced() == 2);
	CHECK(not_replaced() == 1); /* no SMAP in a process */
	CHECK(hweight32(0xf0f0f0f0) == 16 && hweight64(~0UL) == 64);
	CHECK(static_cpu_has(X86_FEATURE_FPU) && boot_cpu_has(X86_FEATURE_FPU));
	CHECK(!static_cpu_has(X86_FEATURE_SMAP));
	CHECK(indirect(2, 3) == 5); /* through a retpoline, or what became of it */
	return 0;
}

static int run(void)
{
	return check_keys() ?: check_calls() ?: check_alternatives();
}
CHECK_MODULE("Patched code: static keys, static calls, alternatives");
