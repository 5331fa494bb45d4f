// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scheduler. A task that runs holds a vCPU; to sleep is to give it up and
 * park until try_to_wake_up() makes the task runnable again. Which runnable
 * task gets a free vCPU is the host's business: first come, first served.
 */
#include <linux/blkdev.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kernel_stat.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/nohz.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include <linux/sched/task.h>
#include <linux/sched/wake_q.h>
#include <linux/static_call.h>
#include <linux/wait.h>
#include <uapi/linux/sched/types.h>
#include "machine.h"

DEFINE_PER_CPU(struct kernel_stat, kstat);
DEFINE_PER_CPU(struct kernel_cpustat, kernel_cpustat);

/* ---- giving the vCPU up ---- */

/*
 * This thread has a vCPU, maybe another one than before: make it its own again.
 * False: it may not be there any more. Whoever changed that after the host chose
 * the vCPU and before on_cpu said so has told nobody (set_cpus_allowed_ptr()).
 */
static bool vcpu_gained(struct task_struct *task)
{
	struct r3_task *self = r3_task(task);

	task_thread_info(task)->cpu = raw_smp_processor_id();
	self->slice = jiffies;
	if (!self->external)
		WRITE_ONCE(task->on_cpu, 1);
	smp_mb(); /* pairs with the one in do_set_cpus_allowed() */
	return self->idle || READ_ONCE(self->affinity) & BIT(raw_smp_processor_id());
}

static unsigned long host_mask(const struct cpumask *mask)
{
	return cpumask_bits(mask)[0];
}

/*
 * Where the task may get a vCPU: itself and who gives it another cpus_mask may
 * both say so, hence the lock. pinned is the task's own.
 */
static void tell_affinity(struct r3_task *self)
{
	unsigned long mask, flags;

	local_irq_save(flags);
	preempt_disable_notrace();
	arch_spin_lock(&self->affinity_lock);
	mask = self->pinned ? self->pinned : host_mask(&self->task.cpus_mask);
	if (self->affinity != mask) {
		WRITE_ONCE(self->affinity, mask);
		r3hc_affinity(self->thread, mask);
	}
	arch_spin_unlock(&self->affinity_lock);
	local_irq_restore(flags);
	preempt_enable_no_resched_notrace();
}

/*
 * A vCPU that nobody holds has a neutral preempt_count and takes interrupts;
 * what this thread had is put back on the one that it comes back to. While
 * migration is disabled, that is the same one.
 */
static void release_vcpu(struct task_struct *task, bool sleep)
{
	struct r3_task *self = r3_task(task);
	int count = raw_cpu_read_4(R3_PERCPU_PREEMPT);
	bool strayed;

	rcu_note_context_switch(false);
	if (task->migration_disabled) {
		self->pinned = BIT(raw_smp_processor_id());
		tell_affinity(self);
	}
	do {
		raw_cpu_write_4(R3_PERCPU_PREEMPT, PREEMPT_ENABLED);
		WRITE_ONCE(task->on_cpu, 0);
		local_irq_enable();
		if (sleep)
			r3hc_park();
		else
			r3hc_yield();
		raw_cpu_write_4(R3_PERCPU_PREEMPT, count | PREEMPT_NEED_RESCHED);
		strayed = !vcpu_gained(task);
		sleep = false;
	} while (strayed);
	if (self->pinned) {
		self->pinned = 0;
		tell_affinity(self);
	}
	rcu_note_context_switch(false);
}

void sched_thread_start(struct task_struct *task)
{
	bool strayed;

	raw_cpu_write_4(R3_PERCPU_PREEMPT, PREEMPT_ENABLED);
	strayed = !vcpu_gained(task);
	local_irq_enable();
	if (strayed)
		release_vcpu(task, false);
}

static noinline void schedule_bug(struct task_struct *task)
{
	int count = preempt_count();

	pr_err("BUG: scheduling while atomic: %s/%d/0x%08x\n", task->comm, task->pid, count);
	if (in_irq() || irqs_disabled())
		pr_cont("\n");
	dump_stack();
	add_taint(TAINT_WARN, LOCKDEP_STILL_OK);
	preempt_count_set(0);
}

