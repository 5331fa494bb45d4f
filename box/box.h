/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine that modules run in: memory, vCPUs, threads, clock, log. */
#ifndef RING3_BOX_H
#define RING3_BOX_H

#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <ring3/ring3.h>
#include "ring3/hypercall.h"

struct object;
struct export;
struct target;
struct points;
struct slab;
struct log;
struct symbol_table;

#define PAGE_SIZE     4096UL
#define R3_GRAVES     64
#define PAGE_ALIGN(x) (((x) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))

/* box/space.c: where everything lies. One slot of the low 2 GiB per box. */
struct space {
	unsigned int slot;
	uint64_t module_base, module_size; /* code and data, as it runs */
	uint64_t alias_delta;              /* + address: the writable view */
	uint64_t percpu_base, percpu_size; /* link addresses, nothing mapped there */
	uint64_t memory_base, memory_size; /* direct map */
	uint64_t page_array;
	uint64_t vmalloc_base, vmalloc_size;
	uint64_t user_base, user_size;
	uint64_t stack_base, stack_size;     /* kernel stacks, each with a guard page below */
	uint64_t percpu_offset[R3_MAX_CPUS]; /* GS base of each vCPU */
	int module_fd, memory_fd;
};

struct vcpu {
	struct r3_vcpu_page *page;
	struct thread *holder; /* under box->sched_lock */
	bool in_interrupt;
	uint64_t timer_expires; /* monotonic ns, ~0: none */
};

/*
 * A host thread inside of the box. host_sp and kernel_sp are where the other
 * side's stack goes on: see arch/x86_64/enter.S.
 */
struct kernel_frame { /* one kernel_call() under way */
	struct kernel_frame *outer;
	uint64_t resume_sp; /* host stack to return to when an oops ends the call */
	bool in_interrupt;
	bool oopsed;
	int fatal_signal;                /* what Linux would end the process with then */
	const uint64_t *stack_arguments; /* the seventh to twelfth, NULL: none */
};

struct thread {
	struct r3_box *box;
	struct thread *next; /* box->threads */
	pthread_t pthread;
	int id; /* pid in the box, filled in by the runtime's task */
	void *task;
	uint64_t stack; /* kernel stack, lowest usable address */
	uint64_t stack_size;
	int vcpu;                   /* held, -1: none */
	uint64_t affinity;          /* mask of vCPUs */
	struct kernel_frame *frame; /* innermost */
	struct thread *waiting;     /* next in box->waiting */
	int last_vcpu;              /* -1: none yet */
	unsigned int stack_index;
	unsigned int entered;     /* box_enter() calls under way */
	unsigned int locks;       /* > 0: holds the box's module_lock, so deep */
	unsigned int kernels_own; /* > 0: allocations are the kernel's own, whoever called */
	unsigned int booting;     /* > 0: does what Linux has done before any module is loaded */
	bool boot_message;        /* the last line that it logged was not kept, see r3hc_log() */
	bool ending;              /* thread_exit(): its outermost call ends, not as an oops */
	bool dead;                /* its host thread has left the box for good */
	int fatal_signal;         /* of its last call that oopsed, 0: see box_take_oops() */
	bool token;               /* an unpark came */
	bool parked;
	bool awaits_start; /* another thread's initcalls, see wait_for_start() */
	bool external;     /* a caller of the API, not a kernel thread */
	pthread_cond_t wake;
	void *signal_stack;
	unsigned long entry, argument; /* for new threads */
};

