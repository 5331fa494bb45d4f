// SPDX-License-Identifier: GPL-2.0-or-later
/* Several probes, in several places, on and off. */
#include <linux/kprobes.h>
#include <linux/string.h>
#include "../machine/machine.h"

noinline int lists_one(int x);
noinline int lists_one(int x)
{
	barrier();
	return x * 3 + 1;
}

noinline int lists_two(int x);
noinline int lists_two(int x)
{
	barrier();
	return x + 2;
}

static int (*volatile one)(int) = lists_one;
static int (*volatile two)(int) = lists_two;

static struct kprobe probes[3];
static char order[16];
static int posts;

static int pre(struct kprobe *p, struct pt_regs *regs)
{
	size_t used = strlen(order);

	if (used + 1 < sizeof(order))
		order[used] = '0' + (p - probes);
	return 0;
}

static int pre_stops(struct kprobe *p, struct pt_regs *regs)
{
	pre(p, regs);
	/* as if the call of __fentry__ had been made */
	regs->ip = (unsigned long)p->addr + 5;
	return 1;
}

static void post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
	posts++;
}

static void prepare(int i, const char *symbol, kprobe_pre_handler_t handler)
{
	probes[i] = (struct kprobe){.symbol_name = symbol, .pre_handler = handler};
}

static bool hit_as(const char *wanted)
{
	memset(order, 0, sizeof(order));
	posts = 0;
	return one(1) == 4 && !strcmp(order, wanted);
}

static int check_several(void)
{
	prepare(0, "lists_one", pre);
	prepare(1, "lists_one", pre);
	prepare(2, "lists_one", pre);
	probes[0].post_handler = post;
	CHECK(!register_kprobe(&probes[0]) && !register_kprobe(&probes[1]));
	/* The last registered is the first called. */
	CHECK(hit_as("10") && posts == 1);
	CHECK(!register_kprobe(&probes[2]));
	CHECK(hit_as("210") && posts == 1);
	unregister_kprobe(&probes[1]);
	CHECK(hit_as("20") && posts == 1);
	/* One that says so stops the rest. */
	prepare(1, "lists_one", pre_stops);
	CHECK(!register_kprobe(&probes[1]));
	CHECK(hit_as("1") && posts == 0);
	unregister_kprobe(&probes[1]);
	unregister_kprobe(&probes[0]);
	CHECK(hit_as("2") && posts == 0);
	unregister_kprobe(&probes[2]);
	CHECK(hit_as(""));
	return 0;
}

static int check_switching(void)
{
	prepare(0, "lists_one", pre);
	prepare(1, "lists_one", pre);
	CHECK(!register_kprobe(&probes[0]) && !register_kprobe(&probes[1]));
	CHECK(!disable_kprobe(&probes[1]) && hit_as("0"));
	CHECK(!disable_kprobe(&probes[1]) && hit_as("0"));
	CHECK(!disable_kprobe(&probes[0]) && hit_as(""));
	CHECK(!enable_kprobe(&probes[1]) && hit_as("1"));
	CHECK(!enable_kprobe(&probes[1]) && hit_as("1"));
	CHECK(!enable_kprobe(&probes[0]) && hit_as("10"));
	unregister_kprobe(&probes[0]);
	unregister_kprobe(&probes[1]);
	CHECK(hit_as(""));
	CHECK(disable_kprobe(&probes[0]) == -EINVAL);
	CHECK(enable_kprobe(&probes[0]) == -EINVAL);
	/* A second time does no harm, and takes the address away. */
	CHECK(probes[0].addr);
	unregister_kprobe(&probes[0]);
	CHECK(!probes[0].addr);
	return 0;
}

static int check_disabled_from_the_start(void)
{
	prepare(0, "lists_one", pre);
	probes[0].flags = KPROBE_FLAG_DISABLED | KPROBE_FLAG_OPTIMIZED | KPROBE_FLAG_GONE;
	CHECK(!register_kprobe(&probes[0]));
	CHECK(probes[0].flags ==
	      (KPROBE_FLAG_DISABLED | KPROBE_FLAG_FTRACE | KPROBE_FLAG_ON_FUNC_ENTRY));
	CHECK(hit_as(""));
	CHECK(!enable_kprobe(&probes[0]) && hit_as("0"));
	unregister_kprobe(&probes[0]);
	return 0;
}

static int check_arrays(void)
{
	struct kprobe *all[3] = {&probes[0], &probes[1], &probes[2]};

	prepare(0, "lists_one", pre);
	prepare(1, "lists_two", pre);
	prepare(2, "lists_three", pre);
	CHECK(register_kprobes(all, 0) == -EINVAL);
	CHECK(register_kprobes(all, -1) == -EINVAL);
	CHECK(register_kprobes(all, 3) == -ENOENT);
	CHECK(hit_as("") && two(1) == 3 && !order[0]);
	prepare(0, "lists_one", pre);
	prepare(1, "lists_two", pre);
	CHECK(!register_kprobes(all, 2));
	CHECK(hit_as("0") && two(1) == 3 && !strcmp(order, "01"));
	unregister_kprobes(all, 0);
	unregister_kprobes(all, 2);
	CHECK(hit_as("") && two(1) == 3 && !order[0]);
	return 0;
}

static int run(void)
{
	return check_several() ?: check_switching() ?: check_disabled_from_the_start() ?:
	       check_arrays();
}

CHECK_MODULE("Lists of kprobes");

/* For the test of the switch that debugfs' kprobes/enabled is. */
int lists_register(void);
int lists_register(void)
{
	prepare(0, "lists_one", pre);
	return register_kprobe(&probes[0]);
}

int lists_hit(void);
int lists_hit(void)
{
	return hit_as("0");
}

int lists_unregister(void);
int lists_unregister(void)
{
	unregister_kprobe(&probes[0]);
	return 0;
}

/* A struct that is registered already, with no symbol: its address alone tells. */
int lists_twice(void);
int lists_twice(void)
{
	int error;

	prepare(0, "lists_one", pre);
	CHECK(!register_kprobe(&probes[0]));
	CHECK(register_kprobe(&probes[0]) == -EINVAL); /* symbol and address */
	probes[0].symbol_name = NULL;
	error = register_kprobe(&probes[0]);
	if (error == -EINVAL)
		error = register_kprobe(&probes[0]);
	unregister_kprobe(&probes[0]);
	return error;
}
