// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks: one for each host thread that runs kernel code, whether it entered
 * from outside (a caller of the API) or was started as a kernel thread. What
 * kernel/fork.c and kernel/exit.c do, as far as there is something to do.
 */
#include <linux/completion.h>
#include <linux/init_task.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/ipc_namespace.h>
#include <linux/mm.h>
#include <linux/mqueue.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/rcuwait.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include "core/probe.h"
#include "machine.h"

__cacheline_aligned DEFINE_RWLOCK(tasklist_lock);
int nr_threads;
unsigned long total_forks;
int max_threads = 32768;

static struct signal_struct init_signals = {
	.nr_threads = 1,
	.thread_head = LIST_HEAD_INIT(init_task.thread_node),
	.wait_chldexit = __WAIT_QUEUE_HEAD_INITIALIZER(init_signals.wait_chldexit),
	.shared_pending.list = LIST_HEAD_INIT(init_signals.shared_pending.list),
	.multiprocess = HLIST_HEAD_INIT,
	.rlim = INIT_RLIMITS,
	.cred_guard_mutex = __MUTEX_INITIALIZER(init_signals.cred_guard_mutex),
	.exec_update_lock = __RWSEM_INITIALIZER(init_signals.exec_update_lock),
#ifdef CONFIG_POSIX_TIMERS
	.posix_timers = R3_POSIX_TIMERS_INIT,
#endif
	.pids =
		{
			[PIDTYPE_PID] = &init_struct_pid,
			[PIDTYPE_TGID] = &init_struct_pid,
			[PIDTYPE_PGID] = &init_struct_pid,
			[PIDTYPE_SID] = &init_struct_pid,
		},
	INIT_PREV_CPUTIME(init_signals)};

static struct sighand_struct init_sighand = {
	.count = REFCOUNT_INIT(1),
	.siglock = __SPIN_LOCK_UNLOCKED(init_sighand.siglock),
	.signalfd_wqh = __WAIT_QUEUE_HEAD_INITIALIZER(init_sighand.signalfd_wqh),
};

/* The task that boots. Every other one starts as a copy of what this one was at first. */
struct r3_task r3_init_task __aligned(L1_CACHE_BYTES) = {
	.task =
		{
			.thread_info = INIT_THREAD_INFO(init_task),
			.stack_refcount = REFCOUNT_INIT(1),
			.usage = REFCOUNT_INIT(2),
			.rcu_users = REFCOUNT_INIT(2),
			.flags = PF_KTHREAD,
			.prio = MAX_PRIO - 20,
			.static_prio = MAX_PRIO - 20,
			.normal_prio = MAX_PRIO - 20,
			.policy = SCHED_NORMAL,
			.cpus_ptr = &init_task.cpus_mask,
			.cpus_mask = CPU_MASK_ALL,
			.nr_cpus_allowed = NR_CPUS,
			.tasks = LIST_HEAD_INIT(init_task.tasks),
			.ptraced = LIST_HEAD_INIT(init_task.ptraced),
			.ptrace_entry = LIST_HEAD_INIT(init_task.ptrace_entry),
			.real_parent = &init_task,
			.parent = &init_task,
			.children = LIST_HEAD_INIT(init_task.children),
			.sibling = LIST_HEAD_INIT(init_task.sibling),
			.group_leader = &init_task,
			RCU_POINTER_INITIALIZER(real_cred, &init_cred),
			RCU_POINTER_INITIALIZER(cred, &init_cred),
			.comm = INIT_TASK_COMM,
			.signal = &init_signals,
			.sighand = &init_sighand,
			.nsproxy = &init_nsproxy,
			.pending.list = LIST_HEAD_INIT(init_task.pending.list),
			.alloc_lock = __SPIN_LOCK_UNLOCKED(init_task.alloc_lock),
			.pi_lock = __RAW_SPIN_LOCK_UNLOCKED(init_task.pi_lock),
			.timer_slack_ns = 50000,
			.default_timer_slack_ns = 50000,
			.thread_pid = &init_struct_pid,
#ifdef R3_HAVE_THREAD_GROUP
			.thread_group = LIST_HEAD_INIT(init_task.thread_group),
#endif
			.thread_node = LIST_HEAD_INIT(init_signals.thread_head),
#ifdef CONFIG_AUDIT
			.loginuid = INVALID_UID,
			.sessionid = -1,
#endif
#ifdef CONFIG_PERF_EVENTS
			.perf_event_mutex = __MUTEX_INITIALIZER(init_task.perf_event_mutex),
			.perf_event_list = LIST_HEAD_INIT(init_task.perf_event_list),
#endif
			.rcu_node_entry = LIST_HEAD_INIT(init_task.rcu_node_entry),
			.rcu_tasks_holdout_list = LIST_HEAD_INIT(init_task.rcu_tasks_holdout_list),
			.rcu_tasks_idle_cpu = -1,
			.trc_holdout_list = LIST_HEAD_INIT(init_task.trc_holdout_list),
			.trc_blkd_node = LIST_HEAD_INIT(init_task.trc_blkd_node),
			.pi_waiters = RB_ROOT_CACHED,
			INIT_PREV_CPUTIME(init_task)
#ifdef CONFIG_CPUSETS
				.mems_allowed_seq = SEQCNT_SPINLOCK_ZERO(init_task.mems_allowed_seq,
									 &init_task.alloc_lock),
#endif
#ifdef CONFIG_NUMA_BALANCING
			.numa_preferred_nid = NUMA_NO_NODE,
#endif
		},
};
extern struct task_struct init_task __attribute__((alias("r3_init_task")));

