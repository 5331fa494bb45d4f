/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the builtin runtime know of each other. */
#ifndef RING3_BUILTIN_H
#define RING3_BUILTIN_H

#include <linux/sched.h>
#include <linux/types.h>
#include <ring3/hypercall.h>

extern const struct r3_boot_info *boot_info;

/* spinlock.c: one round of waiting for another CPU; *spins begins at 0 */
void spin_relax(unsigned int *spins);

/* task.c */
void task_init(struct task_struct *task, const char *comm);
struct task_struct *task_alloc(const char *comm);
void task_end_wakeups(struct task_struct *task);
struct task_struct *idle_task_enter(void);
void idle_task_leave(struct task_struct *before);

/* softirq.c; interrupts are off at the call and at return */
bool softirq_is_pending(void);
void softirq_run_pending(void);

/* tasklet.c, timer.c */
struct softirq_action;
void tasklet_softirq(struct softirq_action *action);
void tasklet_hi_softirq(struct softirq_action *action);
void timer_softirq(struct softirq_action *action);

/* hrtimer.c */
void hrtimer_interrupt(void);
void hrtimer_softirq(struct softirq_action *action);

/* smp.c */
void irq_work_interrupt(void);

/* event.c */
enum event { EVENT_TIMER, EVENT_HRTIMER, EVENT_HRTIMER_SOFT, NR_EVENTS };
#define EVENT_NEVER (~0ULL)
void event_program(int cpu, enum event event, u64 ns);
void event_fired(void);

/* jiffies.c */
void jiffies_start(void);
u64 jiffies_to_clock_ns(unsigned long j);

/* kthread.c: if the oops ended a kernel thread, it is dead */
void kthread_oopsed(struct task_struct *task);

/* callback.c: call a module's function; false: an oops ended it */
bool machine_call_back(void *function, void *argument, unsigned long *result);

/* rcu.c */
void rcu_note_switch(void);
void rcu_note_interrupt(void);
void rcu_forget_reader(struct task_struct *task);
void rcu_leave_to(struct task_struct *task, int nesting); /* readers further in are no more */

/* workqueue.c */
void workqueue_init(void);
/* a worker goes to sleep, is awake again */
void workqueue_worker_sleeping(struct task_struct *task);
void workqueue_worker_running(struct task_struct *task);
void workqueue_worker_died(struct task_struct *task);

/* jump_label.c */
int jump_label_added(const struct r3_object *object);
void jump_label_removed(const struct r3_object *object);
void jump_label_init_freed(const struct r3_object *object, unsigned long start, unsigned long size);

#endif
