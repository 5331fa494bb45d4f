/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <asm/current.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define TASK_RUNNING         0x00000000
#define TASK_INTERRUPTIBLE   0x00000001
#define TASK_UNINTERRUPTIBLE 0x00000002
#define __TASK_STOPPED       0x00000004
#define TASK_PARKED          0x00000040
#define TASK_DEAD            0x00000080
#define TASK_WAKEKILL        0x00000100
#define TASK_NOLOAD          0x00000400
#define TASK_NEW             0x00000800
#define TASK_FREEZABLE       0x00002000
#define TASK_KILLABLE        (TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_IDLE            (TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_NORMAL          (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

#define PF_WQ_WORKER         0x00000020
#define PF_EXITING           0x00000004
#define PF_NOFREEZE          0x00008000
#define PF_KTHREAD           0x00200000
#define PF_NO_SETAFFINITY    0x04000000

#define TASK_COMM_LEN        16
#define MAX_SCHEDULE_TIMEOUT LONG_MAX
#define MAX_NICE             19
#define MIN_NICE             -20
#define SCHED_NORMAL         0
#define SCHED_FIFO           1

struct kthread;
struct worker;

struct task_struct {
	unsigned int __state;
	unsigned int flags; /* PF_* */
	refcount_t usage;
	pid_t pid;
	pid_t tgid;
	char comm[TASK_COMM_LEN];
	unsigned long thread; /* the host's handle */
	struct task_struct *group_leader;
	struct task_struct *real_parent;
	int exit_code;
	int static_prio;
	unsigned int policy;
	unsigned long pending_signals;
	unsigned long allowed_signals;
	raw_spinlock_t pi_lock; /* held while the task is being woken */
	void *worker_private;   /* struct kthread * */
	struct worker *worker;
	void *journal_info;
	unsigned long cpus_allowed;
	int rcu_read_lock_nesting;
	unsigned long rcu_blocked; /* when it slept as a reader, 0: it did not */
	struct list_head rcu_node_entry;
	struct rcu_head rcu;
	struct llist_head rethooks; /* returns that kretprobes wait for */
};

#define task_is_running(task)       (READ_ONCE((task)->__state) == TASK_RUNNING)
#define get_current_state()         READ_ONCE(current->__state)
#define __set_current_state(value)  WRITE_ONCE(current->__state, (value))
#define set_current_state(value)    smp_store_mb(current->__state, (value))
#define set_task_state(task, value) smp_store_mb((task)->__state, (value))

void schedule(void);
void io_schedule(void);
void schedule_preempt_disabled(void);
void yield(void);
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_killable(long timeout);
long schedule_timeout_uninterruptible(long timeout);
long schedule_timeout_idle(long timeout);
int wake_up_process(struct task_struct *tsk);
int wake_up_state(struct task_struct *tsk, unsigned int state);
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask);
void set_user_nice(struct task_struct *p, long nice);
void sched_set_fifo(struct task_struct *p);
void sched_set_fifo_low(struct task_struct *p);
void sched_set_normal(struct task_struct *p, int nice);
#define task_nice(p) ((p)->static_prio)
char *__get_task_comm(char *to, size_t len, struct task_struct *tsk);
#define get_task_comm(buf, tsk) __get_task_comm(buf, sizeof(buf), tsk)

void __put_task_struct(struct task_struct *t);
static inline struct task_struct *get_task_struct(struct task_struct *t)
{
	refcount_inc(&t->usage);
	return t;
}
static inline void put_task_struct(struct task_struct *t)
{
	if (refcount_dec_and_test(&t->usage))
		__put_task_struct(t);
}

#define cond_resched() __cond_resched()
bool need_resched(void);
#define cond_resched_lock(lock)                                                                    \
	({                                                                                         \
		spin_unlock(lock);                                                                 \
		int __resched = __cond_resched();                                                  \
		spin_lock(lock);                                                                   \
		__resched;                                                                         \
	})

static inline pid_t task_pid_nr(struct task_struct *tsk)
{
	return tsk->pid;
}
static inline pid_t task_tgid_nr(struct task_struct *tsk)
{
	return tsk->tgid;
}
#define task_pid_vnr(tsk)  task_pid_nr(tsk)
#define task_tgid_vnr(tsk) task_tgid_nr(tsk)
static inline unsigned int task_cpu(const struct task_struct *p)
{
	return raw_smp_processor_id();
}

/* Signals, as far as kernel threads know them: none unless allowed. */
#define SIGHUP  1
#define SIGINT  2
#define SIGQUIT 3
#define SIGKILL 9
#define SIGUSR1 10
#define SIGUSR2 12
#define SIGTERM 15
void allow_signal(int sig);
void disallow_signal(int sig);
int send_sig(int sig, struct task_struct *p, int priv);
void flush_signals(struct task_struct *t);
static inline int signal_pending(struct task_struct *p)
{
	return unlikely(READ_ONCE(p->pending_signals) != 0);
}
static inline int fatal_signal_pending(struct task_struct *p)
{
	return unlikely(READ_ONCE(p->pending_signals) & (1UL << SIGKILL));
}
static inline int signal_pending_state(unsigned int state, struct task_struct *p)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) || !signal_pending(p))
		return 0;
	return (state & TASK_INTERRUPTIBLE) || fatal_signal_pending(p);
}

#endif
