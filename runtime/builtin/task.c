// SPDX-License-Identifier: GPL-2.0-or-later
/* Tasks: what a thread is to kernel code. */
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../core/probe.h"
#include "builtin.h"

static atomic_t last_pid = ATOMIC_INIT(0);
/* What interrupts on an idle CPU run as. */
static DEFINE_PER_CPU(struct task_struct, idle_task);

void task_init(struct task_struct *task, const char *comm)
{
	memset(task, 0, sizeof(*task));
	refcount_set(&task->usage, 1);
	raw_spin_lock_init(&task->pi_lock);
	task->group_leader = task;
	task->real_parent = task;
	task->cpus_allowed = ~0UL;
	strscpy(task->comm, comm, sizeof(task->comm));
}

struct task_struct *task_alloc(const char *comm)
{
	struct task_struct *task = r3hc_kmalloc(sizeof(*task), R3_ALLOC_INTERNAL);

	if (!task)
		return NULL;
	task_init(task, comm);
	task->pid = atomic_inc_return(&last_pid);
	task->tgid = task->pid;
	return task;
}

static void task_free_rcu(struct rcu_head *head)
{
	struct task_struct *task = container_of(head, struct task_struct, rcu);

	kretprobes_forget(task);
	kfree(task->worker_private);
	kfree(task);
}

/* Who looks at a task under RCU may still do so. */
void __put_task_struct(struct task_struct *t)
{
	call_rcu(&t->rcu, task_free_rcu);
}
EXPORT_SYMBOL_GPL(__put_task_struct);

void *r3rt_task_new(const char *comm, unsigned long thread)
{
	struct task_struct *task = task_alloc(comm);

	if (task)
		task->thread = thread;
	return task;
}

/* From here on nobody wakes the task, nor is about to. */
void task_end_wakeups(struct task_struct *task)
{
	unsigned long flags;

	WRITE_ONCE(task->__state, TASK_DEAD);
	raw_spin_lock_irqsave(&task->pi_lock, flags);
	raw_spin_unlock_irqrestore(&task->pi_lock, flags);
}

/* Called by the host when the thread has left the box. */
void r3rt_task_free(void *task)
{
	task_end_wakeups(task);
	kretprobes_forget(task);
	kfree(task);
}

static void set_current(struct task_struct *task)
{
	asm volatile("mov %0, " VCPU_TASK : : "r"(task) : "memory");
}

/* An interrupt on an idle CPU finds no task: lend it one. */
struct task_struct *idle_task_enter(void)
{
	struct task_struct *before = __vcpu_read(VCPU_TASK, struct task_struct *);

	if (!before) {
		struct task_struct *idle = this_cpu_ptr(&idle_task);

		if (!idle->comm[0]) {
			task_init(idle, "swapper");
			snprintf(idle->comm, sizeof(idle->comm), "swapper/%d", smp_processor_id());
		}
		idle->thread = __vcpu_read(VCPU_THREAD, unsigned long);
		set_current(idle);
	}
	return before;
}
NOKPROBE_SYMBOL(idle_task_enter);

/* A kretprobe of it would look for its instance in another task than it was put into. */
void idle_task_leave(struct task_struct *before)
{
	if (!before)
		set_current(NULL);
}
NOKPROBE_SYMBOL(idle_task_leave);

char *__get_task_comm(char *to, size_t len, struct task_struct *tsk)
{
	strscpy_pad(to, tsk->comm, len);
	return to;
}
EXPORT_SYMBOL_GPL(__get_task_comm);

/* ---- signals: kernel threads ignore all that they did not allow ---- */

void allow_signal(int sig)
{
	current->allowed_signals |= 1UL << sig;
}
EXPORT_SYMBOL(allow_signal);

void disallow_signal(int sig)
{
	current->allowed_signals &= ~(1UL << sig);
}
EXPORT_SYMBOL_GPL(disallow_signal);

int send_sig(int sig, struct task_struct *p, int priv)
{
	if (sig < 1 || sig >= BITS_PER_LONG)
		return -EINVAL;
	if ((p->flags & PF_KTHREAD) && !(p->allowed_signals & (1UL << sig)))
		return 0;
	set_bit(sig, &p->pending_signals);
	wake_up_state(p, TASK_INTERRUPTIBLE | (sig == SIGKILL ? TASK_WAKEKILL : 0));
	return 0;
}
EXPORT_SYMBOL(send_sig);

void flush_signals(struct task_struct *t)
{
	WRITE_ONCE(t->pending_signals, 0);
}
EXPORT_SYMBOL(flush_signals);
