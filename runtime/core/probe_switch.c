// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Probes all at once: switched off and on, and made faster by jumps in place
 * of traps. A thread does that some time after they were registered, when a
 * good many may be done at once.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include "probe.h"

#define OPTIMIZE_DELAY 5 /* jiffies, as in Linux */

bool probes_disarmed;
static bool optimize = true;

/* ---- the optimiser ---- */

static struct task_struct *optimizer;
static bool work_waits;

/* Could a jump stand there now? */
static bool point_eligible(struct probe_point *point)
{
	struct r3_point_info info;

	if (!point->host || !point->armed || point->post || point->flags & R3_POINT_FTRACE)
		return false;
	r3hc_point_info(point->host, &info);
	return info.region && !(info.flags & R3_POINT_OPTIMIZED) &&
	       !probe_text_reserved(point->address, point->address + info.region - 1);
}

static int mark_ripe(struct probe_point *point, void *context)
{
	bool *any = context;

	point->ripe = point_eligible(point);
	*any |= point->ripe;
	return 0;
}

/* -EBUSY is one that another point in its region forbids; that one's end tries it again. */
static int optimize_ripe(struct probe_point *point, void *context)
{
	if (point->ripe && point_eligible(point))
		r3hc_point_optimize(point->host);
	point->ripe = false;
	return 0;
}

static bool optimizing(void)
{
	return optimize && !probes_disarmed;
}

/*
 * Nobody may be between the instructions that the jump replaces. A CPU may be
 * found quiescent in an interrupt that came right there, but not twice.
 */
static void optimize_all(void)
{
	bool any = false;

	probes_lock();
	if (optimizing())
		probe_points_each(mark_ripe, &any);
	probes_unlock();
	if (!any)
		return;
	synchronize_rcu();
	synchronize_rcu();
	probes_lock();
	if (optimizing())
		probe_points_each(optimize_ripe, NULL);
	probes_unlock();
}

static int run_optimizer(void *unused)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		if (!READ_ONCE(work_waits)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		schedule_timeout_idle(OPTIMIZE_DELAY);
		WRITE_ONCE(work_waits, false);
		smp_mb(); /* what comes from here on sets it again */
		optimize_all();
	}
	return 0;
}

void probes_ripen(void)
{
	/* Where a thread may be preempted between any two instructions, traps stay. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) || !optimizing() || READ_ONCE(work_waits))
		return;
	WRITE_ONCE(work_waits, true);
	if (!optimizer)
		optimizer = probe_thread(run_optimizer);
	else
		wake_up_process(optimizer);
}

static int unoptimize(struct probe_point *point, void *context)
{
	if (probe_point_optimized(point))
		r3hc_point_unoptimize(point->host);
	return 0;
}

int r3rt_probes_optimization(int value)
{
	bool wanted = value;

	probes_lock();
	if (value >= 0 && wanted != optimize) {
		optimize = wanted;
		if (optimize)
			probes_ripen();
		else
			probe_points_each(unoptimize, NULL);
		if (optimize)
			pr_info("kprobes: kprobe jump-optimization is enabled. All kprobes are "
				"optimized if possible.\n");
		else
			pr_info("kprobes: kprobe jump-optimization is disabled. All kprobes are "
				"based on software breakpoint.\n");
	}
	value = optimize;
	probes_unlock();
	return value;
}

/* ---- all on, all off ---- */

struct totals {
	unsigned int points, errors;
};

static int update_point(struct probe_point *point, void *context)
{
	struct totals *totals = context;
	struct kprobe *p;
	bool enabled = false;

	hlist_for_each_entry (p, &point->probes, hlist)
		enabled |= !kprobe_disabled(p);
	if (!enabled)
		return 0;
	totals->points++;
	if (probe_point_update(point))
		totals->errors++;
	return 0;
}

int r3rt_probes_enabled(int value)
{
	bool disarmed = !value;
	struct totals totals = {};

	probes_lock();
	if (value >= 0 && disarmed != probes_disarmed) {
		probes_disarmed = disarmed;
		probe_points_each(update_point, &totals);
		if (totals.errors)
			pr_warn("kprobes: Kprobes globally enabled, but failed to enable %u out of "
				"%u probes. Please check which kprobes are kept disabled via "
				"debugfs.\n",
				totals.errors, totals.points);
		else
			pr_info("kprobes: Kprobes globally %s\n",
				disarmed ? "disabled" : "enabled");
	}
	value = !probes_disarmed;
	probes_unlock();
	return value;
}
