// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was given back but is still on its way: through RCU, or through the
 * works by which kernel/workqueue.c lets go of its own structures. The host
 * asks for this before it calls something a leak. Works of modules may take as
 * long as they like, so a thread waits for them, and the host for that thread
 * only so long.
 */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include "machine.h"

#define PATIENCE HZ

static struct completion settled = COMPLETION_INITIALIZER(settled);
static bool under_way;

/* What the symbol, a pointer of kernel/workqueue.c, points to; NULL: that is not there (yet). */
static void *workqueues_own(const char *symbol)
{
	void **pointer = (void **)r3hc_symbol_lookup(symbol);

	return pointer ? READ_ONCE(*pointer) : NULL;
}

/* put_pwq() leaves an unbound queue's last reference to one of these. */
static void flush_releases(void)
{
	struct workqueue_struct *events = workqueues_own("system_wq");
	struct kthread_worker *releaser;

	machine_wait_for_workers();
	releaser = workqueues_own("pwq_release_worker"); /* since 6.5 */
	if (events)
		__flush_workqueue(events);
	if (releaser)
		kthread_flush_worker(releaser);
}

static int settle(void *unused)
{
	/* What a callback puts last may be released by a work, and the other way round. */
	rcu_barrier();
	flush_releases();
	rcu_barrier();
	complete(&settled);
	return 0;
}

void r3rt_settle(void)
{
	if (!rcu_callbacks_wait() && !workqueues_own("system_wq"))
		return;
	/* An earlier one may have been given up, for works that do not end, and be over by now. */
	if (xchg(&under_way, true) && !try_wait_for_completion(&settled))
		return;
	if (!machine_thread("settle", settle, NULL, -1) ||
	    wait_for_completion_timeout(&settled, PATIENCE))
		WRITE_ONCE(under_way, false);
}