/* What else a task needs, all of one allocation. */
struct task_parts {
	struct r3_task task; /* first */
	struct signal_struct signal;
	struct sighand_struct sighand;
};

/* What interrupts of an idle vCPU run as; one serves all, since one thread of the host does. */
struct r3_task r3_idle_task __aligned(L1_CACHE_BYTES);

static struct r3_task template __aligned(L1_CACHE_BYTES);
static struct machine_lock tasks_lock = MACHINE_LOCK_INIT;
static void *task_cache;

static void init_lists_of(struct task_struct *task)
{
	task->cpus_ptr = &task->cpus_mask;
	INIT_LIST_HEAD(&task->tasks);
	INIT_LIST_HEAD(&task->ptraced);
	INIT_LIST_HEAD(&task->ptrace_entry);
	INIT_LIST_HEAD(&task->children);
	INIT_LIST_HEAD(&task->sibling);
	INIT_LIST_HEAD(&task->pending.list);
	INIT_LIST_HEAD(&task->rcu_node_entry);
	INIT_LIST_HEAD(&task->rcu_tasks_holdout_list);
	INIT_LIST_HEAD(&task->trc_holdout_list);
	INIT_LIST_HEAD(&task->trc_blkd_node);
#ifdef R3_HAVE_THREAD_GROUP
	INIT_LIST_HEAD(&task->thread_group);
#endif
#ifdef CONFIG_PERF_EVENTS
	task->perf_event_mutex = (struct mutex)__MUTEX_INITIALIZER(task->perf_event_mutex);
	INIT_LIST_HEAD(&task->perf_event_list);
#endif
}

static void copy_comm(struct task_struct *task, const char *comm)
{
	unsigned int i;

	for (i = 0; i < TASK_COMM_LEN - 1 && comm[i]; i++)
		task->comm[i] = comm[i];
	for (; i < TASK_COMM_LEN; i++)
		task->comm[i] = '\0';
}

