/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The border between the host (glibc, libring3) and kernel code (runtime,
 * library, modules): both sides include this file, so it uses no header and
 * only types whose size both agree on. r3hc_*: the runtime calls the host.
 * r3rt_*: the host calls the runtime, found by name in its symbol table.
 *
 * A hypercall switches from the kernel stack to the thread's host stack, takes
 * at most six integer or pointer arguments, and is never interrupted by the
 * box's own interrupts. A host function never follows a pointer that a module
 * may have made up; the runtime checks or copies first, so that a fault
 * happens in kernel code, where it can be reported.
 */
#ifndef RING3_HYPERCALL_H
#define RING3_HYPERCALL_H

#define R3_MAX_CPUS 64

/*
 * The first bytes of each vCPU's per-CPU area, at GS base + 0. Compilers fix
 * the stack canary at %gs:40; the rest is ours.
 */
struct r3_vcpu_page {
	unsigned long reserved[5];
	unsigned long stack_canary; /* 40 */
	unsigned int irq_enabled;   /* 48: virtual interrupt flag; kernel code sets and clears it */
	unsigned int irq_pending;   /* 52: R3_IRQ_* bits waiting; the host sets them atomically */
	unsigned int irq_defer;     /* 56: non-zero: no interrupt may be injected (FPU in use) */
	unsigned int cpu;           /* 60 */
	void *task;                 /* 64: the running thread's task_struct */
	unsigned long thread;       /* 72: the running thread's handle */
};

/* Interrupts, as bits of irq_pending and of r3rt_interrupt's argument. */
#define R3_IRQ_TICK  1u /* the periodic tick */
#define R3_IRQ_TIMER 2u /* the one-shot set by r3hc_timer_program is due */
#define R3_IRQ_IPI   4u /* r3hc_ipi: reschedule or cross-call, the runtime's queues say which */
#define R3_IRQ_SOFT  8u /* softirqs were raised outside of an interrupt (r3hc_ipi variant) */

struct r3_boot_info {
	unsigned int size; /* sizeof(struct r3_boot_info) */
	unsigned int cpus;
	unsigned long memory_base; /* direct map: where physical address 0 is seen */
	unsigned long memory_size; /* bytes; page 0 is never handed out */
	unsigned long
		page_array; /* zeroed room for one 64-byte struct page per page: vmemmap_base */
	unsigned long vmalloc_base;
	unsigned long vmalloc_size;
	unsigned long user_base; /* addresses that __user pointers may have */
	unsigned long user_size;
	unsigned long module_base; /* text, data of runtime, library, modules: low 2 GiB */
	unsigned long module_size;
	unsigned long alias_delta; /* module-space address + this = its writable view */
	unsigned long percpu_base; /* link addresses of per-CPU variables */
	unsigned long percpu_size;
	unsigned long
		percpu_offset[R3_MAX_CPUS]; /* GS base: link address + this = that CPU's copy */
	unsigned long cmdline;              /* const char *, kernel command line */
	unsigned long realtime_offset;      /* ns: realtime = monotonic + this, at boot */
	unsigned int flags;                 /* R3_BOX_* of ring3.h; of them here: */
#define R3_BOOT_SCHEME_2_4 8u
};

/* Sections of an object as the runtime sees them while and after it is loaded. */
struct r3_section {
	const char *name;
	unsigned long address; /* where it runs */
	unsigned long size;
};

/*
 * A loaded object: a module, the runtime itself or a member of the library.
 * While r3rt_object_prepare runs nothing is executable yet; write through
 * address + alias_delta, always.
 */
struct r3_object {
	const char *name;
	void *module; /* struct module *, NULL for runtime and library */
	const struct r3_section *sections;
	unsigned int nr_sections;
	/* Where its code lies: what stays, and what is freed after init. */
	struct {
		unsigned long address, size;
	} text[2];
};

/* What fills in a struct module; see module_prepare in runtime/core/module.c. */
struct r3_module_description {
	const struct r3_object *object;
	const char *arguments;
	unsigned long core_base, core_size, core_text_size, core_ro_size;
	unsigned long init_base, init_size;
	unsigned long taints;
	const char *version, *srcversion; /* NULL if absent */
	unsigned long init, exit;         /* addresses, 0 if absent */
	unsigned long percpu, percpu_size;
};

/* ---- hypercalls: log and reports ---- */

