// SPDX-License-Identifier: GPL-2.0-or-later
/* Where no probe may be, and the error that says so. */
#include <linux/jump_label.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "../machine/machine.h"

static int datum;
static DEFINE_STATIC_KEY_FALSE(key);

noinline int refused_plain(int x);
noinline int refused_plain(int x)
{
	barrier();
	return x * 3 + 1;
}

/* a branch right behind a function's beginning */
noinline int refused_branch(int x);
noinline int refused_branch(int x)
{
	if (static_branch_unlikely(&key))
		pr_info("on\n");
	return x;
}

/* cold as a whole, so that no part of it lies elsewhere */
int refused_bug(int x);
noinline __cold int refused_bug(int x)
{
	BUG_ON(x == 12345);
	return x;
}

noinline int refused_symbol(int x);
noinline int refused_symbol(int x)
{
	barrier();
	return x;
}
NOKPROBE_SYMBOL(refused_symbol);

int refused_section(int x);
noinline int __kprobes refused_section(int x)
{
	barrier();
	return x;
}

int refused_noinstr(int x);
noinstr int refused_noinstr(int x)
{
	barrier();
	return x;
}

/* one instruction each, which no copy can stand for, or that lets no trap follow */
asm(".pushsection .text\n"
    ".macro one name, insn:vararg\n"
    ".globl \\name\n.type \\name, @function\n\\name: \\insn\n.size \\name, . - \\name\n"
    ".endm\n"
    "one refused_iretq, iretq\n"
    "one refused_far_jump, ljmp *(%rax)\n"
    "one refused_jump_via_memory, jmp *(%rax)\n"
    "one refused_call_via_memory, call *8(%rax)\n"
    "one refused_mov_ss, mov %eax, %ss\n"
    "one refused_int3, int3\n"
    "one refused_undecodable, .byte 0x06\n"
    ".popsection\n");

static int at_symbol(const char *symbol, unsigned int offset)
{
	struct kprobe kp = {.symbol_name = symbol, .offset = offset};
	int error = register_kprobe(&kp);

	if (!error)
		unregister_kprobe(&kp);
	return error;
}

static int at_address(void *address)
{
	struct kprobe kp = {.addr = address};
	int error = register_kprobe(&kp);

	if (!error)
		unregister_kprobe(&kp);
	return error;
}

/* The offset of the first instruction with these bytes in a function, from the one given on. */
static unsigned int offset_of(const void *function, const char *bytes, size_t length)
{
	unsigned int offset = 0;

	while (offset < 64 && memcmp(function + offset, bytes, length))
		offset++;
	return offset;
}

static int check_names(void)
{
	struct kprobe both = {.symbol_name = "refused_plain", .addr = (void *)refused_plain};
	struct kprobe none = {};

	CHECK(register_kprobe(&none) == -EINVAL);
	CHECK(register_kprobe(&both) == -EINVAL);
	CHECK(at_symbol("", 0) == -ENOENT);
	CHECK(at_symbol("refused_by_nobody", 0) == -ENOENT);
	CHECK(at_symbol("no_such_module:refused_plain", 0) == -ENOENT);
	CHECK(at_symbol("probes_refused:refused_by_nobody", 0) == -ENOENT);
	CHECK(at_symbol("probes_refused:refused_plain", 0) == 0);
	CHECK(at_symbol("refused_plain", 100000000) == -ENOENT);
	return 0;
}

static int check_places(void)
{
	unsigned int bug = offset_of(refused_bug, "\x0f\x0b", 2);

	CHECK(at_address(&datum) == -EINVAL);
	CHECK(at_address((void *)0x1000) == -ENOENT);
	CHECK(at_symbol("refused_plain", 0) == 0);
	CHECK(at_symbol("refused_plain", 1) == -EILSEQ);
	CHECK(bug < 64 && at_symbol("refused_bug", bug) == -EINVAL);
	CHECK(at_symbol("refused_symbol", 0) == -EINVAL);
	CHECK(at_symbol("refused_symbol", 1) == -EINVAL);
	CHECK(at_symbol("refused_section", 0) == -EINVAL);
	CHECK(at_symbol("refused_noinstr", 0) == -EINVAL);
	CHECK(at_symbol("get_kprobe", 0) == -EINVAL);
	CHECK(at_symbol("r3rt_probe_hit", 0) == -EINVAL);
	return 0;
}

static int check_instructions(void)
{
	CHECK(at_symbol("refused_iretq", 0) == -EOPNOTSUPP);
	CHECK(at_symbol("refused_far_jump", 0) == -EOPNOTSUPP);
	CHECK(at_symbol("refused_jump_via_memory", 0) == -EOPNOTSUPP);
	CHECK(at_symbol("refused_call_via_memory", 0) == -EOPNOTSUPP);
	CHECK(at_symbol("refused_mov_ss", 0) == -EINVAL);
	CHECK(at_symbol("refused_int3", 0) == -EINVAL);
	CHECK(at_symbol("refused_undecodable", 0) == -EINVAL);
	return 0;
}

/* Every branch that a static key rewrites, wherever the compiler has put it. */
static int check_branches(void)
{
	unsigned int offset, reserved = 0;

	for (offset = 0; offset < 32; offset++) {
		const u8 *code = (const u8 *)refused_branch + offset;
		u8 before[5];
		bool changes;

		memcpy(before, code, sizeof(before));
		static_branch_enable(&key);
		changes = before[0] != code[0];
		static_branch_disable(&key);
		if (!changes)
			continue;
		reserved++;
		CHECK(at_symbol("refused_branch", offset) == -EINVAL);
	}
	CHECK(reserved);
	return 0;
}

/* Where a static call is made: cond_resched() is one, unless nothing is dynamic there. */
static int check_static_calls(void)
{
#ifdef CONFIG_PREEMPT_DYNAMIC
	struct static_call_site *site = THIS_MODULE->static_call_sites;
	struct kprobe kp = {};

	cond_resched();
	CHECK(THIS_MODULE->num_static_call_sites);
	kp.addr = (void *)&site->addr + site->addr;
	CHECK(register_kprobe(&kp) == -EINVAL);
#endif
	return 0;
}

static int run(void)
{
	CHECK(refused_plain(1) == 4 && refused_branch(1) == 1 && refused_bug(1) == 1);
	CHECK(refused_symbol(1) == 1 && refused_section(1) == 1 && refused_noinstr(1) == 1);
	return check_names() ?: check_places() ?: check_instructions() ?: check_branches() ?:
	       check_static_calls();
}

CHECK_MODULE("Where no kprobe may be");