void task_boot(void)
{
	struct task_struct *idle = &r3_idle_task.task;
	unsigned int cpu;

	init_task.nr_cpus_allowed = r3_boot.cpus;
	r3_init_task.affinity = ~0UL;
	template = r3_init_task;
	r3_idle_task = r3_init_task;
	r3_idle_task.idle = true;
	init_lists_of(idle);
	idle->flags |= PF_IDLE;
	copy_comm(idle, "swapper/0");
	task_cache = r3hc_cache_new("task_struct", sizeof(struct task_parts), L1_CACHE_BYTES,
				    R3_ALLOC_ZERO);
	init_task.stack =
		(void *)ALIGN_DOWN((unsigned long)__builtin_frame_address(0), THREAD_SIZE);
	r3_init_task.thread = vcpu_read(thread);
	for (cpu = 0; cpu < r3_boot.cpus; cpu++)
		per_cpu(R3_PERCPU_CURRENT, cpu) = &init_task;
}

/* ---- lists; readers are under RCU ---- */

static void list_link_tail(struct list_head *node, struct list_head *head)
{
	node->next = head;
	node->prev = head->prev;
	rcu_assign_pointer(list_next_rcu(head->prev), node);
	head->prev = node;
}

static void list_unlink(struct list_head *node)
{
	node->next->prev = node->prev;
	WRITE_ONCE(node->prev->next, node->next);
	node->prev = LIST_POISON2;
}

static void task_link(struct task_struct *task)
{
	unsigned long flags = machine_lock(&tasks_lock);

	list_link_tail(&task->tasks, &init_task.tasks);
	list_link_tail(&task->sibling, &task->real_parent->children);
	list_link_tail(&task->thread_node, &task->signal->thread_head);
	nr_threads++;
	total_forks++;
	machine_unlock(&tasks_lock, flags);
}

void task_unlink(struct task_struct *task)
{
	unsigned long flags = machine_lock(&tasks_lock);
	struct list_head *child, *next;

	list_unlink(&task->tasks);
	list_unlink(&task->sibling);
	list_unlink(&task->thread_node);
	for (child = task->children.next; child != &task->children; child = next) {
		struct task_struct *orphan = list_entry(child, struct task_struct, sibling);

		next = child->next;
		list_unlink(child);
		orphan->real_parent = orphan->parent = &init_task;
		list_link_tail(child, &init_task.children);
	}
	nr_threads--;
	machine_unlock(&tasks_lock, flags);
	pid_unlink(task);
}

/* ---- a new task ---- */

static void init_signals_of(struct task_parts *parts)
{
	struct task_struct *task = &parts->task.task;
	struct signal_struct *signal = &parts->signal;
	struct sighand_struct *sighand = &parts->sighand;

	*signal = init_signals;
	refcount_set(&signal->sigcnt, 1);
	atomic_set(&signal->live, 1);
	INIT_LIST_HEAD(&signal->thread_head);
	INIT_LIST_HEAD(&signal->shared_pending.list);
	signal->wait_chldexit =
		(wait_queue_head_t)__WAIT_QUEUE_HEAD_INITIALIZER(signal->wait_chldexit);
	signal->cred_guard_mutex = (struct mutex)__MUTEX_INITIALIZER(signal->cred_guard_mutex);
	signal->exec_update_lock =
		(struct rw_semaphore)__RWSEM_INITIALIZER(signal->exec_update_lock);
	signal->group_exec_task = NULL;
	signal->curr_target = task;
	*sighand = init_sighand;
	sighand->signalfd_wqh =
		(wait_queue_head_t)__WAIT_QUEUE_HEAD_INITIALIZER(sighand->signalfd_wqh);
	task->signal = signal;
	task->sighand = sighand;
}

struct r3_task *task_new(const char *comm, unsigned int flags)
{
	struct task_parts *parts;
	struct task_struct *task;
	int fresh;

	parts = r3hc_object_alloc(task_cache, R3_ALLOC_ZERO | R3_ALLOC_INTERNAL, &fresh);
	if (!parts)
		return NULL;
	parts->task = template;
	task = &parts->task.task;
	refcount_set(&task->usage, 1);
	refcount_set(&task->rcu_users, 1);
	task->flags = flags | PF_FORKNOEXEC;
	task->nr_cpus_allowed = r3_boot.cpus;
	task->group_leader = task;
	task->real_parent = task->parent = flags & PF_KTHREAD ? current : &init_task;
	init_lists_of(task);
	init_signals_of(parts);
	copy_comm(task, comm);
	task->start_time = task->start_boottime = r3hc_clock(R3_CLOCK_MONOTONIC);
	if (!pid_new(task)) {
		r3hc_object_free(task_cache, parts);
		return NULL;
	}
	task_link(task);
	return &parts->task;
}