static void clear_resched(struct task_struct *task)
{
	clear_tsk_need_resched(task);
	clear_preempt_need_resched();
}

/*
 * One step of schedule(): sleep until woken if the task's state asks for it,
 * else let others run. A preempted task stays runnable whatever its state.
 */
static void schedule_once(bool preempt)
{
	struct task_struct *task = current;
	unsigned int state = READ_ONCE(task->__state);

	clear_resched(task);
	if (state != TASK_RUNNING && !preempt && signal_pending_state(state, task)) {
		WRITE_ONCE(task->__state, TASK_RUNNING);
		state = TASK_RUNNING;
	}
	if (state == TASK_RUNNING || preempt) {
		task->nivcsw++;
		release_vcpu(task, false);
		return;
	}
	if (r3_task(task)->idle) {
		/* Interrupts of an idle vCPU run as the idle task; it cannot sleep. */
		WRITE_ONCE(task->__state, TASK_RUNNING);
		return;
	}
	task->nvcsw++;
	/* A token of an earlier wake-up may end r3hc_park() too soon. */
	while (READ_ONCE(task->__state) != TASK_RUNNING)
		release_vcpu(task, true);
}

static void submit_work(struct task_struct *task)
{
	if (task->flags & PF_WQ_WORKER)
		wq_worker_sleeping(task);
	if (task->plug)
		blk_flush_plug(task->plug, true);
}

asmlinkage __visible void __sched schedule(void)
{
	struct task_struct *task = current;

	if (unlikely(preempt_count()))
		schedule_bug(task);
	if (!task_is_running(task))
		submit_work(task);
	do
		schedule_once(false);
	while (need_resched());
	if (task->flags & PF_WQ_WORKER)
		wq_worker_running(task);
}

void __sched schedule_preempt_disabled(void)
{
	sched_preempt_enable_no_resched();
	schedule();
	preempt_disable();
}

#ifdef CONFIG_PREEMPT_RT
void __sched schedule_rtlock(void)
{
	do
		schedule_once(false);
	while (need_resched());
}
#endif

#if R3_LINUX(6, 7)
/* kernel/sched/core.c: what schedule() does around its steps, apart, for rt_mutex. */
void rt_mutex_pre_schedule(void)
{
	submit_work(current);
}

void rt_mutex_schedule(void)
{
	do
		schedule_once(false);
	while (need_resched());
}

void rt_mutex_post_schedule(void)
{
	if (current->flags & PF_WQ_WORKER)
		wq_worker_running(current);
}
#endif

/* ---- preemption ---- */

static void __sched preempt_common(void)
{
	do {
		preempt_disable_notrace();
		schedule_once(true);
		sched_preempt_enable_no_resched();
	} while (need_resched());
}

asmlinkage __visible void __sched notrace preempt_schedule(void)
{
	if (likely(preemptible()))
		preempt_common();
}

asmlinkage __visible void __sched notrace preempt_schedule_notrace(void)
{
	if (likely(preemptible()))
		preempt_common();
}

/* At the end of an interrupt, interrupts off before and after. */
asmlinkage __visible void __sched preempt_schedule_irq(void)
{
	do {
		preempt_disable();
		schedule_once(true);
		local_irq_disable();
		sched_preempt_enable_no_resched();
	} while (need_resched());
}

#ifdef CONFIG_PREEMPTION
/* Called where the compiler does not expect a call: every register is kept. */
#define PRESERVING_THUNK(name, function)                                                           \
	".globl " name "\n.type " name ", @function\n.p2align 4\n" name ":\n"                      \
	"	pushq %rbp\n	movq %rsp, %rbp\n"                                                          \
	"	pushq %rdi\n	pushq %rsi\n	pushq %rdx\n	pushq %rcx\n	pushq %rax\n"                        \
	"	pushq %r8\n	pushq %r9\n	pushq %r10\n	pushq %r11\n"                                       \
	"	call " function "\n"                                                               \
	"	popq %r11\n	popq %r10\n	popq %r9\n	popq %r8\n"                                           \
	"	popq %rax\n	popq %rcx\n	popq %rdx\n	popq %rsi\n	popq %rdi\n"                             \
	"	popq %rbp\n	" ASM_RET ".size " name ", . - " name "\n"

