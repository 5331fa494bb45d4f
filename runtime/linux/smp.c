// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls to functions on other vCPUs, and irq_work: what IPIs are for. */
#include <linux/cpumask.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/rcuwait.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include "machine.h"

/* First in, first out. */
struct call_queue {
	struct machine_lock lock;
	struct llist_node *first, *last;
};

static DEFINE_PER_CPU(struct call_queue, call_queue);
static DEFINE_PER_CPU(call_single_data_t, csd_data);
static DEFINE_PER_CPU(call_single_data_t[R3_MAX_CPUS], csd_many);
static DEFINE_PER_CPU(struct call_queue, irq_works);
static DEFINE_PER_CPU(struct call_queue, lazy_works);

static bool enqueue(struct call_queue *queue, struct llist_node *node)
{
	unsigned long flags = machine_lock(&queue->lock);
	bool was_empty = !queue->first;

	node->next = NULL;
	if (was_empty)
		queue->first = node;
	else
		queue->last->next = node;
	queue->last = node;
	machine_unlock(&queue->lock, flags);
	return was_empty;
}

static struct llist_node *take_all(struct call_queue *queue)
{
	struct llist_node *first;
	unsigned long flags;

	if (!READ_ONCE(queue->first))
		return NULL;
	flags = machine_lock(&queue->lock);
	first = queue->first;
	queue->first = queue->last = NULL;
	machine_unlock(&queue->lock, flags);
	return first;
}

/* ---- cross calls ---- */

static void csd_lock_wait(call_single_data_t *csd)
{
	unsigned int step = 0;

	while (smp_load_acquire(&csd->node.u_flags) & CSD_FLAG_LOCK)
		machine_relax(&step);
}

static void csd_lock(call_single_data_t *csd)
{
	csd_lock_wait(csd);
	csd->node.u_flags |= CSD_FLAG_LOCK;
	smp_wmb();
}

static void csd_unlock(call_single_data_t *csd)
{
	smp_store_release(&csd->node.u_flags, 0);
}

void __smp_call_single_queue(int cpu, struct llist_node *node)
{
	if (enqueue(&per_cpu(call_queue, cpu), node))
		r3hc_ipi(cpu, R3_IRQ_IPI);
}

static void run_call(call_single_data_t *csd)
{
	smp_call_func_t func = csd->func;
	void *info = csd->info;
	unsigned long unused;

	if ((csd->node.u_flags & CSD_FLAG_TYPE_MASK) == CSD_TYPE_SYNC) {
		machine_call_back(func, info, &unused);
		csd_unlock(csd);
	} else {
		csd_unlock(csd); /* it may be used again from within */
		machine_call_back(func, info, &unused);
	}
}

/* In the IPI, interrupts off. */
void smp_run_calls(void)
{
	struct llist_node *node = take_all(this_cpu_ptr(&call_queue)), *next;

	for (; node; node = next) {
		call_single_data_t *csd = container_of(node, call_single_data_t, node.llist);

		next = node->next;
		if ((csd->node.u_flags & CSD_FLAG_TYPE_MASK) == CSD_TYPE_IRQ_WORK)
			irq_work_single(csd);
		else
			run_call(csd);
	}
}

/* The caller stays on its CPU. */
static int call_one(int cpu, call_single_data_t *csd)
{
	if (cpu == smp_processor_id()) {
		smp_call_func_t func = csd->func;
		void *info = csd->info;
		unsigned long flags;

		csd_unlock(csd);
		local_irq_save(flags);
		func(info); /* the caller's own work: an oops is its oops */
		local_irq_restore(flags);
		return 0;
	}
	if ((unsigned int)cpu >= nr_cpu_ids || !cpu_online(cpu)) {
		csd_unlock(csd);
		return -ENXIO;
	}
	__smp_call_single_queue(cpu, &csd->node.llist);
	return 0;
}

int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait)
{
	call_single_data_t on_stack = {
		.node.u_flags = CSD_FLAG_LOCK | CSD_TYPE_SYNC, .func = func, .info = info};
	call_single_data_t *csd = &on_stack;
	int error;

	get_cpu();
	if (!wait) {
		csd = this_cpu_ptr(&csd_data);
		csd_lock(csd);
		csd->func = func;
		csd->info = info;
	}
	error = call_one(cpu, csd);
	if (wait)
		csd_lock_wait(csd);
	put_cpu();
	return error;
}

int smp_call_function_single_async(int cpu, call_single_data_t *csd)
{
	int error = -EBUSY;

	preempt_disable();
	if (!(csd->node.u_flags & CSD_FLAG_LOCK)) {
		csd->node.u_flags = CSD_FLAG_LOCK;
		smp_wmb();
		error = call_one(cpu, csd);
	}
	preempt_enable();
	return error;
}