/* Addresses of the runtime's r3rt_* functions, 0 until it is loaded. */
struct runtime_entries {
	uint64_t boot, task_new, task_free, thread_start, interrupt, oops_cleanup;
	uint64_t object_prepare, object_added, object_removed, object_init_freed;
	uint64_t object_parameters;
	uint64_t members_start, settle;
	uint64_t module_size, module_prepare, module_state, module_notify, module_parameters;
	uint64_t parameter_count, parameter_info, parameter_get, parameter_set;
	uint64_t builtin_parameter_info, builtin_parameter_get, builtin_parameter_set;
	uint64_t module_init, module_exit, module_free, module_refcount, module_get, module_put;
	uint64_t module_try_stop, initcall;
	uint64_t probe_hit, probe_post, probe_info, probes_enabled, probes_optimization;
	uint64_t event_new, event_missed, event_free;
};

/* Who writes to /dev/kmsg: printk.devkmsg= of the command line, kernel.printk_devkmsg. */
enum devkmsg { DEVKMSG_RATELIMIT, DEVKMSG_ON, DEVKMSG_OFF, NR_DEVKMSG };

#define CONSOLE_LEVELS 4 /* console, default for messages, least for the console, its default */

/* What its administrator sets in /proc/sys/kernel; each field a value that is stored at once. */
struct sysctls {
	int modules_disabled; /* 1: for good */
	int dmesg_restrict;   /* 1: who reads the log must have CAP_SYSLOG */
	enum devkmsg devkmsg;
	int saved_console_level;    /* by SYSLOG_ACTION_CONSOLE_OFF; -1: none */
	int kptr_restrict;          /* 2: nobody sees addresses; else who has CAP_SYSLOG */
	int printk[CONSOLE_LEVELS]; /* where kernel code has no console_printk[] of its own */
	pthread_mutex_t lock;       /* of the string */
	char modprobe_path[256];    /* KMOD_PATH_LEN; empty: request_module() finds nothing */
};

/* Programs that the kernel runs in user space, where there is one: the front door's. */
struct user_mode {
	pthread_rwlock_t lock; /* read: a program is running; write: it opens or closes */
	/* wait()'s status, or -errno; status NULL: do not wait for it. NULL: nothing can run. */
	int (*run)(void *context, const char *const argv[], int *status);
	void *context;
};

struct r3_box {
	struct r3_box_options options;
	struct space space;
	struct target *target;
	const struct r3_runtime_data *data; /* the runtime's, once it is loaded */
	struct runtime_entries entries;

	/* one lock, the outermost, for the lists of modules and objects and their symbols */
	pthread_mutex_t module_lock;
	unsigned int module_lock_depth;
	pthread_cond_t module_wait; /* a module changed its state */
	struct object *objects;
	struct object **page_objects;        /* what each page of module space belongs to */
	struct object *graveyard[R3_GRAVES]; /* freed, but a reader without the lock may look */
	unsigned int next_grave;
	struct r3_module *modules;
	unsigned int nr_modules;           /* may be read without the lock */
	struct symbol_table *module_names; /* the same by name */
	struct symbol_table *exports;      /* what modules may import, by name */
	struct symbol_table *kernel;       /* every global of runtime and library, by name */
	struct symbol_table *members;      /* of the library: those that are loaded */
	struct initcalls *new_members; /* loaded, but the runtime was not told yet; module_lock */
	unsigned int announcing;       /* > 0: it is being told */
	pthread_mutex_t pending_lock;  /* innermost */
	struct initcalls *pending_initcalls;
	unsigned int member_depth; /* members being loaded, one for the sake of the other */
	pthread_mutex_t catalogue_lock;
	struct catalogue *catalogue;             /* of options.modules_dir, once it is read */
	bool booted;                             /* initcalls may run */
	uint64_t module_serials;                 /* of the newest module */
	struct kernel_symbols *kernel_symbols24; /* scheme24/'s; NULL until it is asked for */

	pthread_mutex_t probes_lock; /* before module_lock; see probe/event.c */
	struct r3_probe *probes;     /* of r3_probe_add(), oldest first */

	pthread_mutex_t trace_lock; /* innermost */
	struct trace_listener *trace_listeners;

