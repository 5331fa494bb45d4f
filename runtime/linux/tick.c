// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ticks and one-shot timers, as kernel/time/timer.c and hrtimer.c want them.
 * The periodic tick runs only while somebody needs it.
 */
#include <linux/clockchips.h>
#include <linux/cpuset.h>
#include <linux/hardirq.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/kernel_stat.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/posix-timers.h>
#include <linux/sched.h>
#include <linux/sched/nohz.h>
#include <linux/tick.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include "machine.h"

bool tick_nohz_full_running;
unsigned long tick_nohz_active;
cpumask_var_t tick_nohz_full_mask;

static struct machine_lock tick_lock = MACHINE_LOCK_INIT;
static unsigned int tick_users;
static bool timers_ready, hrtimers_ready;

void tick_need(void)
{
	unsigned long flags = machine_lock(&tick_lock);

	if (!tick_users++)
		r3hc_tick(HZ);
	machine_unlock(&tick_lock, flags);
}

void tick_release(void)
{
	unsigned long flags = machine_lock(&tick_lock);

	if (!--tick_users)
		r3hc_tick(0);
	machine_unlock(&tick_lock, flags);
}

/* ---- the periodic tick ---- */

void account_process_tick(struct task_struct *task, int user_tick)
{
	if (r3_task(task)->idle)
		return;
	task->stime += TICK_NSEC;
	__this_cpu_add(kernel_cpustat.cpustat[CPUTIME_SYSTEM], TICK_NSEC);
}

void scheduler_tick(void)
{
	sched_tick_check();
#ifdef R3_HAVE_WQ_WORKER_TICK
	if (current->flags & PF_WQ_WORKER)
		wq_worker_tick(current);
#endif
}

/* No task of a box has timers on its own CPU time. */
void run_posix_cpu_timers(void)
{
}

void posix_cputimers_init_work(void)
{
}

void tick_interrupt(void)
{
	if (timers_ready) {
		update_process_times(0);
		return;
	}
	account_process_tick(current, 0);
	irq_work_tick();
	scheduler_tick();
}

/* ---- the one-shot of each vCPU ---- */

static DEFINE_PER_CPU(struct clock_event_device, event_device) = {
	.name = "ring3",
	.features = CLOCK_EVT_FEAT_ONESHOT,
};

void tick_timer_interrupt(void)
{
	if (hrtimers_ready)
		hrtimer_interrupt(this_cpu_ptr(&event_device));
}

int tick_program_event(ktime_t expires, int force)
{
	r3hc_timer_program(smp_processor_id(),
			   expires >= KTIME_MAX ? ~0UL : (unsigned long)max_t(ktime_t, expires, 0));
	return 0;
}

int tick_check_oneshot_change(int allow_nohz)
{
	return 1;
}

int tick_init_highres(void)
{
	return 0;
}

/* The tick is the host's, not an hrtimer. */
void tick_setup_sched_timer(R3_SETUP_SCHED_TIMER_ARG)
{
}

/* vCPUs do not stop their tick one by one, so none handles another's timers. */
bool tmigr_requires_handle_remote(void)
{
	return false;
}

/* ---- kernel/time/{timer,hrtimer}.c were loaded; see member.c ---- */

static void start_hrtimers_here(void *unused)
{
	hrtimers_cpu_starting(smp_processor_id());
	hrtimer_run_queues(); /* to high resolution at once */
}

/*
 * Here first, which binds what it calls; the others are not waited for: the
 * host is loading, and who binds something waits for that.
 */
void tick_start_hrtimers(void)
{
	unsigned long flags;
	int cpu;

	hrtimers_init();
	for_each_possible_cpu (cpu)
		hrtimers_prepare_cpu(cpu);
	hrtimers_ready = true;
	local_irq_save(flags);
	start_hrtimers_here(NULL);
	local_irq_restore(flags);
	smp_call_function(start_hrtimers_here, NULL, 0);
}

void tick_start_timers(void)
{
	init_timers();
	timers_ready = true;
	tick_need();
}
