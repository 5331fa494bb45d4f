/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

#define list_next_rcu(list) (*((struct list_head __rcu **)(&(list)->next)))

static inline void list_add_rcu(struct list_head *new, struct list_head *head)
{
	new->next = head->next;
	new->prev = head;
	rcu_assign_pointer(list_next_rcu(head), new);
	new->next->prev = new;
}
static inline void list_add_tail_rcu(struct list_head *new, struct list_head *head)
{
	new->next = head;
	new->prev = head->prev;
	rcu_assign_pointer(list_next_rcu(head->prev), new);
	head->prev = new;
}
/* next stays as it is: a reader may be standing on the entry. */
static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}
static inline void list_replace_rcu(struct list_head *old, struct list_head *new)
{
	new->next = old->next;
	new->prev = old->prev;
	rcu_assign_pointer(list_next_rcu(new->prev), new);
	new->next->prev = new;
	old->prev = LIST_POISON2;
}
#define list_entry_rcu(ptr, type, member) container_of(READ_ONCE(ptr), type, member)
#define list_first_or_null_rcu(ptr, type, member)                                                  \
	({                                                                                         \
		struct list_head *__ptr = (ptr);                                                   \
		struct list_head *__next = READ_ONCE(__ptr->next);                                 \
		__ptr != __next ? list_entry_rcu(__next, type, member) : NULL;                     \
	})
#define list_for_each_entry_rcu(pos, head, member, cond...)                                        \
	for (pos = list_entry_rcu((head)->next, typeof(*pos), member); &pos->member != (head);     \
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_srcu list_for_each_entry_rcu

#define hlist_first_rcu(head)    (*((struct hlist_node __rcu **)(&(head)->first)))
#define hlist_next_rcu(node)     (*((struct hlist_node __rcu **)(&(node)->next)))
static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	rcu_assign_pointer(hlist_first_rcu(h), n);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
}
static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	WRITE_ONCE(n->pprev, LIST_POISON2);
}
static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (!hlist_unhashed(n)) {
		__hlist_del(n);
		WRITE_ONCE(n->pprev, NULL);
	}
}
#define hlist_for_each_entry_rcu(pos, head, member, cond...)                                       \
	for (pos = hlist_entry_safe(READ_ONCE((head)->first), typeof(*(pos)), member); pos;        \
	     pos = hlist_entry_safe(READ_ONCE((pos)->member.next), typeof(*(pos)), member))

#endif
