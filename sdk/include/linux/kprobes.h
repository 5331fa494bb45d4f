/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_KPROBES_H
#define _LINUX_KPROBES_H

#include <asm/ptrace.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/rethook.h>
#include <linux/types.h>

struct kprobe;
struct kretprobe;
struct kretprobe_instance;
typedef u8 kprobe_opcode_t;
typedef int (*kprobe_pre_handler_t)(struct kprobe *, struct pt_regs *);
typedef void (*kprobe_post_handler_t)(struct kprobe *, struct pt_regs *, unsigned long flags);
typedef int (*kretprobe_handler_t)(struct kretprobe_instance *, struct pt_regs *);

struct kprobe {
	struct hlist_node hlist; /* the runtime's, like list */
	struct list_head list;
	unsigned long nmissed;
	kprobe_opcode_t *addr; /* this, or symbol_name and offset */
	const char *symbol_name;
	unsigned int offset;
	kprobe_pre_handler_t pre_handler;
	kprobe_post_handler_t post_handler;
	kprobe_opcode_t opcode; /* the first byte there without the probe */
	u32 flags;
};
#define KPROBE_FLAG_GONE          1 /* with the module that its place was in */
#define KPROBE_FLAG_DISABLED      2
#define KPROBE_FLAG_OPTIMIZED     4
#define KPROBE_FLAG_FTRACE        8
#define KPROBE_FLAG_ON_FUNC_ENTRY 16

static inline bool kprobe_gone(struct kprobe *p)
{
	return p->flags & KPROBE_FLAG_GONE;
}
static inline bool kprobe_disabled(struct kprobe *p)
{
	return p->flags & (KPROBE_FLAG_DISABLED | KPROBE_FLAG_GONE);
}
static inline bool kprobe_optimized(struct kprobe *p)
{
	return p->flags & KPROBE_FLAG_OPTIMIZED;
}
static inline bool kprobe_ftrace(struct kprobe *p)
{
	return p->flags & KPROBE_FLAG_FTRACE;
}

struct kretprobe {
	struct kprobe kp;
	kretprobe_handler_t handler;
	kretprobe_handler_t entry_handler;
	int maxactive;
	int nmissed;
	size_t data_size;
	struct rethook *rh;
};
#define KRETPROBE_MAX_DATA_SIZE 4096

struct kretprobe_instance {
	struct rethook_node node;
	char data[];
};

#define NOKPROBE_SYMBOL(fname)                                                                     \
	static unsigned long __used __section("_kprobe_blacklist") _kbl_addr_##fname =             \
		(unsigned long)fname
#define __kprobes       notrace __section(".kprobes.text")
#define nokprobe_inline __always_inline

static nokprobe_inline struct kretprobe *get_kretprobe(struct kretprobe_instance *ri)
{
	return ri->node.rethook->data;
}
static nokprobe_inline unsigned long get_kretprobe_retaddr(struct kretprobe_instance *ri)
{
	return ri->node.ret_addr;
}

int register_kprobe(struct kprobe *p);
void unregister_kprobe(struct kprobe *p);
int register_kprobes(struct kprobe **kps, int num);
void unregister_kprobes(struct kprobe **kps, int num);
int register_kretprobe(struct kretprobe *rp);
void unregister_kretprobe(struct kretprobe *rp);
int register_kretprobes(struct kretprobe **rps, int num);
void unregister_kretprobes(struct kretprobe **rps, int num);
int enable_kprobe(struct kprobe *kp);
int disable_kprobe(struct kprobe *kp);
static inline int disable_kretprobe(struct kretprobe *rp)
{
	return disable_kprobe(&rp->kp);
}
static inline int enable_kretprobe(struct kretprobe *rp)
{
	return enable_kprobe(&rp->kp);
}
/* With preemption off. */
struct kprobe *get_kprobe(void *addr);

#endif