/* ---- references and the end ---- */

void free_task(struct task_struct *task)
{
	struct pid *pid = task->thread_pid;

	if (task->flags & PF_KTHREAD && task->worker_private)
		free_kthread_struct(task);
	put_pid(pid);
	r3hc_object_free(task_cache, container_of(r3_task(task), struct task_parts, task));
}

void __put_task_struct(struct task_struct *task)
{
	WARN_ON(!task->exit_state);
	free_task(task);
}

void __put_task_struct_rcu_cb(struct rcu_head *head)
{
	__put_task_struct(container_of(head, struct task_struct, rcu));
}

static void delayed_put_task_struct(struct rcu_head *head)
{
	struct task_struct *task = container_of(head, struct task_struct, rcu);

	kretprobes_forget(task);
	put_task_struct(task);
}

void put_task_struct_rcu_user(struct task_struct *task)
{
	if (refcount_dec_and_test(&task->rcu_users))
		call_rcu(&task->rcu, delayed_put_task_struct);
}

void task_exit(struct task_struct *task, long code)
{
	struct completion *vfork_done = task->vfork_done;

	if (unlikely(preempt_count())) {
		pr_info("note: %s[%d] exited with preempt_count %d\n", task->comm,
			task_pid_nr(task), preempt_count());
		preempt_count_set(0);
	}
	task->flags |= PF_EXITING;
	task->exit_code = code;
	rcu_task_gone(task);
	task_unlink(task);
	task->exit_state = EXIT_DEAD;
	if (vfork_done) {
		task->vfork_done = NULL;
		complete_all(vfork_done);
	}
}

void __noreturn do_exit(long code)
{
	struct task_struct *task = current;

	if (unlikely(in_interrupt()))
		panic("Aiee, killing interrupt handler!");
	if (unlikely(!task->pid))
		panic("Attempted to kill the idle task!");
	if (r3_task(task)->external) {
		/* The host's thread goes on with the call that it made; so does its task. */
		r3hc_oops("do_exit() in a call from outside the box");
		unreachable();
	}
	task_exit(task, code);
	/*
	 * Interrupts stay off until the vCPU is given up: no grace period ends
	 * before that, so the task is there as long as somebody runs as it.
	 */
	local_irq_disable();
	WRITE_ONCE(task->__state, TASK_DEAD);
	put_task_struct_rcu_user(task);
	r3_task(task)->thread = 0;
	r3hc_thread_exit();
	unreachable();
}

void __noreturn make_task_dead(int signr)
{
	do_exit(signr);
}

/* ---- waiting for a task that is kept by RCU ---- */

int rcuwait_wake_up(struct rcuwait *wait)
{
	struct task_struct *task;
	int woken = 0;

	rcu_read_lock();
	smp_mb(); /* what the waiter waits for is stored before its task is read */
	task = rcu_dereference(wait->task);
	if (task)
		woken = wake_up_process(task);
	rcu_read_unlock();
	return woken;
}

void finish_rcuwait(struct rcuwait *wait)
{
	rcu_assign_pointer(wait->task, NULL);
	__set_current_state(TASK_RUNNING);
}

/* ---- the host's side: threads that enter from outside ---- */

static struct r3_task *dead_external;

/* Nobody can look these up any more once a grace period has passed. */
static void free_dead_external(void)
{
	struct r3_task *dead = xchg(&dead_external, NULL);

	if (!dead)
		return;
	synchronize_rcu();
	while (dead) {
		struct r3_task *next = dead->next_dead;

		kretprobes_forget(&dead->task);
		put_task_struct(&dead->task);
		dead = next;
	}
}