asm(".pushsection .text\n" PRESERVING_THUNK("preempt_schedule_thunk", "preempt_schedule")
	    PRESERVING_THUNK("preempt_schedule_notrace_thunk",
			     "preempt_schedule_notrace") ".popsection\n");
#endif

#ifdef CONFIG_PREEMPT_DYNAMIC
/* preempt=voluntary, Debian's default: cond_resched() and might_sleep() are the places. */
#ifdef CONFIG_PREEMPT_RT
DEFINE_STATIC_CALL(preempt_schedule, preempt_schedule_thunk);
DEFINE_STATIC_CALL(preempt_schedule_notrace, preempt_schedule_notrace_thunk);
DEFINE_STATIC_CALL_RET0(cond_resched, __cond_resched);
DEFINE_STATIC_CALL_RET0(might_resched, __cond_resched);
#else
DEFINE_STATIC_CALL_NULL(preempt_schedule, preempt_schedule_thunk);
DEFINE_STATIC_CALL_NULL(preempt_schedule_notrace, preempt_schedule_notrace_thunk);
DEFINE_STATIC_CALL(cond_resched, __cond_resched);
DEFINE_STATIC_CALL(might_resched, __cond_resched);
#endif
#endif

/* Somebody waits for a vCPU and this task had its for a jiffy or more. */
static bool slice_is_over(void)
{
	return r3_task(current)->slice != jiffies && r3hc_vcpu_wanted();
}

int __sched __cond_resched(void)
{
	if (preempt_count() || irqs_disabled())
		return 0;
	if (!need_resched() && !slice_is_over())
		return 0;
	if (r3_task(current)->idle)
		return 0;
	preempt_common();
	return 1;
}

#define COND_RESCHED_LOCK(name, type, lock_fn, unlock_fn)                                          \
	int __sched name(type *lock)                                                               \
	{                                                                                          \
		if (!need_resched() && !slice_is_over())                                           \
			return 0;                                                                  \
		unlock_fn(lock);                                                                   \
		if (!__cond_resched())                                                             \
			cpu_relax();                                                               \
		lock_fn(lock);                                                                     \
		return 1;                                                                          \
	}
COND_RESCHED_LOCK(__cond_resched_lock, spinlock_t, spin_lock, spin_unlock)
COND_RESCHED_LOCK(__cond_resched_rwlock_read, rwlock_t, read_lock, read_unlock)
COND_RESCHED_LOCK(__cond_resched_rwlock_write, rwlock_t, write_lock, write_unlock)

void __sched yield(void)
{
	set_current_state(TASK_RUNNING);
	schedule();
}

int __sched yield_to(struct task_struct *task, bool preempt)
{
	yield();
	return 1;
}

static void want_resched(void)
{
	set_tsk_need_resched(current);
	set_preempt_need_resched();
}

/* The tick: is it time to let another thread have this vCPU? */
void sched_tick_check(void)
{
	if (!r3_task(current)->idle && r3hc_vcpu_wanted())
		want_resched();
}

void sched_ipi(void)
{
	if (test_tsk_need_resched(current))
		set_preempt_need_resched();
}

/* ---- waking up ---- */

/* Does a wake-up for these states make the task runnable? *success: has it had an effect? */
static bool state_match(struct task_struct *task, unsigned int state, int *success)
{
	if (READ_ONCE(task->__state) & state) {
		*success = 1;
		return true;
	}
#ifdef R3_HAVE_SAVED_STATE
	if (task->saved_state & state) {
		/* It waits for an RT lock, or is frozen; it finds this when it goes on. */
		task->saved_state = TASK_RUNNING;
		*success = 1;
	}
#endif
	return false;
}

