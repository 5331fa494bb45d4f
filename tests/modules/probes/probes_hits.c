// SPDX-License-Identifier: GPL-2.0-or-later
/* What a handler is given, and what it may change. */
#include <linux/kprobes.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "../machine/machine.h"

static volatile int sink;

noinline long hits_target(long a, long b, long c);
noinline long hits_target(long a, long b, long c)
{
	sink = a;
	sink = b;
	sink = c;
	sink = 4;
	return a * 100 + b * 10 + c;
}

noinline int hits_other(int x);
noinline int hits_other(int x)
{
	barrier();
	return x + 1;
}

/* returns at once what is in %rax */
extern void hits_return(void);
asm(".pushsection .text\n.globl hits_return\n.type hits_return, @function\n"
    "hits_return: ret\n.size hits_return, . - hits_return\n.popsection\n");

static long (*volatile target)(long, long, long) = hits_target;
static int (*volatile other)(int) = hits_other;

static struct kprobe probe, nested;
static struct pt_regs seen;
static int pre_calls, post_calls, was_preemptible, had_irqs_off;
static unsigned long post_ip, post_flags;

static int pre(struct kprobe *p, struct pt_regs *regs)
{
	seen = *regs;
	was_preemptible = preemptible();
	had_irqs_off = irqs_disabled();
	pre_calls++;
	return 0;
}

static void post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
	post_ip = regs->ip;
	post_flags = flags;
	post_calls++;
}

static int pre_changes(struct kprobe *p, struct pt_regs *regs)
{
	regs->di = 9;
	return 0;
}

static int pre_diverts(struct kprobe *p, struct pt_regs *regs)
{
	had_irqs_off = irqs_disabled();
	regs->ax = 77;
	regs->ip = (unsigned long)hits_return;
	return 1;
}

static int pre_calls_other(struct kprobe *p, struct pt_regs *regs)
{
	pre_calls++;
	other(1);
	return 0;
}

static void begin(const char *symbol, unsigned int offset, kprobe_pre_handler_t handler)
{
	probe = (struct kprobe){.symbol_name = symbol, .offset = offset, .pre_handler = handler};
	pre_calls = post_calls = 0;
}

/* A probe at the very beginning of a function, and one of its first instruction behind that. */
static int check_entry(void)
{
	begin("hits_target", 0, pre);
	probe.post_handler = post;
	CHECK(!register_kprobe(&probe));
	CHECK(probe.flags == (KPROBE_FLAG_FTRACE | KPROBE_FLAG_ON_FUNC_ENTRY));
	CHECK(target(1, 2, 3) == 123);
	CHECK(pre_calls == 1 && post_calls == 1);
	CHECK(seen.di == 1 && seen.si == 2 && seen.dx == 3);
	CHECK(seen.ip == (unsigned long)probe.addr + 1);
	CHECK(seen.cs == 0x10 && seen.ss == 0x18 && seen.flags & 2);
	CHECK(*(unsigned long *)seen.sp - (unsigned long)__builtin_return_address(0) != 0);
	CHECK(!was_preemptible && !had_irqs_off);
	CHECK(post_ip == (unsigned long)probe.addr + 5 && post_flags == 0);
	CHECK(preemptible());
	unregister_kprobe(&probe);
	CHECK(target(1, 2, 3) == 123 && pre_calls == 1);
	return 0;
}

static int check_body(void)
{
	/* behind an endbr64, if there is one, and the call of __fentry__ */
	unsigned int offset = probe.addr - (kprobe_opcode_t *)hits_target + 5;

	begin("hits_target", offset, pre);
	probe.post_handler = post;
	CHECK(!register_kprobe(&probe));
	CHECK(probe.flags == 0);
	CHECK(probe.addr == (kprobe_opcode_t *)hits_target + offset);
	CHECK(target(1, 2, 3) == 123);
	CHECK(pre_calls == 1 && post_calls == 1);
	CHECK(seen.di == 1 && seen.si == 2 && seen.dx == 3);
	CHECK(seen.ip == (unsigned long)probe.addr + 1);
	CHECK(!was_preemptible && had_irqs_off);
	CHECK(post_ip > (unsigned long)probe.addr && post_ip < (unsigned long)probe.addr + 16);
	CHECK(preemptible());
	unregister_kprobe(&probe);
	CHECK(target(1, 2, 3) == 123 && pre_calls == 1);

	begin("hits_target", offset, pre_diverts);
	CHECK(!register_kprobe(&probe));
	CHECK(target(1, 2, 3) == 77);
	unregister_kprobe(&probe);
	return 0;
}

/* Some jiffies after its registration a trap becomes a jump; the struct does not say so. */
static int check_jump(void)
{
	unsigned int offset = probe.addr - (kprobe_opcode_t *)hits_target;
	int calls;

	begin("hits_target", offset, pre);
	CHECK(!register_kprobe(&probe));
	CHECK(target(1, 2, 3) == 123 && had_irqs_off);
	for (calls = 0; had_irqs_off && calls < 1000; calls++) {
		msleep(5);
		CHECK(target(1, 2, 3) == 123);
		CHECK(seen.di == 1 && seen.si == 2 && seen.dx == 3);
		CHECK(seen.ip == (unsigned long)probe.addr + 1);
		CHECK(!was_preemptible);
	}
	CHECK(IS_ENABLED(CONFIG_PREEMPT_RT) || !had_irqs_off);
	CHECK(probe.flags == 0 && pre_calls == calls + 1);
	unregister_kprobe(&probe);
	CHECK(target(1, 2, 3) == 123 && pre_calls == calls + 1);

	/* There nobody looks at what a handler returns. */
	begin("hits_target", offset, pre_diverts);
	CHECK(!register_kprobe(&probe));
	CHECK(target(1, 2, 3) == 77 && had_irqs_off);
	for (calls = 0; had_irqs_off && calls < 1000; calls++) {
		long value;

		msleep(5);
		value = target(1, 2, 3);
		CHECK(value == (had_irqs_off ? 77 : 123));
	}
	CHECK(IS_ENABLED(CONFIG_PREEMPT_RT) || !had_irqs_off);
	unregister_kprobe(&probe);
	return 0;
}

static int check_changes(void)
{
	begin("hits_target", 0, pre_changes);
	CHECK(!register_kprobe(&probe));
	CHECK(target(1, 2, 3) == 923);
	unregister_kprobe(&probe);
	begin("hits_target", 0, pre_diverts);
	probe.post_handler = post;
	CHECK(!register_kprobe(&probe));
	CHECK(target(1, 2, 3) == 77 && post_calls == 0);
	unregister_kprobe(&probe);
	return 0;
}

/* A hit while a handler runs is missed. */
static int check_nested(void)
{
	begin("hits_target", 0, pre_calls_other);
	nested = (struct kprobe){.symbol_name = "hits_other", .pre_handler = pre};
	CHECK(!register_kprobe(&probe) && !register_kprobe(&nested));
	CHECK(target(1, 2, 3) == 123);
	CHECK(pre_calls == 1 && nested.nmissed == 1 && probe.nmissed == 0);
	CHECK(other(1) == 2 && pre_calls == 2 && nested.nmissed == 1);
	unregister_kprobe(&nested);
	unregister_kprobe(&probe);
	return 0;
}

static int run(void)
{
	return check_entry() ?: check_body() ?: check_jump() ?: check_changes() ?: check_nested();
}

CHECK_MODULE("What handlers of kprobes see and change");
