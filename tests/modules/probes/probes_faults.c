// SPDX-License-Identifier: GPL-2.0-or-later
/* Handlers and probed functions that end in an oops, and handlers that sleep. */
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include "../machine/machine.h"

noinline int faults_target(int x);
noinline int faults_target(int x)
{
	barrier();
	return x + 1;
}

noinline int faults_oopses(int x);
noinline int faults_oopses(int x)
{
	volatile int value = *(volatile int *)(long)x; /* volatile: it has a frame */

	return value;
}

static int (*volatile target)(int) = faults_target;
static int (*volatile oopses)(int) = faults_oopses;

static volatile int *volatile bad_pointer = (int *)8;

static struct kprobe probe;
static struct kretprobe ret_probe = {.kp.symbol_name = "faults_oopses"};
static int hits, returns;

static int pre_counts(struct kprobe *p, struct pt_regs *regs)
{
	hits++;
	return 0;
}

static int pre_oopses(struct kprobe *p, struct pt_regs *regs)
{
	hits++;
	return *bad_pointer;
}

/* A fault that is fixed up. */
static int pre_reads_user(struct kprobe *p, struct pt_regs *regs)
{
	int value;

	if (copy_from_user(&value, (void __user *)16, sizeof(value)))
		hits++;
	return 0;
}

static int pre_sleeps(struct kprobe *p, struct pt_regs *regs)
{
	hits++;
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(1);
	return 0;
}

static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	returns++;
	return 0;
}

static int with(kprobe_pre_handler_t handler, unsigned int offset)
{
	if (probe.addr)
		unregister_kprobe(&probe);
	probe = (struct kprobe){
		.symbol_name = "faults_target", .offset = offset, .pre_handler = handler};
	hits = 0;
	return register_kprobe(&probe);
}

static int run(void)
{
	CHECK(!with(pre_reads_user, 0) && target(1) == 2 && hits == 1);
	CHECK(!with(pre_counts, 0) && target(1) == 2 && hits == 1);
	ret_probe.handler = on_return;
	ret_probe.maxactive = 2;
	CHECK(!register_kretprobe(&ret_probe));
	return 0;
}

static int __init probes_faults_init(void)
{
	return run();
}

static void __exit probes_faults_exit(void)
{
	unregister_kretprobe(&ret_probe);
	unregister_kprobe(&probe);
}

module_init(probes_faults_init);
module_exit(probes_faults_exit);
MODULE_LICENSE("GPL");

/* Called by the test one by one. */
int faults_handler_oopses(void);
int faults_handler_oopses(void)
{
	CHECK(!with(pre_oopses, 0));
	return target(1);
}

int faults_still_hit(void);
int faults_still_hit(void)
{
	CHECK(hits == 1 && !preempt_count());
	CHECK(!with(pre_counts, 0) && target(1) == 2 && hits == 1);
	return 0;
}

int faults_handler_sleeps(void);
int faults_handler_sleeps(void)
{
	CHECK(!with(pre_sleeps, 0) && target(1) == 2 && hits == 1 && !preempt_count());
	CHECK(!with(pre_counts, 0) && target(1) == 2 && hits == 1);
	return 0;
}

/* What is no struct kprobe. */
int faults_unregister_nothing(void);
int faults_unregister_nothing(void)
{
	unregister_kprobe((struct kprobe *)bad_pointer);
	return 0;
}

/* An oops below a diverted return. */
int faults_function_oopses(void);
int faults_function_oopses(void)
{
	volatile int value = oopses(8);

	return value;
}

static int thread(void *unused)
{
	return oopses(8);
}

int faults_thread_oopses(void);
int faults_thread_oopses(void)
{
	return PTR_ERR_OR_ZERO(kthread_run(thread, NULL, "faults"));
}

/* All instances are there again, and the chain of returns is not broken. */
int faults_instances_are_back(void);
int faults_instances_are_back(void)
{
	static int zero;

	rcu_barrier(); /* a dead thread's come back with its task_struct */
	returns = 0;
	CHECK(!oopses((int)(long)&zero) && returns == 1);
	CHECK(!oopses((int)(long)&zero) && returns == 2);
	CHECK(ret_probe.nmissed == 0 && ret_probe.kp.nmissed == 0);
	return 0;
}
