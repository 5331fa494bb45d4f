/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one place where releases of Linux differ for the runtime. Everything
 * else tests CONFIG_* or uses what is defined here.
 */
#ifndef RING3_LINUX_COMPAT_H
#define RING3_LINUX_COMPAT_H

#include <linux/stdarg.h>
#include <linux/version.h>

#define R3_LINUX(major, minor) (LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0))

/* ---- machine: tasks, CPUs, interrupts, RCU, time ---- */

/* 6.2 moved the hottest per-CPU variables into one struct pcpu_hot. */
#if R3_LINUX(6, 2)
#define R3_HAVE_PCPU_HOT  1
#define R3_PERCPU_CURRENT pcpu_hot.current_task
#define R3_PERCPU_PREEMPT pcpu_hot.preempt_count
#define R3_PERCPU_CPU     pcpu_hot.cpu_number
#else
#define R3_PERCPU_CURRENT current_task
#define R3_PERCPU_PREEMPT __preempt_count
#define R3_PERCPU_CPU     cpu_number
#endif

/* 6.3: kvfree_call_rcu(head, object), before: the offset or the object in the function's place. */
#if R3_LINUX(6, 3)
#define R3_KVFREE_BY_OBJECT 1
#endif

/* 6.5: bitmap of __cpu_dying_mask's siblings; 6.12 adds the mask of enabled CPUs. */
#if R3_LINUX(6, 11)
#define R3_HAVE_ENABLED_MASK 1
#endif

/* 6.7: a thread group is only signal->thread_head. */
#if !R3_LINUX(6, 7)
#define R3_HAVE_THREAD_GROUP 1
#endif

/* 6.7: the POSIX timers of a process are a hash list. */
#if R3_LINUX(6, 11)
#define R3_POSIX_TIMERS_INIT HLIST_HEAD_INIT
#else
#define R3_POSIX_TIMERS_INIT LIST_HEAD_INIT(init_signals.posix_timers)
#endif

/* 6.5: kernel_thread() names the thread. */
#if R3_LINUX(6, 5)
#define R3_KERNEL_THREAD_NAMED 1
#endif

/* Reference counts that became refcount_t: group_info in 6.7, nsproxy in 6.7. */
#if R3_LINUX(6, 7)
#define R3_GROUPS_INIT  REFCOUNT_INIT(2)
#define R3_NSPROXY_INIT REFCOUNT_INIT(1)
#else
#define R3_GROUPS_INIT  ATOMIC_INIT(2)
#define R3_NSPROXY_INIT ATOMIC_INIT(1)
#endif

/* 6.12: the extent count of a uid_gid_map moved into its union. */
#if R3_LINUX(6, 12)
#define R3_UID_MAP(map_extent)                                                                     \
	{                                                                                          \
		.nr_extents = 1, .extent[0] = map_extent                                           \
	}
#else
#define R3_UID_MAP(map_extent)                                                                     \
	.nr_extents = 1,                                                                           \
	{                                                                                          \
		.extent[0] = map_extent                                                            \
	}
#endif

/* Wake-ups that came while a task waited for an RT lock or was frozen; frozen ones since 6.7. */
#if R3_LINUX(6, 7) || defined(CONFIG_PREEMPT_RT)
#define R3_HAVE_SAVED_STATE 1
#endif

/* 6.12: a softirq's action has no argument. */
#if R3_LINUX(6, 12)
#define R3_SOFTIRQ_ARG     void
#define R3_SOFTIRQ_CALL(a) (a)->action()
#else
#define R3_SOFTIRQ_ARG     struct softirq_action *unused
#define R3_SOFTIRQ_CALL(a) (a)->action(a)
#endif

/* 6.12: synchronize_rcu_mult() says in which state to wait; kfree_rcu() has its own barrier. */
#if R3_LINUX(6, 12)
#define R3_WAIT_RCU_GP_STATE unsigned int state,
#define R3_KVFREE_BARRIER    1
#else
#define R3_WAIT_RCU_GP_STATE
#endif

/* 6.5: the clocks that noinstr code may read are functions of their own. */
#if R3_LINUX(6, 5)
#define R3_CLOCK_NOINSTR 1
#endif

/* 6.9: tick_setup_sched_timer() is told which timer drives it. */
#if R3_LINUX(6, 9)
#define R3_SETUP_SCHED_TIMER_ARG bool hrtimer
#else
#define R3_SETUP_SCHED_TIMER_ARG void
#endif

/* 6.5: the workqueue code watches how long a worker runs. */
#if R3_LINUX(6, 5)
#define R3_HAVE_WQ_WORKER_TICK 1
#endif

/* 6.6: after the early part of workqueues comes their topology. */
#if R3_LINUX(6, 5)
#define R3_HAVE_WQ_TOPOLOGY 1
#endif

/* 6.2: what waits for random numbers is called back; a generator may ask not to sleep. */
#if R3_LINUX(6, 2)
#define R3_EXECUTE_WITH_RNG     1
#define R3_ADD_HWGENERATOR_ARGS const void *buf, size_t len, size_t entropy, bool sleep_after
#else
#define R3_ADD_HWGENERATOR_ARGS const void *buf, size_t len, size_t entropy
#endif

/* 6.9: scheduler_tick() is sched_tick(); the x86 topology moved out of cpuinfo_x86. */
#if R3_LINUX(6, 10)
#define scheduler_tick sched_tick
#endif

/* ---- memory and code ---- */

/* 6.10: allocation profiling wraps every allocating function, the real one gets a suffix. */
#if R3_LINUX(6, 10)
#define NOPROF(name) name##_noprof
#else
#define NOPROF(name) name
#endif

/* 6.3: a log record holds 1024 characters, before it shared them with the prefix. */
#if R3_LINUX(6, 3)
#define PRINTK_RECORD_MAX 1024
#elif defined(CONFIG_PRINTK_CALLER)
#define PRINTK_RECORD_MAX (1024 - 48)
#else
#define PRINTK_RECORD_MAX (1024 - 32)
#endif

/* 6.4: DEFINE_SEMAPHORE takes the count. */
#if R3_LINUX(6, 4)
#define DEFINE_SEMAPHORE_ONE(name) DEFINE_SEMAPHORE(name, 1)
#else
#define DEFINE_SEMAPHORE_ONE(name) DEFINE_SEMAPHORE(name)
#endif

/* 6.5: MAX_ORDER became inclusive, 6.8 renamed it. */
#if R3_LINUX(6, 8)
#define PAGE_ORDER_MAX MAX_PAGE_ORDER
#elif R3_LINUX(6, 4)
#define PAGE_ORDER_MAX MAX_ORDER
#else
#define PAGE_ORDER_MAX (MAX_ORDER - 1)
#endif

/* Exported, but declared only in kernel/printk/internal.h. */
int vprintk_default(const char *fmt, va_list args);
int vprintk_deferred(const char *fmt, va_list args);

#endif
