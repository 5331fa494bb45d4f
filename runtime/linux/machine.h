/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the machine know of each other: tasks, CPUs, interrupts, RCU, time. */
#ifndef RING3_LINUX_MACHINE_H
#define RING3_LINUX_MACHINE_H

#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/spinlock_types.h>
#include <ring3/hypercall.h>
#include "compat.h"

/* The host's boot information, valid once r3rt_boot runs. */
extern struct r3_boot_info r3_boot;

/* A task and what only this runtime keeps of it. */
struct r3_task {
	struct task_struct task; /* first: init_task is an alias of r3_init_task */
	unsigned long thread;    /* the host's handle, 0: none (any more) */
	struct r3_task *next_dead;
	arch_spinlock_t affinity_lock;
	unsigned long affinity;   /* what the host was told last */
	unsigned long pinned;     /* asleep, migration disabled: mask of the vCPU to come back to */
	unsigned long rcu_ticket; /* while blocked in an RCU reader: when that was */
	unsigned long slice;      /* jiffies when it last got a vCPU */
	bool external;            /* a caller of the API, not started by kernel_thread() */
	bool idle;                /* r3_idle_task */
};

static inline struct r3_task *r3_task(struct task_struct *task)
{
	return container_of(task, struct r3_task, task);
}

/* kernel/sched/sched.h: completions call it from 6.6 on. */
int try_to_wake_up(struct task_struct *task, unsigned int state, int wake_flags);

/*
 * One field of the vCPU page, at GS base + 0. Each access is one instruction,
 * so the thread cannot change its vCPU in between.
 */
#define vcpu_read(field)                                                                           \
	({                                                                                         \
		typeof(((struct r3_vcpu_page *)0)->field) value_;                                  \
		asm volatile("mov %%gs:%c1, %0"                                                    \
			     : "=r"(value_)                                                        \
			     : "i"(offsetof(struct r3_vcpu_page, field)));                         \
		value_;                                                                            \
	})

#define vcpu_write(field, value)                                                                   \
	asm volatile("movl %0, %%gs:%c1"                                                           \
		     :                                                                             \
		     : "r"((unsigned int)(value)), "i"(offsetof(struct r3_vcpu_page, field))       \
		     : "memory")

static inline void vcpu_or_pending(unsigned int bits)
{
	asm volatile("lock orl %0, %%gs:%c1"
		     :
		     : "ri"(bits), "i"(offsetof(struct r3_vcpu_page, irq_pending))
		     : "memory", "cc");
}

/* A lock for the machine's own lists: interrupts off, no library behind it. */
struct machine_lock {
	arch_spinlock_t lock;
};

#define MACHINE_LOCK_INIT                                                                          \
	{                                                                                          \
		.lock = __ARCH_SPIN_LOCK_UNLOCKED                                                  \
	}

static inline unsigned long machine_lock(struct machine_lock *lock)
{
	unsigned long flags;

	local_irq_save(flags);
	preempt_disable_notrace();
	arch_spin_lock(&lock->lock);
	return flags;
}

static inline void machine_unlock(struct machine_lock *lock, unsigned long flags)
{
	arch_spin_unlock(&lock->lock);
	local_irq_restore(flags);
	preempt_enable_no_resched_notrace();
}

/* One step of a loop that waits for another vCPU; the vCPU stays held. */
void machine_relax(unsigned int *step);

/*
 * What Linux declares in headers of its own folders only: kernel/rcu/rcu.h,
 * kernel/time/{tick-internal,timekeeping_internal}.h, kernel/workqueue_internal.h.
 */
bool rcu_gp_is_normal(void);
bool rcu_gp_is_expedited(void);
void rcu_expedite_gp(void);
void rcu_unexpedite_gp(void);
bool rcu_cpu_beenfullyonline(int cpu);
ktime_t ktime_get_update_offsets_now(unsigned int *cwsseq, ktime_t *offs_real, ktime_t *offs_boot,
				     ktime_t *offs_tai);
int tick_program_event(ktime_t expires, int force);
int tick_check_oneshot_change(int allow_nohz);
int tick_init_highres(void);
void tick_setup_sched_timer(R3_SETUP_SCHED_TIMER_ARG);
void update_process_times(int user_tick);
void run_posix_cpu_timers(void);
void posix_cputimers_init_work(void);
bool tmigr_requires_handle_remote(void);
void wq_worker_running(struct task_struct *task);
void wq_worker_sleeping(struct task_struct *task);
void wq_worker_tick(struct task_struct *task);

/* cpu.c */
extern unsigned long r3_cpu_bits[BITS_PER_LONG + 1][BITS_TO_LONGS(NR_CPUS)];
void cpu_boot(void);

/* task.c */
extern struct r3_task r3_init_task, r3_idle_task;
void task_boot(void);
struct r3_task *task_new(const char *comm, unsigned int flags);
void task_unlink(struct task_struct *task);
/* A kernel thread that needs no kernel/kthread.c; cpu: bound to that one, -1: any. */
struct task_struct *machine_thread(const char *comm, int (*function)(void *), void *argument,
				   int cpu);
/* What do_exit() does before the thread is gone; interrupts are off afterwards. */
void task_exit(struct task_struct *task, long code);

/* mm.c */
extern struct mm_struct r3_user_mm;

/* pid.c */
struct pid *pid_new(struct task_struct *task);
void pid_unlink(struct task_struct *task);

/* sched.c */
void sched_thread_start(struct task_struct *task);
void sched_tick_check(void);
void sched_ipi(void);

/* softirq.c */
void softirq_irq_exit(void);
void softirq_wake_thread(void);

/* bottom_half.c, one half for PREEMPT_RT, one for all else */
void softirq_begin(void); /* around the actions */
void softirq_end(void);
bool softirq_may_wake(void);    /* is ksoftirqd needed, or will local_bh_enable() do it? */
void softirq_invoke(void);      /* at the end of an interrupt */
void softirq_run_pending(void); /* from ksoftirqd */

/* The task's count of bottom halves off, where preempt_count does not have it; as it was. */
int bottom_halves_off(void);
void bottom_halves_restore(int count);

/* callback.c: call a module's function; false: an oops ended it. */
bool machine_call_back(void *function, void *argument, unsigned long *result);

/* smp.c */
void smp_run_calls(void);
void irq_work_interrupt(void);

/* member.c */
/* Until workqueues, if they are there, can be flushed. */
void machine_wait_for_workers(void);

/* rcu.c */
void rcu_interrupt_check(void);
void rcu_task_gone(struct task_struct *task);
void rcu_leave_to(struct task_struct *task, int nesting); /* the readers further in are no more */
bool rcu_callbacks_wait(void);                            /* is any queued and not yet invoked? */

/* tick.c */
void tick_interrupt(void);
void tick_timer_interrupt(void);
/* The periodic tick runs as long as somebody needs it. */
void tick_need(void);
void tick_release(void);
void tick_start_timers(void);
void tick_start_hrtimers(void);

/* member.c: a member of the library was loaded; do for it what start_kernel() does in Linux. */
void machine_member_added(const char *name);

/* time.c */
void time_boot(void);

#endif