static void *stack_here(void)
{
	return (void *)ALIGN_DOWN((unsigned long)__builtin_frame_address(0), THREAD_SIZE);
}

void *r3rt_task_new(const char *comm, unsigned long thread)
{
	struct r3_task *task;

	if (!raw_cpu_read(R3_PERCPU_CURRENT))
		raw_cpu_write(R3_PERCPU_CURRENT, &init_task);
	task = task_new(comm, 0);
	if (!task)
		return NULL;
	task->external = true;
	task->task.mm = task->task.active_mm = &r3_user_mm;
	task->thread = thread;
	task->task.stack = stack_here();
	return task;
}

/* The thread itself may be the caller: its task is freed when the next one comes or goes. */
void r3rt_task_free(void *argument)
{
	struct r3_task *task = argument;

	free_dead_external();
	task_exit(&task->task, 0);
	task->thread = 0;
	do
		task->next_dead = READ_ONCE(dead_external);
	while (cmpxchg(&dead_external, task->next_dead, task) != task->next_dead);
}

void r3rt_oops_cleanup(void)
{
	struct task_struct *task = current;

	probes_oopsed(__builtin_frame_address(0));
	preempt_count_set(0);
	local_irq_enable();
	rcu_task_gone(task);
	__set_current_state(TASK_RUNNING);
	if (task->pid && !r3_task(task)->external)
		do_exit(SIGKILL);
}

/* ---- kernel threads ---- */

void r3rt_thread_start(void *argument, unsigned long function, unsigned long data)
{
	struct task_struct *task = argument;

	task->stack = stack_here();
	sched_thread_start(task);
	((int (*)(void *))function)((void *)data);
	do_exit(0);
}

static pid_t start_thread_of(struct r3_task *task, int (*function)(void *), void *argument, int cpu)
{
	task->thread = r3hc_thread_new(task, (unsigned long)function, (unsigned long)argument);
	if (!task->thread) {
		task_exit(&task->task, 0);
		put_task_struct_rcu_user(&task->task);
		return -EAGAIN;
	}
	if (cpu >= 0)
		do_set_cpus_allowed(&task->task, cpumask_of(cpu));
	r3hc_unpark(task->thread);
	return task->task.pid;
}

struct task_struct *machine_thread(const char *comm, int (*function)(void *), void *argument,
				   int cpu)
{
	struct r3_task *task = task_new(comm, PF_KTHREAD);

	if (!task)
		return NULL;
	return start_thread_of(task, function, argument, cpu) < 0 ? NULL : &task->task;
}

static pid_t new_kernel_thread(int (*function)(void *), void *argument, const char *comm)
{
	struct r3_task *task = task_new(comm, PF_KTHREAD);

	if (!task)
		return -ENOMEM;
	/* The signal handlers, ignored ones first of all, are those of the parent. */
	__builtin_memcpy(task->task.sighand->action, current->sighand->action,
			 sizeof(task->task.sighand->action));
	if (!set_kthread_struct(&task->task)) {
		task_exit(&task->task, 0);
		put_task_struct_rcu_user(&task->task);
		return -ENOMEM;
	}
	return start_thread_of(task, function, argument, -1);
}

#ifdef R3_KERNEL_THREAD_NAMED
pid_t kernel_thread(int (*fn)(void *), void *arg, const char *name, unsigned long flags)
{
	return new_kernel_thread(fn, arg, name ?: current->comm);
}
#else
pid_t kernel_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	return new_kernel_thread(fn, arg, current->comm);
}
#endif

/* ---- names ---- */

char *__get_task_comm(char *buffer, size_t size, struct task_struct *task)
{
	size_t i;

	task_lock(task);
	for (i = 0; i < size; i++)
		buffer[i] = i < TASK_COMM_LEN ? task->comm[i] : '\0';
	if (size)
		buffer[size - 1] = '\0';
	task_unlock(task);
	return buffer;
}

void __set_task_comm(struct task_struct *task, const char *buffer, bool exec)
{
	task_lock(task);
	copy_comm(task, buffer);
	task_unlock(task);
}