int smp_call_function_any(const struct cpumask *mask, smp_call_func_t func, void *info, int wait)
{
	int cpu = get_cpu(), error;

	if (!cpumask_test_cpu(cpu, mask))
		cpu = cpumask_any_and(mask, cpu_online_mask);
	error = smp_call_function_single(cpu, func, info, wait);
	put_cpu();
	return error;
}

static void call_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait,
		      bool local, smp_cond_func_t cond)
{
	call_single_data_t *csds = *this_cpu_ptr(&csd_many);
	int cpu, here = smp_processor_id();
	unsigned long sent = 0, flags;

	for_each_cpu_and(cpu, mask, cpu_online_mask)
	{
		call_single_data_t *csd = &csds[cpu];

		if (cpu == here || (cond && !cond(cpu, info)))
			continue;
		csd_lock(csd);
		csd->node.u_flags |= wait ? CSD_TYPE_SYNC : 0;
		csd->func = func;
		csd->info = info;
		sent |= BIT(cpu);
		__smp_call_single_queue(cpu, &csd->node.llist);
	}
	if (local && cpumask_test_cpu(here, mask) && (!cond || cond(here, info))) {
		local_irq_save(flags);
		func(info);
		local_irq_restore(flags);
	}
	if (wait)
		for (; sent; sent &= sent - 1)
			csd_lock_wait(&csds[__ffs(sent)]);
}

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	call_many(mask, func, info, wait, false, NULL);
}

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	preempt_disable();
	call_many(cpu_online_mask, func, info, wait, false, NULL);
	preempt_enable();
}

void on_each_cpu_cond_mask(smp_cond_func_t cond, smp_call_func_t func, void *info, bool wait,
			   const struct cpumask *mask)
{
	preempt_disable();
	call_many(mask, func, info, wait, true, cond);
	preempt_enable();
}

static void do_nothing(void *unused)
{
}

void kick_all_cpus_sync(void)
{
	smp_mb();
	smp_call_function(do_nothing, NULL, 1);
}

static void send_reschedule(int cpu)
{
	r3hc_ipi(cpu, R3_IRQ_IPI);
}

struct smp_ops smp_ops = {.smp_send_reschedule = send_reschedule};

/* ---- irq_work ---- */

static bool claim(struct irq_work *work)
{
	int old = atomic_fetch_or(IRQ_WORK_CLAIMED | CSD_TYPE_IRQ_WORK, &work->node.a_flags);

	return !(old & IRQ_WORK_PENDING);
}

static void queue_local(struct irq_work *work)
{
	if (atomic_read(&work->node.a_flags) & IRQ_WORK_LAZY) {
		if (enqueue(this_cpu_ptr(&lazy_works), &work->node.llist))
			tick_need();
		return;
	}
	if (enqueue(this_cpu_ptr(&irq_works), &work->node.llist))
		r3hc_ipi(raw_smp_processor_id(), R3_IRQ_IPI);
}

bool irq_work_queue(struct irq_work *work)
{
	if (!claim(work))
		return false;
	preempt_disable();
	queue_local(work);
	preempt_enable();
	return true;
}

bool irq_work_queue_on(struct irq_work *work, int cpu)
{
	if (!claim(work))
		return false;
	preempt_disable();
	if (cpu == smp_processor_id())
		queue_local(work);
	else
		__smp_call_single_queue(cpu, &work->node.llist);
	preempt_enable();
	return true;
}

void irq_work_single(void *argument)
{
	struct irq_work *work = argument;
	unsigned long unused;
	int flags = atomic_read(&work->node.a_flags) & ~IRQ_WORK_PENDING;

	atomic_set(&work->node.a_flags, flags);
	smp_mb(); /* PENDING is clear before the function runs, so it may be queued again */
	machine_call_back(work->func, work, &unused);
	(void)atomic_cmpxchg(&work->node.a_flags, flags, flags & ~IRQ_WORK_BUSY);
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		rcuwait_wake_up(&work->irqwait);
}

static void run_works(struct call_queue *queue)
{
	struct llist_node *node = take_all(queue), *next;

	for (; node; node = next) {
		next = node->next;
		irq_work_single(container_of(node, struct irq_work, node.llist));
	}
}

void irq_work_run(void)
{
	run_works(this_cpu_ptr(&irq_works));
}

void irq_work_interrupt(void)
{
	irq_work_run();
}

/* In the tick. */
void irq_work_tick(void)
{
	struct call_queue *lazy = this_cpu_ptr(&lazy_works);

	irq_work_run();
	if (READ_ONCE(lazy->first)) {
		run_works(lazy);
		tick_release();
	}
}

void irq_work_sync(struct irq_work *work)
{
	unsigned int step = 0;

	might_sleep();
	while (irq_work_is_busy(work))
		machine_relax(&step);
}