/*
 * Store one printk: text of len bytes, prefix stripped; of a device's message
 * also which it is (NULL: none), as in struct dev_printk_info.
 */
#define R3_LOG_CONT    1u /* continues this thread's last unfinished line */
#define R3_LOG_NEWLINE 2u /* the line is complete */
void r3hc_log(int level, unsigned int flags, const char *text, unsigned long len,
	      const char *subsystem, const char *device);
/* dump_stack(): the "CPU: PID: Comm: Tainted" header and the call trace, at that level. */
void r3hc_dump_stack(int level);
/* A WARN that did not come through ud2: count it and print its report after text was logged. */
void r3hc_warn(const char *file, int line, unsigned long caller);
/* BUG()-like end of this thread's current call, with Linux's oops report. Does not return. */
void r3hc_oops(const char *message);
/*
 * Call a function of the kernel: 0 and *result, or, if an oops ended it, a
 * negative error. Then preempt_count, RCU nesting and the like are as it left
 * them; r3rt_oops_cleanup() is not called.
 */
int r3hc_call(unsigned long function, unsigned long argument, unsigned long *result);
/* panic(): the box stops; every call in it fails from now on. Does not return. */
void r3hc_panic(const char *message);
/* Set taint bits (global); returns the new set. 0 only asks. */
unsigned long r3hc_taint(unsigned long bits);

/* ---- hypercalls: clock and interrupts ---- */

#define R3_CLOCK_MONOTONIC 0 /* ns since the box was booted */
#define R3_CLOCK_REALTIME  1 /* ns since 1970 */
#define R3_CLOCK_THREAD    2 /* CPU time of this thread */
unsigned long r3hc_clock(int clock);
/* Random bytes from the host's kernel. */
void r3hc_random(void *buffer, unsigned long len);
/* Busy-wait. */
void r3hc_delay(unsigned long ns);
/* Deliver R3_IRQ_TIMER on cpu at that monotonic time; replaces the one before; ~0UL cancels. */
void r3hc_timer_program(int cpu, unsigned long expires);
/* Deliver R3_IRQ_TICK on every vCPU hz times a second from now on; 0 stops. */
void r3hc_tick(unsigned int hz);
/* Let *counter be incremented hz times a second by the host (jiffies), without any vCPU. */
void r3hc_jiffies(unsigned long *counter, unsigned int hz);
/* Deliver these R3_IRQ_* bits on a vCPU; soon if it runs, at once if idle. */
void r3hc_ipi(int cpu, unsigned int bits);
/* Run r3rt_interrupt now for what is pending on this vCPU (called when interrupts go on again). */
void r3hc_interrupts(void);

/* ---- hypercalls: threads and vCPUs ---- */

/*
 * A host thread for a new task; starts parked. Its first act in the box is
 * r3rt_thread_start(task, function, argument). Returns its handle, 0 on failure.
 */
unsigned long r3hc_thread_new(void *task, unsigned long function, unsigned long argument);
/* End the calling thread. Its handle is dead from now on. Does not return. */
void r3hc_thread_exit(void);
/*
 * Give the vCPU up and sleep until r3hc_unpark(this thread), also one that
 * came before (a token, at most one); then hold a vCPU again, maybe another.
 */
void r3hc_park(void);
void r3hc_unpark(unsigned long thread);
/* Let another thread that waits for this vCPU have it; returns holding one. */
void r3hc_yield(void);
/* Let the host run another of its threads for a moment; the vCPU stays held. For spinning. */
void r3hc_relax(void);
/* Restrict the thread to the vCPUs in mask; takes effect when it next gets one. */
void r3hc_affinity(unsigned long thread, unsigned long mask);
/* What the vCPU does: 0 idle, 1 runs kernel code, 2 runs an interrupt. */
int r3hc_vcpu_state(int cpu);
/* A thread waits for a vCPU and finds none: somebody should reschedule. */
int r3hc_vcpu_wanted(void);

/* ---- hypercalls: memory ---- */

