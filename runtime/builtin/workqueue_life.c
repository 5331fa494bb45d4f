// SPDX-License-Identifier: GPL-2.0-or-later
/* Workqueues made, drained and destroyed. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include "workqueue.h"

static unsigned int clamp_max_active(unsigned int max_active, unsigned int flags, const char *name)
{
	unsigned int clamped;

	if (!max_active)
		max_active = WQ_DFL_ACTIVE;
	clamped = clamp_t(unsigned int, max_active, 1, WQ_MAX_ACTIVE);
	if (clamped != max_active)
		pr_warn("workqueue: max_active %d requested for %s is out of range, clamping "
			"between %d and %d\n",
			max_active, name, 1, WQ_MAX_ACTIVE);
	return clamped;
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...)
{
	unsigned int i, nr = flags & WQ_UNBOUND ? 1 : nr_cpu_ids;
	struct workqueue_struct *wq = kzalloc(struct_size(wq, channels, nr), GFP_KERNEL);
	va_list args;

	if (!wq)
		return NULL;
	va_start(args, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	raw_spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->flushers);
	wq->flags = flags;
	wq->max_active = clamp_max_active(max_active, flags, wq->name);
	wq->nr_channels = nr;
	for (i = 0; i < nr; i++) {
		struct channel *channel = &wq->channels[i];

		channel->wq = wq;
		channel->pool = workqueue_pool(flags & WQ_UNBOUND ? -1 : (int)i);
		INIT_LIST_HEAD(&channel->inactive);
	}
	return wq;
}
EXPORT_SYMBOL_GPL(alloc_workqueue);

void workqueue_set_max_active(struct workqueue_struct *wq, int max_active)
{
	if (WARN_ON(wq->flags & __WQ_ORDERED))
		return;
	wq->max_active = clamp_max_active(max_active, wq->flags, wq->name);
	workqueue_activate(wq);
}
EXPORT_SYMBOL_GPL(workqueue_set_max_active);

/* Flush until works that queue works have come to their end. */
void drain_workqueue(struct workqueue_struct *wq)
{
	unsigned int flushes = 0;

	raw_spin_lock_irq(&wq->lock);
	if (!wq->nr_drainers++)
		wq->flags |= __WQ_DRAINING;
	raw_spin_unlock_irq(&wq->lock);
	do {
		__flush_workqueue(wq);
		if (++flushes == 10 || (flushes % 100 == 0 && flushes <= 1000))
			pr_warn("workqueue %s: %s() isn't complete after %u tries\n", wq->name,
				__func__, flushes);
	} while (READ_ONCE(wq->unfinished));
	raw_spin_lock_irq(&wq->lock);
	if (!--wq->nr_drainers)
		wq->flags &= ~__WQ_DRAINING;
	raw_spin_unlock_irq(&wq->lock);
}
EXPORT_SYMBOL_GPL(drain_workqueue);

void destroy_workqueue(struct workqueue_struct *wq)
{
	unsigned int i;

	drain_workqueue(wq);
	/* The worker of the last work holds its pool's lock until it has let go of this. */
	for (i = 0; i < wq->nr_channels; i++) {
		raw_spin_lock_irq(&wq->channels[i].pool->lock);
		raw_spin_unlock_irq(&wq->channels[i].pool->lock);
	}
	kfree(wq);
}
EXPORT_SYMBOL_GPL(destroy_workqueue);

int schedule_on_each_cpu(work_func_t func)
{
	struct work_struct __percpu *works = alloc_percpu(struct work_struct);
	int cpu;

	if (!works)
		return -ENOMEM;
	for_each_online_cpu (cpu) {
		struct work_struct *work = per_cpu_ptr(works, cpu);

		INIT_WORK(work, func);
		schedule_work_on(cpu, work);
	}
	for_each_online_cpu (cpu)
		flush_work(per_cpu_ptr(works, cpu));
	free_percpu(works);
	return 0;
}
