// SPDX-License-Identifier: GPL-2.0-or-later
/* Tasklets: functions that a softirq calls, each on one CPU at a time. */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/wait_bit.h>
#include "machine.h"

struct tasklet_head {
	struct tasklet_struct *first, *last;
};

static DEFINE_PER_CPU(struct tasklet_head, tasklets);
static DEFINE_PER_CPU(struct tasklet_head, tasklets_hi);

/* Interrupts are off. */
static void append(struct tasklet_head *head, struct tasklet_struct *t)
{
	t->next = NULL;
	if (head->first)
		head->last->next = t;
	else
		head->first = t;
	head->last = t;
}

static void tasklet_run(struct tasklet_struct *t)
{
	unsigned long unused;

	if (t->use_callback)
		machine_call_back(t->callback, t, &unused);
	else
		machine_call_back(t->func, (void *)t->data, &unused);
}

static bool clear_scheduled(struct tasklet_struct *t)
{
	if (test_and_clear_bit(TASKLET_STATE_SCHED, &t->state)) {
		wake_up_var(&t->state);
		return true;
	}
	WARN_ONCE(1, "tasklet SCHED state not set: %s %pS\n", t->use_callback ? "callback" : "func",
		  t->use_callback ? (void *)t->callback : (void *)t->func);
	return false;
}

static void tasklet_action_of(struct tasklet_head *head, unsigned int nr)
{
	struct tasklet_struct *t, *next;

	local_irq_disable();
	t = head->first;
	head->first = head->last = NULL;
	local_irq_enable();
	for (; t; t = next) {
		next = t->next;
		if (tasklet_trylock(t)) {
			if (!atomic_read(&t->count)) {
				if (clear_scheduled(t))
					tasklet_run(t);
				tasklet_unlock(t);
				continue;
			}
			tasklet_unlock(t);
		}
		/* Disabled, or it runs on another CPU: later. */
		local_irq_disable();
		append(head, t);
		__raise_softirq_irqoff(nr);
		local_irq_enable();
	}
}

static void tasklet_action(R3_SOFTIRQ_ARG)
{
	tasklet_action_of(this_cpu_ptr(&tasklets), TASKLET_SOFTIRQ);
}

static void tasklet_hi_action(R3_SOFTIRQ_ARG)
{
	tasklet_action_of(this_cpu_ptr(&tasklets_hi), HI_SOFTIRQ);
}

void softirq_init(void)
{
	open_softirq(TASKLET_SOFTIRQ, tasklet_action);
	open_softirq(HI_SOFTIRQ, tasklet_hi_action);
}

void __tasklet_schedule(struct tasklet_struct *t)
{
	unsigned long flags;

	local_irq_save(flags);
	append(this_cpu_ptr(&tasklets), t);
	raise_softirq_irqoff(TASKLET_SOFTIRQ);
	local_irq_restore(flags);
}

void __tasklet_hi_schedule(struct tasklet_struct *t)
{
	unsigned long flags;

	local_irq_save(flags);
	append(this_cpu_ptr(&tasklets_hi), t);
	raise_softirq_irqoff(HI_SOFTIRQ);
	local_irq_restore(flags);
}

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *))
{
	t->next = NULL;
	t->state = 0;
	atomic_set(&t->count, 0);
	t->callback = callback;
	t->use_callback = true;
	t->data = 0;
}

void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long), unsigned long data)
{
	t->next = NULL;
	t->state = 0;
	atomic_set(&t->count, 0);
	t->func = func;
	t->use_callback = false;
	t->data = data;
}

void tasklet_unlock(struct tasklet_struct *t)
{
	clear_bit_unlock(TASKLET_STATE_RUN, &t->state);
	smp_mb__after_atomic();
	wake_up_var(&t->state);
}

void tasklet_unlock_wait(struct tasklet_struct *t)
{
	wait_var_event(&t->state, !test_bit(TASKLET_STATE_RUN, &t->state));
}

void tasklet_unlock_spin_wait(struct tasklet_struct *t)
{
	unsigned int step = 0;

	while (test_bit(TASKLET_STATE_RUN, &t->state)) {
		if (IS_ENABLED(CONFIG_PREEMPT_RT)) {
			local_bh_disable();
			local_bh_enable();
		}
		machine_relax(&step);
	}
}

void tasklet_kill(struct tasklet_struct *t)
{
	if (in_interrupt())
		pr_notice("Attempt to kill tasklet from interrupt\n");
	while (test_and_set_bit(TASKLET_STATE_SCHED, &t->state))
		wait_var_event(&t->state, !test_bit(TASKLET_STATE_SCHED, &t->state));
	tasklet_unlock_wait(t);
	clear_scheduled(t);
}