#define R3_ALLOC_ZERO     1u
#define R3_ALLOC_INTERNAL 2u /* the runtime's own: no module's leak */
/* 2^order pages, naturally aligned; physical address, or ~0UL. */
unsigned long r3hc_page_alloc(unsigned int order, unsigned int flags);
int r3hc_page_free(unsigned long physical, unsigned int order);
/* Turn an allocated block into single pages, each freed on its own. 0 or -EINVAL. */
int r3hc_page_split(unsigned long physical, unsigned int order);
/* Free pages left. */
unsigned long r3hc_page_count(void);
/* Slab: a cache of objects; name is copied. NULL on failure. */
void *r3hc_cache_new(const char *name, unsigned int size, unsigned int align, unsigned int flags);
/* Objects still allocated from it; 0: it is gone, else it stays. */
unsigned long r3hc_cache_free(void *cache);
/* *fresh is set if the object was never handed out before (run the constructor). */
void *r3hc_object_alloc(void *cache, unsigned int flags, int *fresh);
/* 0, or -EINVAL: not an allocated object (of that cache; NULL: of any). */
int r3hc_object_free(void *cache, void *object);
void *r3hc_kmalloc(unsigned long size, unsigned int flags);
/* Usable size of a kmalloc or cache object, 0 if it is none. */
unsigned long r3hc_ksize(const void *object);
/* The cache that an object is of, NULL if none (kmalloc's own included). */
void *r3hc_object_cache(const void *object);
/* The allocated object that an address lies in: start, size, cache; NULL if none. */
void *r3hc_object_at(const void *address, unsigned long *size, void **cache);
/* Map n pages, given by their physical addresses, at a fresh vmalloc address with guard pages. */
#define R3_PROT_READ  1u
#define R3_PROT_WRITE 2u
#define R3_PROT_EXEC  4u
unsigned long r3hc_vmap(const unsigned long *physical, unsigned long n, unsigned int prot);
/* Number of pages unmapped, 0 if address is not the start of a mapping. */
unsigned long r3hc_vunmap(unsigned long address);
/* Physical address behind a vmalloc address, ~0UL if none. */
unsigned long r3hc_vmalloc_physical(unsigned long address);
/* Attribute memory to the module that asks, for the leak report; kind is a string constant. */
void r3hc_account(const void *pointer, unsigned long size, const char *kind);
void r3hc_unaccount(const void *pointer);
/* +1, -1: what this thread allocates meanwhile is the kernel's own, whoever called. */
void r3hc_own(int by);
/* A per-CPU allocation: link address, zeroed on all CPUs; 0 if there is no room. */
unsigned long r3hc_percpu_alloc(unsigned long size, unsigned long align);
unsigned long r3hc_percpu_free(unsigned long address);
/* User memory of the calling thread's client: map, unmap. -errno or address. */
long r3hc_user_map(unsigned long address, unsigned long length, unsigned int prot);
long r3hc_user_unmap(unsigned long address, unsigned long length);

/* ---- hypercalls: code and symbols ---- */

/* Replace code in module space, other CPUs synchronised. */
int r3hc_text_poke(unsigned long address, const void *bytes, unsigned long len);
/* The address of any symbol ("name" or "module:name"), 0 if none. */
unsigned long r3hc_symbol_lookup(const char *name);
/* "symbol" alone, its offset, size and module ("" for the kernel) ; 0 or -ENOENT. */
int r3hc_symbol_find(unsigned long address, char *name, unsigned long *offset, unsigned long *size,
		     char *module);
/* What an exported symbol is: its address, whether GPL-only, its owner (struct module *). */
int r3hc_export_find(const char *name, unsigned long *address, int *gpl, void **owner);
/* The struct module that an address belongs to; text_only: only executable parts count. */
void *r3hc_module_of(unsigned long address, int text_only);
/* Is it code (of kernel or module)? */
int r3hc_is_text(unsigned long address);
/* Does the address stand for data that nobody in the box defines? */
int r3hc_is_missing(unsigned long address);
void *r3hc_module_find(const char *name);
/* Load a module by name, as modprobe would. wait 0: start it only. */
int r3hc_request_module(const char *name, int wait);
/* The return addresses from the hypercall's caller outwards; count stored. */
unsigned int r3hc_stack_trace(unsigned long *entries, unsigned int max, unsigned int skip);

/* ---- hypercalls: probes ---- */

/*
 * A probe point is a place in code whose instruction was copied to a slot. The
 * runtime knows which probes are there, and calls these one at a time; the
 * host knows the code.
 */
#define R3_POINT_ENTRY     1u  /* a function begins here: probes see its arguments */
#define R3_POINT_FTRACE    2u  /* at its call of __fentry__: no trap, nothing comes after */
#define R3_POINT_POST      4u  /* r3rt_probe_post() is wanted after the instruction */
#define R3_POINT_ARMED     8u  /* the code is changed */
#define R3_POINT_OPTIMIZED 16u /* by a jump instead of a trap */

