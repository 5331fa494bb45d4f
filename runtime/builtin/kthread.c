// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel threads. */
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "builtin.h"

enum kthread_bits {
	SHOULD_STOP,
	SHOULD_PARK,
};

struct kthread {
	unsigned long flags;
	int (*function)(void *data);
	void *data;
	void *stack; /* where its own frames begin */
	int result;
	struct completion parked;
	struct completion exited;
};

static struct kthread *to_kthread(struct task_struct *task)
{
	WARN_ON(!(task->flags & PF_KTHREAD));
	return task->worker_private;
}

static void kthread_end(struct task_struct *task)
{
	struct kthread *kthread = to_kthread(task);

	/* Freed by RCU, which does not count this CPU as done before the thread has left it. */
	task->flags |= PF_EXITING;
	rcu_forget_reader(task);
	complete_all(&kthread->exited);
	task_end_wakeups(task);
	put_task_struct(task);
}

void kthread_exit(long result)
{
	struct task_struct *task = current;

	to_kthread(task)->result = result;
	kthread_end(task);
	r3hc_thread_exit();
	__builtin_unreachable();
}
EXPORT_SYMBOL(kthread_exit);

void kthread_complete_and_exit(struct completion *comp, long code)
{
	if (comp)
		complete(comp);
	kthread_exit(code);
}
EXPORT_SYMBOL(kthread_complete_and_exit);

void __module_put_and_kthread_exit(struct module *mod, long code)
{
	module_put(mod);
	kthread_exit(code);
}
EXPORT_SYMBOL(__module_put_and_kthread_exit);

/*
 * An oops ended one of this thread's calls. It is the thread's own if none of
 * its frames is left on the stack, and then its host thread ends too.
 */
void kthread_oopsed(struct task_struct *task)
{
	struct kthread *kthread = task->worker_private;

	if ((unsigned long)__builtin_frame_address(0) < (unsigned long)kthread->stack - 256)
		return;
	if (task->flags & PF_WQ_WORKER)
		workqueue_worker_died(task);
	kthread_end(task);
}

static noinline void kthread_main(unsigned long argument)
{
	struct kthread *kthread = (struct kthread *)argument;
	int result = -EINTR;

	kthread->stack = __builtin_frame_address(0);
	if (!test_bit(SHOULD_STOP, &kthread->flags)) {
		kthread_parkme();
		result = kthread->function(kthread->data);
	}
	kthread_exit(result);
}

void r3rt_thread_start(void *task, unsigned long function, unsigned long argument)
{
	((void (*)(unsigned long))function)(argument);
}

static struct task_struct *create(int (*function)(void *data), void *data, const char *name)
{
	struct kthread *kthread = r3hc_kmalloc(sizeof(*kthread), R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
	struct task_struct *task = task_alloc(name);

	if (!kthread || !task)
		goto fail;
	kthread->function = function;
	kthread->data = data;
	init_completion(&kthread->parked);
	init_completion(&kthread->exited);
	task->flags = PF_KTHREAD;
	task->worker_private = kthread;
	/* It first runs when it is woken. */
	task->__state = TASK_UNINTERRUPTIBLE;
	task->thread = r3hc_thread_new(task, (unsigned long)kthread_main, (unsigned long)kthread);
	if (task->thread)
		return task;
fail:
	kfree(kthread);
	kfree(task);
	return ERR_PTR(-ENOMEM);
}

struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					   const char namefmt[], ...)
{
	char name[TASK_COMM_LEN];
	va_list args;

	va_start(args, namefmt);
	vsnprintf(name, sizeof(name), namefmt, args);
	va_end(args);
	return create(threadfn, data, name);
}
EXPORT_SYMBOL(kthread_create_on_node);

void kthread_bind_mask(struct task_struct *k, const struct cpumask *mask)
{
	k->cpus_allowed = mask->bits[0];
	k->flags |= PF_NO_SETAFFINITY;
	r3hc_affinity(k->thread, k->cpus_allowed);
}
EXPORT_SYMBOL(kthread_bind_mask);

void kthread_bind(struct task_struct *k, unsigned int cpu)
{
	kthread_bind_mask(k, cpumask_of(cpu));
}
EXPORT_SYMBOL(kthread_bind);

struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
					  const char *namefmt)
{
	struct task_struct *task;
	char name[TASK_COMM_LEN];

	/* The format has a place for the CPU's number, if any. */
	snprintf(name, sizeof(name), namefmt, cpu);
	task = create(threadfn, data, name);
	if (!IS_ERR(task))
		kthread_bind(task, cpu);
	return task;
}
EXPORT_SYMBOL(kthread_create_on_cpu);

bool kthread_should_stop(void)
{
	return test_bit(SHOULD_STOP, &to_kthread(current)->flags);
}
EXPORT_SYMBOL(kthread_should_stop);

bool kthread_should_park(void)
{
	return test_bit(SHOULD_PARK, &to_kthread(current)->flags);
}
EXPORT_SYMBOL_GPL(kthread_should_park);

bool kthread_freezable_should_stop(bool *was_frozen)
{
	if (was_frozen)
		*was_frozen = false;
	return kthread_should_stop();
}
EXPORT_SYMBOL_GPL(kthread_freezable_should_stop);

void *kthread_data(struct task_struct *k)
{
	return to_kthread(k)->data;
}
EXPORT_SYMBOL_GPL(kthread_data);

void kthread_parkme(void)
{
	struct kthread *kthread = to_kthread(current);

	for (;;) {
		set_current_state(TASK_PARKED);
		if (!test_bit(SHOULD_PARK, &kthread->flags))
			break;
		complete(&kthread->parked);
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}
EXPORT_SYMBOL_GPL(kthread_parkme);

int kthread_park(struct task_struct *k)
{
	struct kthread *kthread = to_kthread(k);

	if (WARN_ON(k->flags & PF_EXITING))
		return -ENOSYS;
	if (WARN_ON_ONCE(test_bit(SHOULD_PARK, &kthread->flags)))
		return -EBUSY;
	set_bit(SHOULD_PARK, &kthread->flags);
	if (k != current) {
		wake_up_process(k);
		wait_for_completion(&kthread->parked);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(kthread_park);

void kthread_unpark(struct task_struct *k)
{
	struct kthread *kthread = to_kthread(k);

	reinit_completion(&kthread->parked);
	clear_bit(SHOULD_PARK, &kthread->flags);
	wake_up_state(k, TASK_PARKED);
}
EXPORT_SYMBOL_GPL(kthread_unpark);

int kthread_stop(struct task_struct *k)
{
	struct kthread *kthread = to_kthread(k);
	int result;

	get_task_struct(k);
	set_bit(SHOULD_STOP, &kthread->flags);
	kthread_unpark(k);
	wake_up_process(k);
	wait_for_completion(&kthread->exited);
	result = kthread->result;
	put_task_struct(k);
	return result;
}
EXPORT_SYMBOL(kthread_stop);
