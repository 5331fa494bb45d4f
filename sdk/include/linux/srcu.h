/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SRCU_H
#define _LINUX_SRCU_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/types.h>

/* Readers of the two most recent periods, counted; readers may sleep. */
struct srcu_struct {
	unsigned int idx;
	atomic_long_t readers[2];
	struct mutex mutex;
};
#define __SRCU_STRUCT_INIT(name)                                                                   \
	{                                                                                          \
		.mutex = __MUTEX_INITIALIZER(name.mutex)                                           \
	}
#define DEFINE_SRCU(name)        struct srcu_struct name = __SRCU_STRUCT_INIT(name)
#define DEFINE_STATIC_SRCU(name) static struct srcu_struct name = __SRCU_STRUCT_INIT(name)
int init_srcu_struct(struct srcu_struct *ssp);
void cleanup_srcu_struct(struct srcu_struct *ssp);
int __srcu_read_lock(struct srcu_struct *ssp);
void __srcu_read_unlock(struct srcu_struct *ssp, int idx);
void synchronize_srcu(struct srcu_struct *ssp);
void synchronize_srcu_expedited(struct srcu_struct *ssp);
#define srcu_read_lock(ssp)               __srcu_read_lock(ssp)
#define srcu_read_unlock(ssp, idx)        __srcu_read_unlock(ssp, idx)
#define srcu_dereference(p, ssp)          READ_ONCE(p)
#define srcu_dereference_check(p, ssp, c) READ_ONCE(p)
#define srcu_read_lock_held(ssp)          1

#endif