struct r3_point_info {
	unsigned int flags; /* R3_POINT_* */
	/*
	 * Bytes from its address on that a jump would replace, 0: it never can.
	 * Nothing else may change them.
	 */
	unsigned int region;
};
/*
 * May this address be probed? Then a handle, and nothing else changes; else
 * -EINVAL (not code, blacklisted, not an instruction, somebody's int3),
 * -EILSEQ (inside of an instruction), -ENOENT (belongs to no symbol),
 * -EOPNOTSUPP (an instruction that no copy can stand for), -EBUSY, -ENOMEM.
 * context is what r3rt_probe_*() are given.
 */
long r3hc_point_new(unsigned long address, void *context);
void r3hc_point_info(unsigned long point, struct r3_point_info *info);
/* From now on hits arrive. post: R3_POINT_POST or 0; may be changed by another call. */
int r3hc_point_arm(unsigned long point, unsigned int post);
/* What is under way may still arrive, until a grace period has passed. */
void r3hc_point_disarm(unsigned long point);
/*
 * Replace the trap by a jump. A grace period must have passed since it was
 * armed, without R3_POINT_POST, and the last other point in its region was
 * disarmed: nobody is between its instructions. -EBUSY: another one is armed
 * there, or it has R3_POINT_POST. One that is armed later takes the jump back.
 */
int r3hc_point_optimize(unsigned long point);
void r3hc_point_unoptimize(unsigned long point);
/* Disarmed, and a grace period ago; or its code is about to be freed. */
void r3hc_point_free(unsigned long point);
/*
 * The address of a function by its name, also of a member of the library that
 * nothing has called so far, which is loaded then; 0: none.
 */
unsigned long r3hc_point_symbol(const char *name);
/* The same for a function's address, which may be a stub's; any other address: itself. */
unsigned long r3hc_point_address(unsigned long address);
/*
 * A probe that the host asked for with r3rt_event_new() was hit, at address; a
 * kretprobe's: the function there returns to return_address, else 0.
 */
struct pt_regs;
void r3hc_event_hit(unsigned long id, struct pt_regs *registers, unsigned long address,
		    unsigned long return_address);

/* ---- what the runtime offers to the host ---- */

/* On vCPU 0, before anything else: returns 0 or -errno. */
int r3rt_boot(const struct r3_boot_info *info);
/* A task for a host thread that enters the box, and its end. */
void *r3rt_task_new(const char *comm, unsigned long thread);
void r3rt_task_free(void *task);
void r3rt_thread_start(void *task, unsigned long function, unsigned long argument);
/* In interrupt context, interrupts disabled. */
void r3rt_interrupt(unsigned int bits);
/* After an oops ended this thread's call: undo preempt_count, RCU nesting, irq state. */
void r3rt_oops_cleanup(void);
/* Patch a loaded object before it is protected; nothing of it runs yet. */
int r3rt_object_prepare(const struct r3_object *object);
/* The object is protected and may run: register jump labels, static calls, ... */
int r3rt_object_added(const struct r3_object *object);
void r3rt_object_removed(const struct r3_object *object);
/* Initcalls of new members of the library come next; the caller may sleep. Optional. */
void r3rt_members_start(void);
/* Wait, but not for ever, until what was freed through RCU or a work is free. Optional. */
void r3rt_settle(void);
/* The init part of an object was freed: forget what lay in it. */
void r3rt_object_init_freed(const struct r3_object *object, unsigned long start,
			    unsigned long size);

#define R3_STATE_LIVE     0
#define R3_STATE_COMING   1
#define R3_STATE_GOING    2
#define R3_STATE_UNFORMED 3
unsigned long r3rt_module_size(void); /* sizeof(struct module), 0: do not check */
int r3rt_module_prepare(void *module, const struct r3_module_description *description);
void r3rt_module_state(void *module, int state);
int r3rt_module_notify(void *module, int state); /* 0 or the notifier's -errno */
/*
 * Set parameters from arguments (modified in place); after is set to what
 * follows "--". 0 or the last error.
 */
