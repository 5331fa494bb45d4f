/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_IRQ_WORK_H
#define _LINUX_IRQ_WORK_H

#include <linux/llist.h>

struct irq_work {
	struct llist_node node;
	atomic_t flags;
	void (*func)(struct irq_work *work);
};
#define IRQ_WORK_INIT(_func)                                                                       \
	(struct irq_work)                                                                          \
	{                                                                                          \
		.func = (_func),                                                                   \
	}
#define IRQ_WORK_INIT_HARD(_func)    IRQ_WORK_INIT(_func)
#define DEFINE_IRQ_WORK(name, _func) struct irq_work name = IRQ_WORK_INIT(_func)
static inline void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *))
{
	*work = IRQ_WORK_INIT(func);
}
static inline bool irq_work_is_busy(struct irq_work *work)
{
	return atomic_read(&work->flags) != 0;
}
bool irq_work_queue(struct irq_work *work);
bool irq_work_queue_on(struct irq_work *work, int cpu);
void irq_work_sync(struct irq_work *work);

#endif
