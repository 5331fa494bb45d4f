// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions called in an interrupt: of this CPU (irq_work) or of others. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/llist.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include "builtin.h"

/* irq_work.flags */
#define PENDING 1
#define BUSY    2 /* pending or running */

static DEFINE_PER_CPU(struct llist_head, irq_works);

bool irq_work_queue_on(struct irq_work *work, int cpu)
{
	if (atomic_fetch_or(PENDING | BUSY, &work->flags) & PENDING)
		return false;
	if (llist_add(&work->node, per_cpu_ptr(&irq_works, cpu)))
		r3hc_ipi(cpu, R3_IRQ_IPI);
	return true;
}
EXPORT_SYMBOL_GPL(irq_work_queue_on);

bool irq_work_queue(struct irq_work *work)
{
	return irq_work_queue_on(work, raw_smp_processor_id());
}
EXPORT_SYMBOL_GPL(irq_work_queue);

void irq_work_sync(struct irq_work *work)
{
	might_sleep();
	while (irq_work_is_busy(work))
		schedule_timeout_uninterruptible(1);
}
EXPORT_SYMBOL_GPL(irq_work_sync);

/* ---- calls on other CPUs, as works of the kind above ---- */

struct call {
	struct irq_work work;
	smp_call_func_t func;
	void *info;
	atomic_t *left; /* NULL: nobody waits, free it */
};

static void run_call(struct irq_work *work)
{
	struct call *call = container_of(work, struct call, work);
	atomic_t *left = call->left;
	unsigned long unused;

	machine_call_back(call->func, call->info, &unused);
	if (left)
		atomic_dec(left); /* the caller's stack may be gone from here on */
	else
		kfree(call);
}

/* In the interrupt. A work may be queued again while it runs; a call may be gone when it has. */
void irq_work_interrupt(void)
{
	struct llist_node *node = llist_del_all(this_cpu_ptr(&irq_works)), *before = NULL, *next;
	unsigned long unused;

	for (; node; node = next) { /* the last came first */
		next = node->next;
		node->next = before;
		before = node;
	}
	for (node = before; node; node = next) {
		struct irq_work *work = llist_entry(node, struct irq_work, node);

		next = node->next;
		if (work->func == run_call) {
			run_call(work);
			continue;
		}
		atomic_and(~PENDING, &work->flags);
		machine_call_back(work->func, work, &unused);
		atomic_cmpxchg(&work->flags, BUSY, 0);
	}
}

static void call_here(smp_call_func_t func, void *info)
{
	unsigned long flags;

	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
}

static void call_there(int cpu, struct call *call, smp_call_func_t func, void *info, atomic_t *left)
{
	call->work = IRQ_WORK_INIT(run_call);
	call->func = func;
	call->info = info;
	call->left = left;
	irq_work_queue_on(&call->work, cpu);
}

int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait)
{
	struct call call_and_wait, *call = &call_and_wait;
	atomic_t left = ATOMIC_INIT(1);
	unsigned int spins = 0;
	int ret = 0;

	WARN_ON_ONCE(irqs_disabled());
	if (get_cpu() == cpu) {
		call_here(func, info);
	} else if ((unsigned int)cpu >= nr_cpu_ids) {
		ret = -ENXIO;
	} else {
		if (!wait)
			call = r3hc_kmalloc(sizeof(*call), R3_ALLOC_INTERNAL);
		if (!call)
			ret = -ENOMEM;
		else
			call_there(cpu, call, func, info, wait ? &left : NULL);
		while (call && wait && atomic_read(&left))
			spin_relax(&spins);
	}
	put_cpu();
	return ret;
}
EXPORT_SYMBOL(smp_call_function_single);

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	int cpu, here = get_cpu();

	for_each_cpu (cpu, mask)
		if (cpu != here)
			smp_call_function_single(cpu, func, info, wait);
	put_cpu();
}
EXPORT_SYMBOL(smp_call_function_many);

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	smp_call_function_many(cpu_online_mask, func, info, wait);
}
EXPORT_SYMBOL(smp_call_function);

void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	int here = get_cpu();

	smp_call_function_many(mask, func, info, wait);
	if (cpumask_test_cpu(here, mask))
		call_here(func, info);
	put_cpu();
}
EXPORT_SYMBOL(on_each_cpu_mask);
