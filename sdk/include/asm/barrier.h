/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#define mb()                        __asm__ __volatile__("mfence" : : : "memory")
#define rmb()                       __asm__ __volatile__("lfence" : : : "memory")
#define wmb()                       __asm__ __volatile__("sfence" : : : "memory")
#define smp_mb()                    __asm__ __volatile__("lock; addl $0,-4(%%rsp)" : : : "memory", "cc")
#define smp_rmb()                   barrier()
#define smp_wmb()                   barrier()
#define dma_rmb()                   barrier()
#define dma_wmb()                   barrier()
#define smp_mb__before_atomic()     barrier()
#define smp_mb__after_atomic()      barrier()
#define smp_mb__after_spinlock()    barrier()
#define smp_mb__after_unlock_lock() barrier()
#define smp_store_mb(var, value)                                                                   \
	do {                                                                                       \
		WRITE_ONCE(var, value);                                                            \
		smp_mb();                                                                          \
	} while (0)
#define smp_store_release(pointer, value)                                                          \
	do {                                                                                       \
		barrier();                                                                         \
		WRITE_ONCE(*(pointer), value);                                                     \
	} while (0)
#define smp_load_acquire(pointer)                                                                  \
	({                                                                                         \
		typeof(*(pointer)) __loaded = READ_ONCE(*(pointer));                               \
		barrier();                                                                         \
		__loaded;                                                                          \
	})
#define smp_acquire__after_ctrl_dep() barrier()
#define smp_cond_load_relaxed(pointer, condition)                                                  \
	({                                                                                         \
		typeof(*(pointer)) VAL;                                                            \
		for (;;) {                                                                         \
			VAL = READ_ONCE(*(pointer));                                               \
			if (condition)                                                             \
				break;                                                             \
			__builtin_ia32_pause();                                                    \
		}                                                                                  \
		VAL;                                                                               \
	})
#define smp_cond_load_acquire(pointer, condition) smp_cond_load_relaxed(pointer, condition)

#endif
