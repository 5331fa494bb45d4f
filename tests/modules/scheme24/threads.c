// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel thread, started and ended as in Linux 2.4, that keeps the module in use. */
#include <linux/config.h>
#include <linux/init.h>
#include <linux/malloc.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/completion.h>
#include <linux/wait.h>
#include <asm/semaphore.h>

static int rounds = 3;
MODULE_PARM(rounds, "1i");

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(ended);
static DECLARE_MUTEX(lock);
static int *counter;

static int worker(void *unused)
{
	int i;

	daemonize();
	for (i = 0; i < rounds; i++) {
		down(&lock);
		++*counter;
		up(&lock);
		interruptible_sleep_on_timeout(&queue, 1);
	}
	printk(KERN_INFO "threads: %d rounds, in use: %d\n", *counter, MOD_IN_USE);
	MOD_DEC_USE_COUNT;
	complete_and_exit(&ended, 0);
}

static int __init threads_init(void)
{
	int pid;

	counter = kmalloc(sizeof(*counter), GFP_KERNEL);
	if (!counter)
		return -ENOMEM;
	*counter = 0;
	MOD_INC_USE_COUNT;
	pid = kernel_thread(worker, NULL, CLONE_FS | CLONE_FILES | CLONE_SIGHAND);
	if (pid < 0) {
		MOD_DEC_USE_COUNT;
		kfree(counter);
		return pid;
	}
	printk(KERN_INFO "threads: started\n");
	return 0;
}

static void __exit threads_exit(void)
{
	wait_for_completion(&ended);
	printk(KERN_INFO "threads: %d, in use: %d\n", *counter, MOD_IN_USE);
	kfree(counter);
}

module_init(threads_init);
module_exit(threads_exit);
MODULE_LICENSE("GPL");
