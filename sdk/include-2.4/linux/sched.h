/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _RING3_24_SCHED_H
#define _RING3_24_SCHED_H

/* Linux 2.4's way to start a kernel thread, over today's. */
#include_next <linux/sched.h>
#include <linux/kthread.h>

/* A kernel thread here has no memory, files or signals of a process to share. */
#define CLONE_VM      0x00000100
#define CLONE_FS      0x00000200
#define CLONE_FILES   0x00000400
#define CLONE_SIGHAND 0x00000800

/* The thread's number, or a negative errno. */
#define kernel_thread(function, argument, flags)                                                   \
	({                                                                                         \
		struct task_struct *__new_thread =                                                 \
			kthread_create(function, argument, "%s", KBUILD_MODNAME);                  \
		int __number =                                                                     \
			IS_ERR(__new_thread) ? (int)PTR_ERR(__new_thread) : __new_thread->pid;     \
                                                                                                   \
		(void)(flags);                                                                     \
		if (__number > 0)                                                                  \
			wake_up_process(__new_thread);                                             \
		__number;                                                                          \
	})
#define daemonize()                         ((void)0)
#define reparent_to_init()                  ((void)0)
#define complete_and_exit(completion, code) kthread_complete_and_exit(completion, code)

#endif
