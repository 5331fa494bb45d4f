// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Process numbers. A box has few tasks, so a list serves for look-ups; readers
 * are under RCU, as they are in Linux.
 */
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include "machine.h"

#define FIRST_PID 2 /* 1 is init, which a box has no need of */

struct pid_entry {
	struct hlist_node node;
	struct pid pid; /* last: ends in the array of its numbers */
};

struct pid init_struct_pid = {
	.count = REFCOUNT_INIT(1),
	.tasks = {{.first = NULL}},
	.level = 0,
	.numbers = {{.nr = 0, .ns = &init_pid_ns}},
};

static HLIST_HEAD(pids);
static struct machine_lock pids_lock = MACHINE_LOCK_INIT;
static int last_pid = FIRST_PID - 1;

struct pid *pid_new(struct task_struct *task)
{
	struct pid_entry *entry;
	enum pid_type type;
	unsigned long flags;

	entry = r3hc_kmalloc(sizeof(*entry) + sizeof(struct upid),
			     R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
	if (!entry)
		return NULL;
	refcount_set(&entry->pid.count, 1);
	spin_lock_init(&entry->pid.lock);
	INIT_HLIST_HEAD(&entry->pid.inodes);
	entry->pid.wait_pidfd =
		(wait_queue_head_t)__WAIT_QUEUE_HEAD_INITIALIZER(entry->pid.wait_pidfd);
	entry->pid.numbers[0].ns = &init_pid_ns;
	flags = machine_lock(&pids_lock);
	entry->pid.numbers[0].nr = ++last_pid;
	task->pid = task->tgid = last_pid;
	task->thread_pid = &entry->pid;
	for (type = PIDTYPE_PID; type < PIDTYPE_MAX; type++) {
		if (type != PIDTYPE_PID)
			task->signal->pids[type] = &entry->pid;
		hlist_add_head_rcu(&task->pid_links[type], &entry->pid.tasks[type]);
	}
	hlist_add_head_rcu(&entry->node, &pids);
	machine_unlock(&pids_lock, flags);
	return &entry->pid;
}

/* The task is gone for everybody who looks for its number; the task's own reference stays. */
void pid_unlink(struct task_struct *task)
{
	struct pid_entry *entry = container_of(task->thread_pid, struct pid_entry, pid);
	unsigned long flags = machine_lock(&pids_lock);
	enum pid_type type;

	for (type = PIDTYPE_PID; type < PIDTYPE_MAX; type++)
		hlist_del_rcu(&task->pid_links[type]);
	hlist_del_rcu(&entry->node);
	machine_unlock(&pids_lock, flags);
}

void put_pid(struct pid *pid)
{
	if (pid && refcount_dec_and_test(&pid->count))
		kfree(container_of(pid, struct pid_entry, pid));
}

struct pid *find_pid_ns(int nr, struct pid_namespace *ns)
{
	struct pid_entry *entry;

	hlist_for_each_entry_rcu(entry, &pids, node,
				 true) if (entry->pid.numbers[0].nr == nr) return &entry->pid;
	return NULL;
}

struct pid *find_vpid(int nr)
{
	return find_pid_ns(nr, &init_pid_ns);
}

/* The first one from nr on. */
struct pid *find_ge_pid(int nr, struct pid_namespace *ns)
{
	struct pid_entry *entry;
	struct pid *best = NULL;

	hlist_for_each_entry_rcu(
		entry, &pids, node,
		true) if (entry->pid.numbers[0].nr >= nr &&
			  (!best || entry->pid.numbers[0].nr < best->numbers[0].nr)) best =
		&entry->pid;
	return best;
}

struct pid *find_get_pid(pid_t nr)
{
	struct pid *pid;

	rcu_read_lock();
	pid = get_pid(find_vpid(nr));
	rcu_read_unlock();
	return pid;
}

struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	struct hlist_node *first;

	if (!pid)
		return NULL;
	first = rcu_dereference_check(hlist_first_rcu(&pid->tasks[type]), true);
	return first ? hlist_entry(first, struct task_struct, pid_links[type]) : NULL;
}

struct task_struct *get_pid_task(struct pid *pid, enum pid_type type)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(pid, type);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

static struct pid *pid_of(struct task_struct *task, enum pid_type type)
{
	return type == PIDTYPE_PID ? task->thread_pid : task->signal->pids[type];
}

struct pid *get_task_pid(struct task_struct *task, enum pid_type type)
{
	struct pid *pid;

	rcu_read_lock();
	pid = get_pid(pid_of(task, type));
	rcu_read_unlock();
	return pid;
}

pid_t pid_nr_ns(struct pid *pid, struct pid_namespace *ns)
{
	return pid && ns == &init_pid_ns ? pid->numbers[0].nr : 0;
}

pid_t pid_vnr(struct pid *pid)
{
	return pid_nr_ns(pid, &init_pid_ns);
}

pid_t __task_pid_nr_ns(struct task_struct *task, enum pid_type type, struct pid_namespace *ns)
{
	pid_t nr;

	rcu_read_lock();
	nr = pid_nr_ns(pid_of(task, type), ns ?: &init_pid_ns);
	rcu_read_unlock();
	return nr;
}

struct pid_namespace *task_active_pid_ns(struct task_struct *task)
{
	return ns_of_pid(task->thread_pid);
}

struct task_struct *find_task_by_pid_ns(pid_t nr, struct pid_namespace *ns)
{
	return pid_task(find_pid_ns(nr, ns), PIDTYPE_PID);
}

struct task_struct *find_task_by_vpid(pid_t nr)
{
	return find_task_by_pid_ns(nr, &init_pid_ns);
}

struct task_struct *find_get_task_by_vpid(pid_t nr)
{
	struct task_struct *task;

	rcu_read_lock();
	task = find_task_by_vpid(nr);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}