int r3rt_module_parameters(void *module, char *arguments, char **after);
/* Boot parameters "module.param=value" for a built-in object's __param section. */
int r3rt_object_parameters(const struct r3_object *object, const char *cmdline);
/* Number of parameters; one as text (-errno if it has no get), and its set. */
int r3rt_parameter_count(void *module);
int r3rt_parameter_info(void *module, int index, const char **name, unsigned int *mode);
int r3rt_parameter_get(void *module, int index, char *buffer); /* buffer: 4096 bytes */
int r3rt_parameter_set(void *module, int index, const char *value);
/* The same for parameters of a built-in object, named "module.parameter"; info: -ENOENT at the end.
 */
int r3rt_builtin_parameter_info(const struct r3_object *object, int index, const char **name,
				unsigned int *mode);
int r3rt_builtin_parameter_get(const struct r3_object *object, int index, char *buffer);
int r3rt_builtin_parameter_set(const struct r3_object *object, int index, const char *value);
int r3rt_module_init(void *module); /* do_one_initcall; what init returned */
void r3rt_module_exit(void *module);
void r3rt_module_free(void *module);    /* wait until nothing can run in it any more (RCU) */
int r3rt_module_refcount(void *module); /* base excluded; -1: GOING */
int r3rt_module_get(void *module);      /* try_module_get: 1 or 0 */
void r3rt_module_put(void *module);
int r3rt_module_try_stop(void *module, int force); /* 0, or -EWOULDBLOCK: in use */
int r3rt_initcall(unsigned long function);

/*
 * A probe point is hit: its context, and registers with ip as the probed
 * instruction's address. On the kernel stack of the code that was hit. trapped:
 * through int3, where interrupts are off for handlers. 0: on with the
 * instruction and what else is in registers; else on at registers' ip and sp.
 * Preemption is off from before until the slot is left, as for r3rt_probe_post().
 */
int r3rt_probe_hit(void *context, struct pt_regs *registers, int trapped);
/* Its instruction is done: ip is where it goes on. Only what else changes is taken. */
void r3rt_probe_post(void *context, struct pt_regs *registers);

/* One of the registered probes, oldest hash bucket first as Linux lists them. */
struct r3_probe_info {
	unsigned long address;
	int is_return; /* a kretprobe's */
	int gone, disabled, optimized, ftrace;
};
int r3rt_probe_info(unsigned int index, struct r3_probe_info *info); /* -ENOENT: no more */
/* 0, 1: /sys/kernel/debug/kprobes/enabled, debug.kprobes-optimization; -1 asks. The value. */
int r3rt_probes_enabled(int value);
int r3rt_probes_optimization(int value);

/*
 * A probe whose hits the host hears of, until it is freed: by address, or by
 * symbol ("function", "module:function") and offset; a handle, or -errno as of
 * register_kprobe(), register_kretprobe(). The strings are the caller's again.
 */
struct r3_event_request {
	const char *symbol; /* NULL: address */
	unsigned long address, offset;
	int is_return, maxactive;
	unsigned long id; /* for r3hc_event_hit() */
};
long r3rt_event_new(const struct r3_event_request *request);
/* hits that no handler saw, as kprobe's or kretprobe's nmissed */
unsigned long r3rt_event_missed(long event);
void r3rt_event_free(long event);

/* Data of the runtime, read by the host after it is loaded. */
struct r3_runtime_data {
	unsigned int size;           /* sizeof(struct r3_runtime_data) */
	const char *release;         /* UTS_RELEASE */
	const char *version;         /* UTS_VERSION, as in an oops report */
	const char *vermagic;        /* VERMAGIC_STRING */
	unsigned long current_task;  /* link address of the per-CPU task pointer, 0: none */
	unsigned long preempt_count; /* link address of the per-CPU preempt count, 0: none */
	unsigned int task_comm;      /* offsets in task_struct */
	unsigned int task_pid;
	unsigned int hz;
	unsigned int thread_size; /* THREAD_SIZE */
	void *boot_task;          /* current of a thread without a task; NULL: nobody */
	void *idle_task;          /* whose interrupts those of an idle vCPU are; NULL: nobody's */
	/*
	 * Returns that kretprobes have diverted: what lies on the stack instead, 0: none
	 * ever; the chain of a task, newest first, by links at whose offsets the real
	 * return address is, and the frame: the stack pointer after the return.
	 */
	unsigned long return_trampoline;
	unsigned int task_returns, return_address, return_frame;
};
/* extern const struct r3_runtime_data r3rt_data; */

#endif
