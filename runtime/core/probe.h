/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of kprobes know of each other. */
#ifndef RING3_PROBE_H
#define RING3_PROBE_H

#include <linux/kprobes.h>
#include <linux/llist.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <ring3/hypercall.h>

/* A place with probes: the context that r3rt_probe_hit() is given. */
struct probe_point {
	/* read by hits, under RCU */
	struct kprobe *only;      /* the one that is enabled; NULL: look at all */
	struct hlist_head probes; /* by kprobe.hlist, the last registered first */
	unsigned long address;
	unsigned int flags; /* R3_POINT_FTRACE */

	/* under probes_lock() */
	struct probe_point *next; /* in its bucket, the newest first */
	long host;                /* what the host calls it; 0: gone with its code */
	bool armed, post;
	bool ripe; /* armed since before the grace period under way: may be optimised after it */
	kprobe_opcode_t opcode;
	struct probe_point *next_dead;
};

DECLARE_PER_CPU(struct kprobe *, current_kprobe);

/* kprobes.c: a lock that may be held while asleep, without a member of the library. */
void probes_lock(void);
void probes_unlock(void);
void probes_lock_oopsed(void); /* whoever holds it oopsed */
/* Where addr or symbol (one of them) + offset is, or an ERR_PTR; is it where a function begins? */
kprobe_opcode_t *probe_address(kprobe_opcode_t *addr, const char *symbol, unsigned long offset,
			       bool *on_entry);
bool probe_is_registered(struct kprobe *p);
/* Take them out of all lists; false: that one is registered nowhere, and its addr now NULL. */
struct probe_point *probes_take(struct kprobe *p, struct probe_point *dead);
void probes_free(struct probe_point *dead);
/* Until visit returns non-zero, which is returned. Under probes_lock(). */
int probe_points_each(int (*visit)(struct probe_point *point, void *context), void *context);
/* Make code and `only' what the probes there say. */
int probe_point_update(struct probe_point *point);
bool probe_point_optimized(const struct probe_point *point);
/* A module is live (its init part goes) or goes. */
void probes_module_notify(struct module *mod, int state);

/* probe_switch.c */
extern bool probes_disarmed; /* globally */
/* Something may now be optimised. Under probes_lock(). */
void probes_ripen(void);

/* A handler that slept, which is reported, has preemption on since: not so what called it. */
static __always_inline void probe_slept(int count)
{
	if (unlikely(preempt_count() < count))
		preempt_count_set(count);
}

/* kretprobe.c */
int kretprobe_entry(struct kprobe *p, struct pt_regs *regs);
extern void kretprobe_trampoline(void);
/* An oops ended what the current task did deeper on its stack than here. */
void kretprobes_forget_deeper(const void *here);
/* In r3rt_oops_cleanup(), whose frame that is: an oops ended a call that began where it does. */
void probes_oopsed(const void *frame);
/* The task is dead: what it was in will never return. */
void kretprobes_forget(struct task_struct *task);
struct rethook_node;
#define KRETPROBE_DATA                                                                             \
	.return_trampoline = (unsigned long)kretprobe_trampoline,                                  \
	.task_returns = offsetof(struct task_struct, rethooks),                                    \
	.return_address =                                                                          \
		offsetof(struct rethook_node, ret_addr) - offsetof(struct rethook_node, llist),    \
	.return_frame =                                                                            \
		offsetof(struct rethook_node, frame) - offsetof(struct rethook_node, llist)

/* The target's half. */
/* Is it code that static keys or calls rewrite? */
bool probe_text_reserved(unsigned long start, unsigned long end);
/* Where probes of a function that begins here go: behind an endbr64. */
unsigned long probe_skip_endbr(unsigned long function);
/* A kernel thread; NULL: none could be made. */
struct task_struct *probe_thread(int (*function)(void *));

#endif