/* The flags are hints: who runs where is the host's business. */
int try_to_wake_up(struct task_struct *task, unsigned int state, int wake_flags)
{
	unsigned long flags;
	int success = 0;

	if (task == current) {
		/* From an interrupt it may be about to park: the token lets it through. */
		if (state_match(task, state, &success)) {
			WRITE_ONCE(task->__state, TASK_RUNNING);
			if (r3_task(task)->thread)
				r3hc_unpark(r3_task(task)->thread);
		}
		return success;
	}
	raw_spin_lock_irqsave(&task->pi_lock, flags);
	smp_mb__after_spinlock(); /* pairs with set_current_state() */
	if (state_match(task, state, &success)) {
		smp_store_release(&task->__state, TASK_RUNNING);
		r3hc_unpark(r3_task(task)->thread);
	}
	raw_spin_unlock_irqrestore(&task->pi_lock, flags);
	return success;
}

int wake_up_process(struct task_struct *task)
{
	return try_to_wake_up(task, TASK_NORMAL, 0);
}

int wake_up_state(struct task_struct *task, unsigned int state)
{
	return try_to_wake_up(task, state, 0);
}

int default_wake_function(wait_queue_entry_t *entry, unsigned int mode, int wake_flags, void *key)
{
	return try_to_wake_up(entry->private, mode, wake_flags);
}

static bool wake_q_claim(struct wake_q_head *head, struct task_struct *task)
{
	struct wake_q_node *node = &task->wake_q;

	smp_mb__before_atomic();
	if (cmpxchg_relaxed(&node->next, NULL, WAKE_Q_TAIL))
		return false; /* in another queue, whose owner wakes it after this */
	*head->lastp = node;
	head->lastp = &node->next;
	return true;
}

void wake_q_add(struct wake_q_head *head, struct task_struct *task)
{
	if (wake_q_claim(head, task))
		get_task_struct(task);
}

void wake_q_add_safe(struct wake_q_head *head, struct task_struct *task)
{
	if (!wake_q_claim(head, task))
		put_task_struct(task);
}

void wake_up_q(struct wake_q_head *head)
{
	struct wake_q_node *node = head->first;

	while (node != WAKE_Q_TAIL) {
		struct task_struct *task = container_of(node, struct task_struct, wake_q);

		node = node->next;
		WRITE_ONCE(task->wake_q.next, NULL);
		wake_up_process(task);
		put_task_struct(task);
	}
}

/* Make a running task look at its flags soon. */
void kick_process(struct task_struct *task)
{
	int cpu = task_cpu(task);

	if (READ_ONCE(task->on_cpu) && cpu != raw_smp_processor_id())
		r3hc_ipi(cpu, R3_IRQ_IPI);
}

void wake_up_if_idle(int cpu)
{
	if (r3hc_vcpu_state(cpu) == 0)
		r3hc_ipi(cpu, R3_IRQ_IPI);
}

void wake_up_all_idle_cpus(void)
{
	int cpu;

	for_each_online_cpu (cpu)
		if (cpu != raw_smp_processor_id())
			wake_up_if_idle(cpu);
}

/* ---- where a task may run ---- */

void do_set_cpus_allowed(struct task_struct *task, const struct cpumask *mask)
{
	cpumask_copy(&task->cpus_mask, mask);
	task->nr_cpus_allowed = cpumask_weight(mask);
	tell_affinity(r3_task(task));
	smp_mb(); /* either we see on_cpu, or it sees where it may be */
}

