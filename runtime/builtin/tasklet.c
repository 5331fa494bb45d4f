// SPDX-License-Identifier: GPL-2.0-or-later
/* Tasklets: functions to be run once in a softirq, never twice at a time. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include "builtin.h"

struct tasklet_queue {
	struct tasklet_struct *head;
	struct tasklet_struct **tail; /* NULL stands for &head */
};
static DEFINE_PER_CPU(struct tasklet_queue, normal);
static DEFINE_PER_CPU(struct tasklet_queue, high);

static void enqueue(struct tasklet_struct *t, struct tasklet_queue __percpu *queues,
		    unsigned int softirq)
{
	struct tasklet_queue *queue;
	unsigned long flags;

	local_irq_save(flags);
	queue = this_cpu_ptr(queues);
	t->next = NULL;
	*(queue->tail ? queue->tail : &queue->head) = t;
	queue->tail = &t->next;
	raise_softirq_irqoff(softirq);
	local_irq_restore(flags);
}

void __tasklet_schedule(struct tasklet_struct *t)
{
	enqueue(t, &normal, TASKLET_SOFTIRQ);
}
EXPORT_SYMBOL(__tasklet_schedule);

void __tasklet_hi_schedule(struct tasklet_struct *t)
{
	enqueue(t, &high, HI_SOFTIRQ);
}
EXPORT_SYMBOL(__tasklet_hi_schedule);

/* False if it runs elsewhere or is disabled: to be tried again. */
static bool run_tasklet(struct tasklet_struct *t)
{
	unsigned long unused;

	if (test_and_set_bit(TASKLET_STATE_RUN, &t->state))
		return false;
	if (atomic_read(&t->count)) {
		clear_bit_unlock(TASKLET_STATE_RUN, &t->state);
		return false;
	}
	if (!test_and_clear_bit(TASKLET_STATE_SCHED, &t->state))
		WARN_ONCE(1, "tasklet SCHED state not set: %s %pS\n",
			  t->use_callback ? "callback" : "func",
			  t->use_callback ? (void *)t->callback : (void *)t->func);
	else if (t->use_callback)
		machine_call_back(t->callback, t, &unused);
	else
		machine_call_back(t->func, (void *)t->data, &unused);
	clear_bit_unlock(TASKLET_STATE_RUN, &t->state);
	smp_mb();
	return true;
}

static void run_queue(struct tasklet_queue __percpu *queues, unsigned int softirq)
{
	struct tasklet_struct *list, *t;
	struct tasklet_queue *queue;

	local_irq_disable();
	queue = this_cpu_ptr(queues);
	list = queue->head;
	queue->head = NULL;
	queue->tail = NULL;
	local_irq_enable();
	while (list) {
		t = list;
		list = list->next;
		if (!run_tasklet(t))
			enqueue(t, queues, softirq);
	}
}

void tasklet_softirq(struct softirq_action *action)
{
	run_queue(&normal, TASKLET_SOFTIRQ);
}

void tasklet_hi_softirq(struct softirq_action *action)
{
	run_queue(&high, HI_SOFTIRQ);
}

void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long), unsigned long data)
{
	*t = (struct tasklet_struct){.func = func, .data = data};
}
EXPORT_SYMBOL(tasklet_init);

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *))
{
	*t = (struct tasklet_struct){.callback = callback, .use_callback = true};
}
EXPORT_SYMBOL(tasklet_setup);

void tasklet_unlock_wait(struct tasklet_struct *t)
{
	while (test_bit(TASKLET_STATE_RUN, &t->state))
		yield();
}
EXPORT_SYMBOL_GPL(tasklet_unlock_wait);

/* Keeps it from being scheduled while waiting for a scheduled one to have run. */
void tasklet_kill(struct tasklet_struct *t)
{
	if (in_interrupt())
		pr_notice("Attempt to kill tasklet from interrupt\n");
	while (test_and_set_bit(TASKLET_STATE_SCHED, &t->state))
		schedule_timeout_uninterruptible(1);
	tasklet_unlock_wait(t);
	clear_bit(TASKLET_STATE_SCHED, &t->state);
}
EXPORT_SYMBOL(tasklet_kill);
