// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The address space that tasks have which are not the kernel's own threads.
 * What lies in it is the host's business: nothing is mapped as far as Linux's
 * code can see, and nobody gives it up. Modules ask whether there is one.
 */
#include <linux/maple_tree.h>
#include <linux/mm_types.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/user_namespace.h>
#include "machine.h"

struct mm_struct r3_user_mm = {
	.mm_mt = MTREE_INIT_EXT(mm_mt, MM_MT_FLAGS, r3_user_mm.mmap_lock),
	.mm_users = ATOMIC_INIT(2),
	.mm_count = ATOMIC_INIT(1),
	.mmap_lock = __RWSEM_INITIALIZER(r3_user_mm.mmap_lock),
	.page_table_lock = __SPIN_LOCK_UNLOCKED(r3_user_mm.page_table_lock),
	.arg_lock = __SPIN_LOCK_UNLOCKED(r3_user_mm.arg_lock),
	.mmlist = LIST_HEAD_INIT(r3_user_mm.mmlist),
	.user_ns = &init_user_ns,
	.cpu_bitmap = CPU_BITS_NONE,
};
