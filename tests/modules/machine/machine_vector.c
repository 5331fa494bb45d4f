// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/lcm.h>
#include <linux/slab.h>
#include <asm/cpufeature.h>
#include <asm/fpu/api.h>
#include "machine.h"

#define REGISTERS 16
#define BYTES     32

#define EACH(op)                                                                                   \
	op(0) op(1) op(2) op(3) op(4) op(5) op(6) op(7) op(8) op(9) op(10) op(11) op(12) op(13)    \
		op(14) op(15)
#define LOAD_XMM(n)  "movdqu " #n "*32(%0), %%xmm" #n "\n"
#define STORE_XMM(n) "movdqu %%xmm" #n ", " #n "*32(%0)\n"
#define LOAD_YMM(n)  "vmovdqu " #n "*32(%0), %%ymm" #n "\n"
#define STORE_YMM(n) "vmovdqu %%ymm" #n ", " #n "*32(%0)\n"

static u8 before[REGISTERS][BYTES], after[REGISTERS][BYTES];
static unsigned long multiple;
static void *memory;

static void load(bool ymm)
{
	if (ymm)
		asm volatile(EACH(LOAD_YMM) : : "r"(before) : "memory");
	else
		asm volatile(EACH(LOAD_XMM) : : "r"(before) : "memory");
}

static void store(bool ymm)
{
	if (ymm)
		asm volatile(EACH(STORE_YMM) : : "r"(after) : "memory");
	else
		asm volatile(EACH(STORE_XMM) : : "r"(after) : "memory");
}

/* lcm() calls gcd(), of another file, which nobody has called before. */
static void call_out(void)
{
	multiple = lcm(12, 18);
	memory = kmalloc(100, GFP_ATOMIC);
	pr_info("in a section of the FPU\n");
}

static int run(void)
{
	bool ymm = boot_cpu_has(X86_FEATURE_AVX);
	int i;

	for (i = 0; i < sizeof(before); i++)
		((u8 *)before)[i] = i * 7 + 1;
	kernel_fpu_begin();
	load(ymm);
	call_out();
	store(ymm);
	kernel_fpu_end();
	kfree(memory);
	CHECK(multiple == 36 && memory);
	for (i = 0; i < REGISTERS; i++)
		CHECK(!memcmp(before[i], after[i], ymm ? BYTES : BYTES / 2));
	pr_info("%s registers\n", ymm ? "ymm" : "xmm");
	return 0;
}
CHECK_MODULE("Vector registers keep their values over calls within kernel_fpu_begin and _end");
