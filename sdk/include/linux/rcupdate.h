/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/types.h>

void __rcu_read_lock(void);
void __rcu_read_unlock(void);
static inline void rcu_read_lock(void)
{
	__rcu_read_lock();
}
static inline void rcu_read_unlock(void)
{
	__rcu_read_unlock();
}
#define rcu_read_lock_bh()         local_bh_disable()
#define rcu_read_unlock_bh()       local_bh_enable()
#define rcu_read_lock_sched()      preempt_disable()
#define rcu_read_unlock_sched()    preempt_enable()
#define rcu_read_lock_held()       1
#define rcu_read_lock_bh_held()    1
#define rcu_read_lock_sched_held() 1
#define rcu_read_lock_any_held()   1

void synchronize_rcu(void);
void synchronize_rcu_expedited(void);
void call_rcu(struct rcu_head *head, rcu_callback_t func);
void rcu_barrier(void);
void kvfree_call_rcu(struct rcu_head *head, rcu_callback_t func);
#define synchronize_net()        synchronize_rcu()

#define RCU_INITIALIZER(v)       (typeof(*(v)) __force __rcu *)(v)
#define rcu_assign_pointer(p, v) smp_store_release(&(p), (v))
#define rcu_replace_pointer(rcu_ptr, ptr, c)                                                       \
	({                                                                                         \
		typeof(ptr) __tmp = (rcu_ptr);                                                     \
		rcu_assign_pointer((rcu_ptr), (ptr));                                              \
		__tmp;                                                                             \
	})
#define RCU_INIT_POINTER(p, v)          WRITE_ONCE(p, v)
#define RCU_POINTER_INITIALIZER(p, v)   .p = (v)
#define rcu_access_pointer(p)           READ_ONCE(p)
#define rcu_dereference_raw(p)          READ_ONCE(p)
#define rcu_dereference(p)              READ_ONCE(p)
#define rcu_dereference_bh(p)           READ_ONCE(p)
#define rcu_dereference_sched(p)        READ_ONCE(p)
#define rcu_dereference_check(p, c)     READ_ONCE(p)
#define rcu_dereference_protected(p, c) (p)
#define rcu_dereference_raw_check(p)    READ_ONCE(p)
#define rcu_pointer_handoff(p)          (p)
#define RCU_LOCKDEP_WARN(c, s)          ((void)0)
#define init_rcu_head(head)             ((void)(head))
#define destroy_rcu_head(head)          ((void)(head))
#define __is_kvfree_rcu_offset(offset)  ((offset) < 4096)

/* The "callback" is the offset of the rcu_head in the object to be freed. */
#define kfree_rcu(ptr, rhf)                                                                        \
	do {                                                                                       \
		typeof(ptr) ___p = (ptr);                                                          \
		if (___p)                                                                          \
			kvfree_call_rcu(&___p->rhf, (rcu_callback_t)(unsigned long)offsetof(       \
							    typeof(*___p), rhf));                  \
	} while (0)
#define kvfree_rcu(ptr, rhf) kfree_rcu(ptr, rhf)

#endif
