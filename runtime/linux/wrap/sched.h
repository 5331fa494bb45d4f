/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux compiles kernel/sched/{wait,swait,completion,wait_bit}.c as parts of
 * build_utility.c, whose includes they lean on.
 */
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/rt.h>
#include <linux/sched/debug.h>
#include <linux/completion.h>
#include <linux/hash.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/swait.h>
#include <linux/wait.h>
#include <linux/wait_bit.h>

/* kernel/sched/sched.h: shared by swait.c and completion.c */
void swake_up_all_locked(struct swait_queue_head *q);
void __prepare_to_swait(struct swait_queue_head *q, struct swait_queue *wait);
