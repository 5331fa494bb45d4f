// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kretprobes: where a function is entered, its return address is replaced by
 * that of a trampoline, which calls the handlers and goes on to the real one.
 * Rules of kernel/kprobes.c and kernel/trace/rethook.c.
 */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/rethook.h>
#include <linux/sched.h>
#ifdef CONFIG_OBJTOOL
#include <asm/unwind_hints.h>
#endif
#include "core.h"
#include "probe.h"

#define LEAST_INSTANCES 10

/* One call of a probed function that has not returned yet. */
struct instance {
	u32 index; /* in its pool, from 1 */
	u32 next;  /* the free one below it, 0: none */
	struct kretprobe_instance user;
};

/* Popped by whoever comes in between, the top is another one: count says so. */
union top {
	struct {
		u32 index, count;
	};
	u64 word;
};

/* The instances of one kretprobe. */
struct pool {
	struct rethook rethook; /* its data is the kretprobe: get_kretprobe() looks there */
	bool stopped;           /* the kretprobe is unregistered, and may be gone */
	union top top;
	atomic_t left; /* instances that are not freed, and one for the kretprobe */
	struct instance *instances[];
};

static __always_inline struct pool *pool_of(struct rethook *rethook)
{
	return container_of(rethook, struct pool, rethook);
}

static __always_inline struct instance *instance_of(struct llist_node *link)
{
	return container_of(link, struct instance, user.node.llist);
}

/* ---- the pool: no lock, any context ---- */

static __always_inline bool top_replace(struct pool *pool, union top *old, u32 index)
{
	union top new = {.index = index, .count = old->count + 1};
	u64 found = cmpxchg(&pool->top.word, old->word, new.word);
	bool done = found == old->word;

	old->word = found;
	return done;
}

static __always_inline struct instance *pool_pop(struct pool *pool)
{
	union top top = {.word = READ_ONCE(pool->top.word)};
	struct instance *instance;

	do {
		if (!top.index)
			return NULL;
		instance = pool->instances[top.index - 1];
	} while (!top_replace(pool, &top, READ_ONCE(instance->next)));
	return instance;
}

static __always_inline void pool_push(struct pool *pool, struct instance *instance)
{
	union top top = {.word = READ_ONCE(pool->top.word)};

	do
		WRITE_ONCE(instance->next, top.index);
	while (!top_replace(pool, &top, instance->index));
}

static void pool_put(struct pool *pool, unsigned int count)
{
	if (atomic_sub_and_test(count, &pool->left))
		r3hc_object_free(NULL, pool);
}

/* With preemption off: pool_free() waits for those who saw it in use. */
static __always_inline void recycle(struct instance *instance)
{
	struct pool *pool = pool_of(instance->user.node.rethook);

	if (likely(!READ_ONCE(pool->stopped))) {
		pool_push(pool, instance);
		return;
	}
	r3hc_object_free(NULL, instance);
	pool_put(pool, 1);
}

/* A grace period after it was stopped. Instances in use follow when they return. */
static void pool_free(struct pool *pool)
{
	unsigned int count = 0;
	struct instance *instance;

	while ((instance = pool_pop(pool))) {
		r3hc_object_free(NULL, instance);
		count++;
	}
	pool_put(pool, count + 1);
}