int set_cpus_allowed_ptr(struct task_struct *task, const struct cpumask *mask)
{
	if (!(host_mask(mask) & host_mask(cpu_online_mask)))
		return -EINVAL;
	if (task->flags & PF_NO_SETAFFINITY && !cpumask_equal(&task->cpus_mask, mask))
		return -EINVAL;
	if (WARN_ON_ONCE(task == current && task->migration_disabled &&
			 !cpumask_test_cpu(raw_smp_processor_id(), mask)))
		return -EBUSY;
	do_set_cpus_allowed(task, mask);
	if (task == current) {
		/* Go there, even in the middle of what could not sleep in Linux either. */
		if (!cpumask_test_cpu(raw_smp_processor_id(), mask) && !r3_task(task)->idle)
			release_vcpu(task, false);
	} else if (READ_ONCE(task->on_cpu) && !cpumask_test_cpu(task_cpu(task), mask)) {
		set_tsk_need_resched(task);
		r3hc_ipi(task_cpu(task), R3_IRQ_IPI);
	}
	return 0;
}

int dl_task_check_affinity(struct task_struct *task, const struct cpumask *mask)
{
	return 0;
}

/* Its wake-up waits meanwhile: that is what callers of this rely on. */
int task_call_func(struct task_struct *task, task_call_f function, void *argument)
{
	unsigned long flags;
	int result;

	raw_spin_lock_irqsave(&task->pi_lock, flags);
	result = function(task, argument);
	raw_spin_unlock_irqrestore(&task->pi_lock, flags);
	return result;
}

/* Threads of one process: no cache is nearer to a vCPU than to another. */
bool cpus_share_cache(int this_cpu, int that_cpu)
{
	return true;
}

#if R3_LINUX(6, 3) && defined(CONFIG_NUMA)
/* The nearest ones first; there is one node. */
int sched_numa_find_nth_cpu(const struct cpumask *cpus, int cpu, int node)
{
	return cpumask_nth_and(cpu, cpus, cpu_online_mask);
}
#endif

void migrate_disable(void)
{
	current->migration_disabled++;
	barrier();
}

void migrate_enable(void)
{
	barrier();
	if (WARN_ON_ONCE(!current->migration_disabled))
		return;
	if (--current->migration_disabled)
		return;
	/* Somebody may have sent it elsewhere meanwhile (kernel/sched/core.c). */
	if (!cpumask_test_cpu(raw_smp_processor_id(), &current->cpus_mask) &&
	    !r3_task(current)->idle) {
		if (preemptible())
			release_vcpu(current, false);
		else
			set_tsk_need_resched(current);
	}
}

/* Wait until the task is off its vCPU; 0 if its state is not the expected one (any more). */
unsigned long wait_task_inactive(struct task_struct *task, unsigned int match_state)
{
	unsigned int step = 0;

	for (;;) {
		unsigned int state = READ_ONCE(task->__state);

		if (match_state && !(state & match_state)) {
#ifdef R3_HAVE_SAVED_STATE
			if (!(task->saved_state & match_state))
#endif
				return 0;
		}
		if (!READ_ONCE(task->on_cpu) && state != TASK_RUNNING)
			break;
		if (!READ_ONCE(task->on_cpu) && !match_state)
			break; /* runnable, but it waits for a vCPU */
		if (!preempt_count() && !irqs_disabled() && r3hc_vcpu_wanted())
			release_vcpu(current, false);
		machine_relax(&step);
	}
	return task->nvcsw | LONG_MIN;
}

/* ---- priorities: kept and shown; the host's scheduler does not know them ---- */

static int normal_prio_of(int policy, int rt_priority, int nice)
{
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		return MAX_RT_PRIO - 1 - rt_priority;
	return NICE_TO_PRIO(nice);
}

static void set_policy(struct task_struct *task, int policy, int rt_priority)
{
	task->policy = policy;
	task->rt_priority = rt_priority;
	task->normal_prio = normal_prio_of(policy, rt_priority, task_nice(task));
	task->prio = task->normal_prio;
}

int sched_setscheduler_nocheck(struct task_struct *task, int policy,
			       const struct sched_param *param)
{
	bool rt = policy == SCHED_FIFO || policy == SCHED_RR;

	if (policy < 0 || policy > SCHED_DEADLINE || policy == 4)
		return -EINVAL;
	if (param->sched_priority < 0 || param->sched_priority > MAX_RT_PRIO - 1 ||
	    rt != !!param->sched_priority)
		return -EINVAL;
	set_policy(task, policy, param->sched_priority);
	return 0;
}

