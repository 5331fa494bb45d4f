// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A list that a thread reads under RCU while entries are replaced: no reader
 * may meet an entry that was freed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>

#define ALIVE 0x600dL
#define DEAD  0xbadL

static unsigned int rounds = 200;
module_param(rounds, uint, 0444);

struct entry {
	struct list_head list;
	struct rcu_head rcu;
	long state;
	int number;
};

static LIST_HEAD(entries);
static DEFINE_SPINLOCK(lock);
static long dead_seen, too_short;
static atomic_t freed = ATOMIC_INIT(0);
static DECLARE_COMPLETION(reading);

static int read_list(void *data)
{
	struct entry *entry;

	complete(&reading);
	while (!kthread_should_stop()) {
		int length = 0;

		rcu_read_lock();
		list_for_each_entry_rcu(entry, &entries, list)
		{
			if (READ_ONCE(entry->state) != ALIVE)
				dead_seen++;
			length++;
		}
		rcu_read_unlock();
		/* Entries are added before others are taken out. */
		if (length < 3)
			too_short++;
		cond_resched();
	}
	return 0;
}

static void free_entry(struct rcu_head *head)
{
	struct entry *entry = container_of(head, struct entry, rcu);

	entry->state = DEAD;
	kfree(entry);
	atomic_inc(&freed);
}

static int add(int number)
{
	struct entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return -ENOMEM;
	entry->state = ALIVE;
	entry->number = number;
	spin_lock(&lock);
	list_add_tail_rcu(&entry->list, &entries);
	spin_unlock(&lock);
	return 0;
}

static struct entry *take_first(void)
{
	struct entry *entry;

	spin_lock(&lock);
	entry = list_first_entry_or_null(&entries, struct entry, list);
	if (entry)
		list_del_rcu(&entry->list);
	spin_unlock(&lock);
	return entry;
}

static void replace(unsigned int round)
{
	struct entry *old;

	if (add(round))
		return;
	old = take_first();
	if (round % 2) {
		call_rcu(&old->rcu, free_entry);
	} else {
		synchronize_rcu();
		free_entry(&old->rcu);
	}
}

DEFINE_STATIC_SRCU(srcu);

static void sleepable(void)
{
	int idx = srcu_read_lock(&srcu);

	schedule_timeout_uninterruptible(1);
	srcu_read_unlock(&srcu, idx);
	synchronize_srcu(&srcu);
	pr_info("srcu: a reader slept, the writer waited\n");
}

static int __init rcu_list_init(void)
{
	struct task_struct *reader;
	struct entry *entry;
	unsigned int i;

	for (i = 0; i < 3; i++)
		if (add(-1))
			return -ENOMEM;
	reader = kthread_run(read_list, NULL, "reader");
	if (IS_ERR(reader))
		return PTR_ERR(reader);
	wait_for_completion(&reading);
	for (i = 0; i < rounds; i++)
		replace(i);
	kthread_stop(reader);
	rcu_barrier();
	pr_info("freed %d of %u, dead seen %ld, too short %ld\n", atomic_read(&freed), rounds,
		dead_seen, too_short);
	while ((entry = take_first()))
		kfree_rcu(entry, rcu);
	rcu_barrier();
	sleepable();
	return 0;
}

static void __exit rcu_list_exit(void)
{
	/* kfree_rcu of 6.1 and later may take longer than rcu_barrier knows of. */
	synchronize_rcu();
}

module_init(rcu_list_init);
module_exit(rcu_list_exit);
MODULE_DESCRIPTION("Readers without locks");
MODULE_LICENSE("GPL");