static struct pool *pool_new(struct kretprobe *rp)
{
	struct pool *pool = r3hc_kmalloc(sizeof(*pool) + rp->maxactive * sizeof(pool->instances[0]),
					 R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
	struct instance *instance;
	int i;

	if (!pool)
		return NULL;
	pool->rethook.data = rp;
	atomic_set(&pool->left, 1);
	for (i = 0; i < rp->maxactive; i++) {
		instance = r3hc_kmalloc(sizeof(*instance) + rp->data_size,
					R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
		if (!instance) {
			pool_free(pool);
			return NULL;
		}
		instance->index = i + 1;
		instance->user.node.rethook = &pool->rethook;
		pool->instances[i] = instance;
		atomic_inc(&pool->left);
		pool_push(pool, instance);
	}
	return pool;
}

/* ---- a function is entered ---- */

/* The pre_handler of every kretprobe: sp points at the return address. */
notrace __kprobes int kretprobe_entry(struct kprobe *p, struct pt_regs *regs)
{
	struct kretprobe *rp = container_of(p, struct kretprobe, kp);
	unsigned long *address = (unsigned long *)regs->sp;
	struct pool *pool = pool_of(rp->rh);
	struct task_struct *task = current;
	struct instance *instance;
	struct rethook_node *node;

	instance = task ? pool_pop(pool) : NULL;
	if (unlikely(!instance)) {
		atomic_inc((atomic_t *)&rp->nmissed);
		return 0;
	}
	if (rp->entry_handler && rp->entry_handler(&instance->user, regs)) {
		pool_push(pool, instance);
		return 0;
	}
	node = &instance->user.node;
	node->ret_addr = *address;
	node->frame = (unsigned long)(address + 1);
	node->llist.next = task->rethooks.first;
	barrier(); /* an interrupt may come here, and takes back what it adds */
	task->rethooks.first = &node->llist;
	*address = (unsigned long)kretprobe_trampoline;
	return 0;
}

/* ---- it returns ---- */

/*
 * Where the return address was it is put again, with a frame pointer below it,
 * so that call traces see a function that was called from there; then the
 * registers as they are after the return. It goes on there by a jump: the
 * processor's stack of return addresses was used up by the function's own
 * return. That takes a register that no function returns anything in.
 */
struct return_frame {
	struct pt_regs regs;
	unsigned long unused; /* keeps the stack aligned */
	unsigned long bp, address;
};

#ifdef CONFIG_OBJTOOL
#define CALLED_HERE UNWIND_HINT_FUNC
#else
#define CALLED_HERE ""
#endif

asm(".pushsection .kprobes.text, \"ax\"\n"
    ".globl kretprobe_trampoline\n"
    ".type kretprobe_trampoline, @function\n"
    "kretprobe_trampoline:\n"
    "	pushq	$kretprobe_trampoline\n" CALLED_HERE "	pushq	%rbp\n"
    "	movq	%rsp, %rbp\n"
    "	pushq	$0\n"
    "	pushq	$0x18\n" /* ss */
    "	pushq	$0\n"
    "	pushfq\n"
    "	pushq	$0x10\n" /* cs */
    "	pushq	$0\n"
    "	pushq	$-1\n"
    "	pushq	%rdi\n"
    "	pushq	%rsi\n"
    "	pushq	%rdx\n"
    "	pushq	%rcx\n"
    "	pushq	%rax\n"
    "	pushq	%r8\n"
    "	pushq	%r9\n"
    "	pushq	%r10\n"
    "	pushq	%r11\n"
    "	pushq	%rbx\n"
    "	pushq	(%rbp)\n"
    "	pushq	%r12\n"
    "	pushq	%r13\n"
    "	pushq	%r14\n"
    "	pushq	%r15\n"
    "	movq	%rsp, %rdi\n"
    "	call	kretprobe_return\n"
    /* sahf for popf, which is slow: OF is what an addition sets */
    "	movl	144(%rsp), %eax\n"
    "	movl	%eax, %ecx\n"
    "	shll	$8, %eax\n"
    "	shrl	$11, %ecx\n"
    "	andl	$1, %ecx\n"
    "	addb	$0x7f, %cl\n"
    "	sahf\n"
    "	popq	%r15\n"
    "	popq	%r14\n"
    "	popq	%r13\n"
    "	popq	%r12\n"
    "	popq	%rbp\n"
    "	popq	%rbx\n"
    "	leaq	8(%rsp), %rsp\n"
    "	popq	%r10\n"
    "	popq	%r9\n"
    "	popq	%r8\n"
    "	popq	%rax\n"
    "	popq	%rcx\n"
    "	popq	%rdx\n"
    "	popq	%rsi\n"
    "	popq	%rdi\n"
    "	movq	64(%rsp), %r11\n"
    "	leaq	72(%rsp), %rsp\n"
    "	jmp	*%r11\n"
    "	.size	kretprobe_trampoline, . - kretprobe_trampoline\n"
    ".popsection\n");

/* The last of the instances of this frame, which has the real address: others were entered later.
 */
static __always_inline struct llist_node *last_of_frame(struct llist_node *link,
							unsigned long frame)
{
	while (link && instance_of(link)->user.node.frame == frame) {
		if (instance_of(link)->user.node.ret_addr != (unsigned long)kretprobe_trampoline)
			return link;
		link = link->next;
	}
	pr_err("kretprobe: Return address not found, not execute handler. Maybe there is a bug in "
	       "the kernel.\n");
	BUG();
}

static __always_inline void call_handler(struct instance *instance, struct pt_regs *regs,
					 struct kprobe **running)
{
	struct pool *pool = pool_of(instance->user.node.rethook);
	struct kprobe *before = READ_ONCE(*running);
	struct kretprobe *rp = pool->rethook.data;

	if (READ_ONCE(pool->stopped) || !rp->handler)
		return;
	WRITE_ONCE(*running, &rp->kp);
	rp->handler(&instance->user, regs);
	WRITE_ONCE(*running, before);
}

void kretprobe_return(struct return_frame *frame);
__used __visible notrace __kprobes void kretprobe_return(struct return_frame *frame)
{
	struct llist_node **first = &current->rethooks.first, *link, *last, *next;
	unsigned long sp = (unsigned long)(frame + 1);
	struct kprobe **running;
	int count;

	preempt_disable_notrace();
	count = preempt_count();
	running = this_cpu_ptr(&current_kprobe);
	last = last_of_frame(*first, sp);
	frame->address = instance_of(last)->user.node.ret_addr;
	frame->regs.ip = frame->address;
	frame->regs.sp = sp;
	for (link = *first; link != last->next; link = link->next) {
		instance_of(link)->user.node.ret_addr = frame->address;
		call_handler(instance_of(link), &frame->regs, running);
	}
	link = *first;
	next = last->next;
	*first = next;
	for (; link != next; link = last) {
		last = link->next;
		recycle(instance_of(link));
	}
	probe_slept(count);
	preempt_enable_no_resched_notrace();
}

/* ---- calls that never return ---- */

static void forget_until(struct task_struct *task, unsigned long frame)
{
	struct llist_node *link;

	preempt_disable();
	while ((link = task->rethooks.first) && instance_of(link)->user.node.frame <= frame) {
		task->rethooks.first = link->next;
		recycle(instance_of(link));
	}
	preempt_enable();
}

void kretprobes_forget_deeper(const void *here)
{
	if (current)
		forget_until(current, (unsigned long)here);
}

/* What the frame's function was called instead of began with its return address. */
void probes_oopsed(const void *frame)
{
	this_cpu_write(current_kprobe, NULL);
	probes_lock_oopsed();
	kretprobes_forget_deeper(frame + 2 * sizeof(long));
}

void kretprobes_forget(struct task_struct *task)
{
	forget_until(task, ULONG_MAX);
}

/* ---- registering ---- */

/* Linux's kretprobe_blacklist: what switches stacks. */
static bool return_forbidden(const char *symbol)
{
	return symbol && same_string(symbol, "__switch_to");
}

static int check_kretprobe(struct kretprobe *rp)
{
	bool on_entry;
	void *address;

	if (!rp->kp.addr && return_forbidden(rp->kp.symbol_name))
		return -EINVAL;
	address = probe_address(rp->kp.addr, rp->kp.symbol_name, rp->kp.offset, &on_entry);
	if (IS_ERR(address))
		return PTR_ERR(address);
	if (!on_entry)
		return -EINVAL;
	/* With a symbol as well, register_kprobe() refuses it. */
	if (rp->kp.addr && WARN_ON_ONCE(probe_is_registered(&rp->kp)))
		return -EINVAL;
	return rp->data_size > KRETPROBE_MAX_DATA_SIZE ? -E2BIG : 0;
}

int register_kretprobe(struct kretprobe *rp)
{
	struct pool *pool;
	int error = check_kretprobe(rp);

	if (error)
		return error;
	rp->kp.pre_handler = kretprobe_entry;
	rp->kp.post_handler = NULL;
	if (rp->maxactive <= 0)
		rp->maxactive = max_t(unsigned int, LEAST_INSTANCES, 2 * nr_cpu_ids);
	pool = pool_new(rp);
	if (!pool)
		return -ENOMEM;
	rp->nmissed = 0;
	rp->rh = &pool->rethook;
	error = register_kprobe(&rp->kp);
	if (error) {
		rp->rh = NULL;
		pool_free(pool);
	}
	return error;
}
EXPORT_SYMBOL_GPL(register_kretprobe);

int register_kretprobes(struct kretprobe **rps, int num)
{
	int i, error;

	if (num <= 0)
		return -EINVAL;
	for (i = 0; i < num; i++) {
		error = register_kretprobe(rps[i]);
		if (error) {
			unregister_kretprobes(rps, i);
			return error;
		}
	}
	return 0;
}
EXPORT_SYMBOL_GPL(register_kretprobes);

void unregister_kretprobe(struct kretprobe *rp)
{
	unregister_kretprobes(&rp, 1);
}
EXPORT_SYMBOL_GPL(unregister_kretprobe);

void unregister_kretprobes(struct kretprobe **rps, int num)
{
	struct probe_point *dead = NULL;
	int i;

	if (num <= 0)
		return;
	probes_lock();
	for (i = 0; i < num; i++) {
		dead = probes_take(&rps[i]->kp, dead);
		/* addr is NULL if it was not registered */
		if (rps[i]->kp.addr)
			WRITE_ONCE(pool_of(rps[i]->rh)->stopped, true);
	}
	probes_unlock();
	synchronize_rcu();
	probes_free(dead);
	for (i = 0; i < num; i++) {
		if (!rps[i]->kp.addr)
			continue;
		pool_free(pool_of(rps[i]->rh));
		rps[i]->rh = NULL;
	}
}
EXPORT_SYMBOL_GPL(unregister_kretprobes);
