// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What init/main.c does by name, before initcalls, for parts of Linux that are
 * members of the library here: done when the member comes.
 */
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>
#include "machine.h"

/* kernel/rcu/rcu.h */
void srcu_init(void);
extern struct workqueue_struct *rcu_gp_wq;
struct workqueue_struct *rcu_gp_wq;
extern int num_rcu_lvl[], rcu_num_lvls, rcu_num_nodes;
void rcu_init_geometry(void);

struct task_struct *kthreadd_task;

/* The hierarchy of CPUs that SRCU counts along: one node for up to 64. */
int num_rcu_lvl[] = {1, 0, 0, 0};
int rcu_num_lvls = 1;
int rcu_num_nodes = 1;

void rcu_init_geometry(void)
{
}

/* Of rest_init(): thread 2, which makes all others that kthread_create() asks for. */
static void start_kthreadd(void)
{
	kthreadd_task = machine_thread("kthreadd", kthreadd, NULL, -1);
}

/*
 * Workers are threads, and to make them means to wait. Where the first user is
 * in the middle of what may not wait, a thread does it; until then work queues
 * up, as it does in Linux before workqueue_init().
 */
static int start_workers(void *unused)
{
	workqueue_init();
#ifdef R3_HAVE_WQ_TOPOLOGY
	workqueue_init_topology();
#endif
	return 0;
}

static void start_workqueues(void)
{
	workqueue_init_early();
	if (preempt_count() || irqs_disabled() || r3_task(current)->idle)
		machine_thread("workqueue_init", start_workers, NULL, -1);
	else
		start_workers(NULL);
}

static void start_srcu(void)
{
	rcu_gp_wq = alloc_workqueue("rcu_gp", WQ_MEM_RECLAIM, 0);
	srcu_init();
}

static const struct {
	const char *name;
	void (*start)(void);
} starts[] = {
	{"kernel/kthread.o", start_kthreadd},           {"kernel/time/timer.o", tick_start_timers},
	{"kernel/time/hrtimer.o", tick_start_hrtimers}, {"kernel/workqueue.o", start_workqueues},
	{"kernel/rcu/srcutree.o", start_srcu},
};

/* Not strcmp(): that may be of the member that was loaded just now. */
static bool same_name(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

void machine_member_added(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++)
		if (same_name(name, starts[i].name))
			starts[i].start();
}
