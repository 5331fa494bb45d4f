// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What init/main.c does by name, before initcalls, for parts of Linux that are
 * members of the library here: done when the member comes.
 */
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/kernfs.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/maple_tree.h>
#include <linux/radix-tree.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/signal.h>
#include <linux/srcu.h>
#include <linux/sysfs.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>
#include "core/core.h"
#include "machine.h"

/* fs/internal.h */
void chrdev_init(void);
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
 * Workers are threads that kthreadd makes, and that may need members of the
 * library that wait for this one to be started: so a thread of its own waits
 * for them. Until then work queues up, as it does in Linux before
 * workqueue_init().
 */
static struct completion workers_ready = COMPLETION_INITIALIZER(workers_ready);
static bool workers_coming;

static int start_workers(void *unused)
{
	workqueue_init();
#ifdef R3_HAVE_WQ_TOPOLOGY
	workqueue_init_topology();
#endif
	complete_all(&workers_ready);
	return 0;
}

static void start_workqueues(void)
{
	workqueue_init_early();
	workers_coming = true;
	machine_thread("workqueue_init", start_workers, NULL, -1);
}

/*
 * Initcalls may flush works: in Linux they come after workqueue_init(). Kernel
 * threads are let through: among them are those that are waited for.
 */
void r3rt_members_start(void)
{
	if (r3_task(current)->external)
		machine_wait_for_workers();
}

void machine_wait_for_workers(void)
{
	if (workers_coming)
		wait_for_completion(&workers_ready);
}

/* Not WQ_MEM_RECLAIM: nobody waits for a rescuer here, and a box reclaims no memory. */
static void start_srcu(void)
{
	rcu_gp_wq = alloc_workqueue("rcu_gp", 0, 0);
	srcu_init();
}

/* drivers/base/base.h: what driver_init() calls, which is no member. */
int devices_init(void);
int buses_init(void);
int classes_init(void);
int platform_bus_init(void);
void auxiliary_bus_init(void);

static void start_sysfs(void)
{
	if (sysfs_init())
		pr_err("sysfs could not be set up\n");
}

static void start_devices(void)
{
	if (devices_init())
		pr_err("/sys/devices could not be set up\n");
}

static void start_buses(void)
{
	if (buses_init())
		pr_err("/sys/bus could not be set up\n");
}

static void start_classes(void)
{
	if (classes_init())
		pr_err("/sys/class could not be set up\n");
}

static void start_platform_bus(void)
{
	if (platform_bus_init())
		pr_err("the platform bus could not be set up\n");
}

/*
 * In the order in which they need each other. Members that were pulled in
 * together are told of one by one, but all of them are there already.
 */
static struct {
	const char *name;
	const char *symbol; /* is there when the member is */
	void (*start)(void);
	bool started;
} starts[] = {
	{"lib/radix-tree.o", "radix_tree_init", radix_tree_init},
	{"lib/maple_tree.o", "maple_tree_init", maple_tree_init},
	{"kernel/sched/wait_bit.o", "wait_bit_init", wait_bit_init},
	{"kernel/signal.o", "signals_init", signals_init},
	{"kernel/cred.o", "cred_init", cred_init},
	{"kernel/time/timer.o", "init_timers", tick_start_timers},
	{"kernel/time/hrtimer.o", "hrtimers_init", tick_start_hrtimers},
	{"kernel/kthread.o", "kthreadd", start_kthreadd},
	{"kernel/workqueue.o", "workqueue_init_early", start_workqueues},
	{"kernel/rcu/srcutree.o", "srcu_init", start_srcu},
	{"fs/kernfs/mount.o", "kernfs_init", kernfs_init},
	{"fs/sysfs/mount.o", "sysfs_init", start_sysfs},
	{"fs/char_dev.o", "chrdev_init", chrdev_init},
	{"drivers/base/core.o", "devices_init", start_devices},
	{"drivers/base/bus.o", "buses_init", start_buses},
	{"drivers/base/class.o", "classes_init", start_classes},
	{"drivers/base/platform.o", "platform_bus_init", start_platform_bus},
	{"drivers/base/auxiliary.o", "auxiliary_bus_init", auxiliary_bus_init},
};

/* The one that is being started; what comes after it waits for its end. */
static unsigned int under_way = ARRAY_SIZE(starts);

/* One that is started may bring in further members: those that it needs are started at once. */
static void start_all_present(void)
{
	unsigned int i, outer = under_way;

	for (i = 0; i < outer; i++) {
		if (starts[i].started || !r3hc_symbol_lookup(starts[i].symbol))
			continue;
		starts[i].started = true;
		under_way = i;
		starts[i].start();
		under_way = outer;
	}
}

/* In any context: nothing here may sleep. */
void machine_member_added(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++)
		if (!starts[i].started && same_string(name, starts[i].name))
			start_all_present();
}
