/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_LLIST_H
#define _LINUX_LLIST_H

#include <linux/atomic.h>
#include <linux/kernel.h>

struct llist_head {
	struct llist_node *first;
};
struct llist_node {
	struct llist_node *next;
};
#define LLIST_HEAD_INIT(name)                                                                      \
	{                                                                                          \
		NULL                                                                               \
	}
#define LLIST_HEAD(name) struct llist_head name = LLIST_HEAD_INIT(name)
static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}
#define llist_entry(ptr, type, member) container_of(ptr, type, member)
static inline bool llist_empty(const struct llist_head *head)
{
	return READ_ONCE(head->first) == NULL;
}
static inline bool llist_add(struct llist_node *new, struct llist_head *head)
{
	struct llist_node *first;

	do {
		first = READ_ONCE(head->first);
		new->next = first;
	} while (cmpxchg(&head->first, first, new) != first);
	return !first;
}
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}
#define llist_for_each_entry_safe(pos, n, node, member)                                            \
	for (pos = llist_entry((node), typeof(*pos), member);                                      \
	     (uintptr_t)(pos) + offsetof(typeof(*(pos)), member) != 0 &&                           \
	     (n = llist_entry(pos->member.next, typeof(*n), member), true);                        \
	     pos = n)

#endif
