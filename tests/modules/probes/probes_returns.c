// SPDX-License-Identifier: GPL-2.0-or-later
/* Kretprobes: what handlers are given, instances, recursion, several at once. */
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include "../machine/machine.h"

noinline int returns_plain(int x);
noinline int returns_plain(int x)
{
	barrier();
	return x * 3 + 1;
}

noinline int returns_deep(int n);
noinline int returns_deep(int n)
{
	int below;

	if (n <= 0)
		return 0;
	below = returns_deep(n - 1);
	asm volatile("" : "+r"(below));
	return below + 1;
}

noinline int returns_late(int ms);
noinline int returns_late(int ms)
{
	msleep(ms);
	return ms;
}

static int (*volatile plain)(int) = returns_plain;
static int (*volatile deep)(int) = returns_deep;
static int (*volatile late)(int) = returns_late;

struct saved {
	long argument;
	char rest[100];
};

static struct kretprobe first, second;
static int entries, returns, was_preemptible;
static unsigned long value, address, ip;
static long argument;

static int on_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	entries++;
	((struct saved *)ri->data)->argument = regs->di;
	return 0;
}

static int on_entry_no(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	entries++;
	return 1;
}

static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	returns++;
	was_preemptible = preemptible();
	value = regs_return_value(regs);
	address = get_kretprobe_retaddr(ri);
	ip = regs->ip;
	argument = ((struct saved *)ri->data)->argument;
	if (get_kretprobe(ri) != &first && get_kretprobe(ri) != &second)
		value = -1;
	return 0;
}

static int on_return_changes(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	returns++;
	regs->ax = 5555;
	return 0;
}

static void prepare(struct kretprobe *rp, const char *symbol, kretprobe_handler_t handler)
{
	*rp = (struct kretprobe){.kp.symbol_name = symbol,
				 .handler = handler,
				 .entry_handler = on_entry,
				 .data_size = sizeof(struct saved)};
	entries = returns = 0;
}

static int check_refused(void)
{
	struct kretprobe *all[2] = {&first, &second};

	first = (struct kretprobe){};
	CHECK(register_kretprobe(&first) == -EINVAL);
	prepare(&first, "returns_plain", on_return);
	first.kp.offset = 9;
	CHECK(register_kretprobe(&first) == -EINVAL);
	prepare(&first, "returns_nothing", on_return);
	CHECK(register_kretprobe(&first) == -ENOENT);
	prepare(&first, "returns_plain", on_return);
	first.data_size = KRETPROBE_MAX_DATA_SIZE + 1;
	CHECK(register_kretprobe(&first) == -E2BIG);
	prepare(&first, "__switch_to", on_return);
	CHECK(register_kretprobe(&first) == -EINVAL);
	prepare(&first, "returns_plain", on_return);
	prepare(&second, "returns_nothing", on_return);
	CHECK(register_kretprobes(all, 0) == -EINVAL);
	CHECK(register_kretprobes(all, -1) == -EINVAL);
	CHECK(register_kretprobes(all, 2) == -ENOENT);
	CHECK(plain(1) == 4 && !entries);
	return 0;
}

static int check_plain(void)
{
	prepare(&first, "returns_plain", on_return);
	CHECK(!register_kretprobe(&first));
	CHECK(first.maxactive == max_t(unsigned int, 10, 2 * nr_cpu_ids));
	CHECK(plain(5) == 16);
	CHECK(entries == 1 && returns == 1 && first.nmissed == 0);
	CHECK(value == 16 && argument == 5 && !was_preemptible);
	CHECK(address == ip && within_module(address, THIS_MODULE));
	CHECK(!disable_kretprobe(&first) && plain(5) == 16 && returns == 1);
	CHECK(!enable_kretprobe(&first) && plain(5) == 16 && returns == 2);
	/* A second one there, which does not want to hear of the return. */
	prepare(&second, "returns_plain", on_return);
	second.entry_handler = on_entry_no;
	CHECK(!register_kretprobe(&second));
	CHECK(plain(5) == 16 && entries == 2 && returns == 1 && second.nmissed == 0);
	unregister_kretprobe(&second);
	/* And one that does: both see the same return. */
	prepare(&second, "returns_plain", on_return);
	CHECK(!register_kretprobe(&second));
	CHECK(plain(5) == 16 && entries == 2 && returns == 2);
	CHECK(address == ip && within_module(address, THIS_MODULE));
	unregister_kretprobe(&second);
	unregister_kretprobe(&first);
	CHECK(plain(5) == 16 && returns == 2);
	return 0;
}

static int check_value(void)
{
	prepare(&first, "returns_plain", on_return_changes);
	first.entry_handler = NULL;
	CHECK(!register_kretprobe(&first));
	CHECK(plain(5) == 5555 && returns == 1);
	unregister_kretprobe(&first);
	CHECK(plain(5) == 16);
	return 0;
}

/* Calls of itself take an instance each; without one the call is missed and goes on. */
static int check_instances(void)
{
	prepare(&first, "returns_deep", on_return);
	first.maxactive = 2;
	CHECK(!register_kretprobe(&first) && first.maxactive == 2);
	CHECK(deep(5) == 5 && returns == 2 && first.nmissed == 4);
	CHECK(deep(1) == 1 && returns == 4 && first.nmissed == 4);
	unregister_kretprobe(&first);
	prepare(&first, "returns_deep", on_return);
	first.maxactive = 50;
	CHECK(!register_kretprobe(&first));
	CHECK(deep(49) == 49 && returns == 50 && first.nmissed == 0);
	unregister_kretprobe(&first);
	return 0;
}

static int sleeper(void *data)
{
	WRITE_ONCE(*(int *)data, late(40));
	return 0;
}

/* Unregistered while functions are under way: they return, and no handler hears of it. */
static int check_under_way(void)
{
	struct task_struct *task;
	int result = 0;

	prepare(&first, "returns_late", on_return);
	CHECK(!register_kretprobe(&first));
	CHECK(late(1) == 1 && returns == 1 && argument == 1);
	task = kthread_run(sleeper, &result, "sleeper");
	CHECK(!IS_ERR(task));
	CHECK_SOON(entries == 2);
	unregister_kretprobe(&first);
	CHECK_SOON(READ_ONCE(result));
	CHECK(result == 40 && returns == 1);
	return 0;
}

/* A function that sleeps, and so changes threads and CPUs under its frames. */
static int check_schedule(void)
{
	prepare(&first, "schedule", on_return);
	first.maxactive = 50;
	CHECK(!register_kretprobe(&first));
	CHECK_SOON(READ_ONCE(returns) > 10);
	unregister_kretprobe(&first);
	return 0;
}

static int run(void)
{
	return check_refused() ?: check_plain() ?: check_value() ?: check_instances() ?:
	       check_under_way() ?: check_schedule();
}

CHECK_MODULE("Kretprobes");

int returns_twice(void);
int returns_twice(void)
{
	int error;

	prepare(&first, "returns_plain", on_return);
	CHECK(!register_kretprobe(&first));
	CHECK(register_kretprobe(&first) == -EINVAL);
	first.kp.symbol_name = NULL;
	error = register_kretprobe(&first);
	unregister_kretprobe(&first);
	return error;
}