	pthread_mutex_t sched_lock;
	struct vcpu *vcpus;
	unsigned int nr_vcpus;
	struct thread *threads;
	struct thread *waiting; /* for a vCPU, first come first */
	unsigned int vcpu_waiters;
	pthread_cond_t thread_died;
	bool stopping;

	struct log *log;
	struct slab *slab;             /* box/slab.c: caches and kmalloc */
	struct pages *pages;           /* box/pages.c */
	struct accounts *accounts;     /* box/account.c */
	pthread_mutex_t mappings_lock; /* of vmalloc space: notes of vmalloc_ranges */
	struct ranges *vmalloc_ranges, *user_ranges, *module_ranges, *percpu_ranges;
	struct clock *clock;   /* box/clock.c: tick and timers */
	struct stubs *stubs;   /* loader/stubs.c: the kernel's way to the host */
	struct points *points; /* probe/: NULL until the first */
	struct r3_boot_info boot_info;
	uint64_t boot_ns;     /* CLOCK_MONOTONIC at boot */
	int *console_levels;  /* Linux's console_printk[]: box/console.c */
	bool console_limited; /* somebody has set the first of them */
	uint64_t taints;
	struct sysctls sysctls;
	struct user_mode user_mode;
	bool lock_debugging_off; /* "Disabling lock debugging" was said */
	bool unsigned_seen;      /* "module verification failed" was said */
	unsigned int warnings, oopses, panics;
	unsigned int modules_loaded; /* ever; module_lock */
	bool panicked;

	/* arch/x86_64/: whose report is being printed, registers of the first oops */
	struct thread *oops_owner;
	uint64_t first_oops[21];
	uint64_t poke_address; /* code that is being replaced there, 0: none */
};

/* box/box.c: is the target's release older than that? The builtin target counts as 6.1. */
bool box_release_before(const struct r3_box *box, unsigned int major, unsigned int minor);
/* The thread of the box that runs this code; NULL outside. */
struct thread *thread_current(void);

/* box/log.c */
__attribute__((format(printf, 3, 4))) void box_printk(struct r3_box *box, int level,
						      const char *format, ...);
/* box/error.c: what r3_error() says; returns error, for `return r3_fail(-EINVAL, ...)`. */
__attribute__((format(printf, 2, 3))) int r3_fail(int error, const char *format, ...);
struct module_image;
/* box/api.c: r3_module_load() of an image that was read already; it may be changed. */
int box_load_image(struct r3_box *box, struct module_image *image, const char *parameters,
		   unsigned int flags);

/* box/thread.c: run kernel code on this thread. 0 or -R3_EOOPS. Needs a held vCPU (box_enter). */
int box_enter(struct r3_box *box);
void box_leave(struct r3_box *box);
/* This thread's current->comm from now on. */
int box_set_comm(struct r3_box *box, const char *comm);
/* At most 12 arguments. An oops ends the thread's own work: its task is cleaned up. */
int kernel_call(struct thread *thread, uint64_t function, uint64_t *result, unsigned int count,
		const uint64_t *arguments);

/* The same as a part of the kernel's own work, which goes on and cleans up itself. */
int kernel_call_within(struct thread *thread, uint64_t function, uint64_t *result,
		       unsigned int count, const uint64_t *arguments);

/* The same for a hypercall: what made it does not go on either if all comes to its end. */
int kernel_call_back(struct thread *thread, uint64_t function, uint64_t argument, uint64_t *result);

/*
 * What a process of Linux would have died of if the calls that this thread has
 * made since it asked last were its own: SIGKILL after a page fault, SIGSEGV
 * after any other oops, 0 if there was none.
 */
int box_take_oops(const struct r3_box *box);

/* A host pointer to module-space memory through its writable view. */
static inline void *box_writable(const struct r3_box *box, uint64_t address)
{
	return (void *)(address + box->space.alias_delta);
}
static inline bool box_in_module_space(const struct r3_box *box, uint64_t address)
{
	return address - box->space.module_base < box->space.module_size;
}

#endif
