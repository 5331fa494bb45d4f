/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_KPROBES_H
#define _LINUX_KPROBES_H

#include <asm/ptrace.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/types.h>

struct kprobe;
struct kretprobe;
struct kretprobe_instance;
typedef u8 kprobe_opcode_t;
typedef int (*kprobe_pre_handler_t)(struct kprobe *, struct pt_regs *);
typedef void (*kprobe_post_handler_t)(struct kprobe *, struct pt_regs *, unsigned long flags);
typedef int (*kretprobe_handler_t)(struct kretprobe_instance *, struct pt_regs *);

struct kprobe {
	struct hlist_node hlist;
	struct list_head list;
	unsigned long nmissed;
	kprobe_opcode_t *addr;
	const char *symbol_name;
	unsigned int offset;
	kprobe_pre_handler_t pre_handler;
	kprobe_post_handler_t post_handler;
	u32 flags;
	void *probe; /* the host's */
};
#define KPROBE_FLAG_GONE          1
#define KPROBE_FLAG_DISABLED      2
#define KPROBE_FLAG_OPTIMIZED     4
#define KPROBE_FLAG_FTRACE        8
#define KPROBE_FLAG_ON_FUNC_ENTRY 16

struct kretprobe {
	struct kprobe kp;
	kretprobe_handler_t handler;
	kretprobe_handler_t entry_handler;
	int maxactive;
	int nmissed;
	size_t data_size;
	void *probe;
};
struct kretprobe_instance {
	struct kretprobe *rp;
	unsigned long ret_addr;
	struct task_struct *task;
	char data[];
};

#define NOKPROBE_SYMBOL(fname)                                                                     \
	static unsigned long __used __section("_kprobe_blacklist") _kbl_addr_##fname =             \
		(unsigned long)fname
#define __kprobes       notrace __section(".kprobes.text")
#define nokprobe_inline __always_inline

/* Registering probes is not implemented yet: a module that does it does not load. */
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

#endif
