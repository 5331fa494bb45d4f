/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between workqueue.c, where works are queued and run, and workqueue_life.c. */
#ifndef RING3_WORKQUEUE_H
#define RING3_WORKQUEUE_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "builtin.h"

/*
 * work_struct.data. While queued: the channel's address and these bits; else
 * the number of the pool where it ran last, from WORK_POOL_SHIFT on.
 */
#define WORK_PENDING    1UL /* somebody has the right to queue it, or it is queued */
#define WORK_QUEUED     2UL
#define WORK_INACTIVE   4UL /* queued: waiting, its workqueue has enough in the pool */
#define WORK_CANCELING  4UL /* not queued: whoever has WORK_PENDING keeps it for a while */
#define WORK_BITS       7UL
#define WORK_POOL_SHIFT 3

struct pool {
	raw_spinlock_t lock;
	int cpu;                 /* -1: any */
	unsigned int limit;      /* of nr_running */
	unsigned int nr_running; /* workers that are awake and not idle */
	unsigned int nr_free;    /* of those: not in a work, about to look for one */
	unsigned int nr_workers;
	struct list_head works;   /* to be started, in order */
	struct list_head workers; /* all of them */
	struct list_head idle;
};

struct worker {
	struct list_head all, idle;
	struct pool *pool;
	struct task_struct *task;
	struct list_head scheduled; /* works that must wait for the current one to end */
	bool asleep;                /* not counted in nr_running */
	bool apart;                 /* and will not be, until the current work ends */
	/* the work being run; NULL */
	struct work_struct *work;
	work_func_t function;
	struct workqueue_struct *wq;
	struct channel *channel;
	unsigned long ticket;
};

/* A workqueue's part in a pool. */
struct channel {
	struct workqueue_struct *wq;
	struct pool *pool;
	unsigned int active;       /* in the pool's list or running */
	struct list_head inactive; /* over the limit, in order */
};

/* Somebody who waits until no work with a ticket in that range is left. */
struct flusher {
	struct list_head list;
	unsigned long first, last;
	unsigned int remaining;
	struct completion done;
};

struct workqueue_struct {
	raw_spinlock_t lock; /* taken inside of a pool's */
	unsigned long last_ticket;
	unsigned int unfinished;
	struct list_head flushers;
	unsigned int flags;
	unsigned int max_active;
	unsigned int nr_drainers;
	char name[24];
	unsigned int nr_channels;
	struct channel channels[]; /* one for each CPU, or one for all */
};

struct pool *workqueue_pool(int cpu);
void workqueue_activate(struct workqueue_struct *wq);

#endif