int sched_setscheduler(struct task_struct *task, int policy, const struct sched_param *param)
{
	return sched_setscheduler_nocheck(task, policy, param);
}

int sched_setattr_nocheck(struct task_struct *task, const struct sched_attr *attr)
{
	struct sched_param param = {.sched_priority = attr->sched_priority};
	int error = sched_setscheduler_nocheck(task, attr->sched_policy, &param);

	if (!error)
		set_user_nice(task, attr->sched_nice);
	return error;
}

int sched_setattr(struct task_struct *task, const struct sched_attr *attr)
{
	return sched_setattr_nocheck(task, attr);
}

void sched_set_fifo(struct task_struct *task)
{
	set_policy(task, SCHED_FIFO, MAX_RT_PRIO / 2);
}

void sched_set_fifo_low(struct task_struct *task)
{
	set_policy(task, SCHED_FIFO, 1);
}

void sched_set_normal(struct task_struct *task, int nice)
{
	task->static_prio = NICE_TO_PRIO(clamp(nice, MIN_NICE, MAX_NICE));
	set_policy(task, SCHED_NORMAL, 0);
}

void set_user_nice(struct task_struct *task, long nice)
{
	if (task_nice(task) == nice || nice < MIN_NICE || nice > MAX_NICE)
		return;
	task->static_prio = NICE_TO_PRIO(nice);
	set_policy(task, task->policy, task->rt_priority);
}

int can_nice(const struct task_struct *task, const int nice)
{
	return true; /* every task is root's */
}

int task_prio(const struct task_struct *task)
{
	return task->prio - MAX_RT_PRIO;
}

#ifdef CONFIG_RT_MUTEXES
/* A lock's owner inherits the priority of the first who waits for it. */
void rt_mutex_setprio(struct task_struct *task, struct task_struct *pi_task)
{
	task->pi_top_task = pi_task;
	task->prio = pi_task ? min(pi_task->prio, task->normal_prio) : task->normal_prio;
}
#endif

/* ---- who runs where ---- */

int idle_cpu(int cpu)
{
	return r3hc_vcpu_state(cpu) == 0;
}

int available_idle_cpu(int cpu)
{
	return idle_cpu(cpu);
}

int task_curr(const struct task_struct *task)
{
	return READ_ONCE(task->on_cpu) || task == current;
}

bool single_task_running(void)
{
	return !r3hc_vcpu_wanted();
}

struct task_struct *curr_task(int cpu)
{
	return per_cpu(R3_PERCPU_CURRENT, cpu);
}

struct task_struct *cpu_curr_snapshot(int cpu)
{
	struct task_struct *task;

	smp_mb();
	task = curr_task(cpu);
	smp_mb();
	return task;
}

struct task_struct *idle_task(int cpu)
{
	return &r3_idle_task.task;
}

int get_nohz_timer_target(void)
{
	return raw_smp_processor_id();
}

/* A timer went to that CPU's list; its tick will find it. */
void wake_up_nohz_cpu(int cpu)
{
}

void sched_show_task(struct task_struct *task)
{
	pr_info("task:%-15.15s state:%c pid:%-5d ppid:%-6d flags:0x%08lx\n", task->comm,
		task_state_to_char(task), task_pid_nr(task),
		rcu_access_pointer(task->real_parent) ? task_pid_nr(task->real_parent) : 0,
		read_task_thread_flags(task));
}

/* ---- input and output ---- */

int io_schedule_prepare(void)
{
	int before = current->in_iowait;

	current->in_iowait = 1;
	if (current->plug)
		blk_flush_plug(current->plug, true);
	return before;
}

void io_schedule_finish(int token)
{
	current->in_iowait = token;
}

long __sched io_schedule_timeout(long timeout)
{
	int token = io_schedule_prepare();
	long left = schedule_timeout(timeout);

	io_schedule_finish(token);
	return left;
}

void __sched io_schedule(void)
{
	int token = io_schedule_prepare();

	schedule();
	io_schedule_finish(token);
}
