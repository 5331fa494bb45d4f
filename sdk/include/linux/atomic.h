/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <asm/barrier.h>
#include <asm/cmpxchg.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* The whole family for one width. x86 orders every locked instruction fully. */
#define __ATOMIC_FAMILY(atomic, atomic_type, type)                                                 \
	static __always_inline type atomic##_read(const atomic_type *v)                            \
	{                                                                                          \
		return READ_ONCE(v->counter);                                                      \
	}                                                                                          \
	static __always_inline type atomic##_read_acquire(const atomic_type *v)                    \
	{                                                                                          \
		return smp_load_acquire(&v->counter);                                              \
	}                                                                                          \
	static __always_inline void atomic##_set(atomic_type *v, type i)                           \
	{                                                                                          \
		WRITE_ONCE(v->counter, i);                                                         \
	}                                                                                          \
	static __always_inline void atomic##_set_release(atomic_type *v, type i)                   \
	{                                                                                          \
		smp_store_release(&v->counter, i);                                                 \
	}                                                                                          \
	__ATOMIC_OP(atomic, atomic_type, type, add)                                                \
	__ATOMIC_OP(atomic, atomic_type, type, sub)                                                \
	__ATOMIC_OP(atomic, atomic_type, type, and)                                                \
	__ATOMIC_OP(atomic, atomic_type, type, or)                                                 \
	__ATOMIC_OP(atomic, atomic_type, type, xor)                                                \
	static __always_inline void atomic##_andnot(type i, atomic_type *v)                        \
	{                                                                                          \
		__atomic_fetch_and(&v->counter, ~i, __ATOMIC_SEQ_CST);                             \
	}                                                                                          \
	static __always_inline type atomic##_add_return(type i, atomic_type *v)                    \
	{                                                                                          \
		return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);                       \
	}                                                                                          \
	static __always_inline type atomic##_sub_return(type i, atomic_type *v)                    \
	{                                                                                          \
		return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST);                       \
	}                                                                                          \
	static __always_inline void atomic##_inc(atomic_type *v)                                   \
	{                                                                                          \
		atomic##_add(1, v);                                                                \
	}                                                                                          \
	static __always_inline void atomic##_dec(atomic_type *v)                                   \
	{                                                                                          \
		atomic##_sub(1, v);                                                                \
	}                                                                                          \
	static __always_inline type atomic##_inc_return(atomic_type *v)                            \
	{                                                                                          \
		return atomic##_add_return(1, v);                                                  \
	}                                                                                          \
	static __always_inline type atomic##_dec_return(atomic_type *v)                            \
	{                                                                                          \
		return atomic##_sub_return(1, v);                                                  \
	}                                                                                          \
	static __always_inline type atomic##_fetch_inc(atomic_type *v)                             \
	{                                                                                          \
		return atomic##_fetch_add(1, v);                                                   \
	}                                                                                          \
	static __always_inline type atomic##_fetch_dec(atomic_type *v)                             \
	{                                                                                          \
		return atomic##_fetch_sub(1, v);                                                   \
	}                                                                                          \
	static __always_inline bool atomic##_sub_and_test(type i, atomic_type *v)                  \
	{                                                                                          \
		return atomic##_sub_return(i, v) == 0;                                             \
	}                                                                                          \
	static __always_inline bool atomic##_dec_and_test(atomic_type *v)                          \
	{                                                                                          \
		return atomic##_sub_return(1, v) == 0;                                             \
	}                                                                                          \
	static __always_inline bool atomic##_inc_and_test(atomic_type *v)                          \
	{                                                                                          \
		return atomic##_add_return(1, v) == 0;                                             \
	}                                                                                          \
	static __always_inline bool atomic##_add_negative(type i, atomic_type *v)                  \
	{                                                                                          \
		return atomic##_add_return(i, v) < 0;                                              \
	}                                                                                          \
	static __always_inline type atomic##_xchg(atomic_type *v, type i)                          \
	{                                                                                          \
		return __atomic_exchange_n(&v->counter, i, __ATOMIC_SEQ_CST);                      \
	}                                                                                          \
	static __always_inline type atomic##_cmpxchg(atomic_type *v, type old, type new)           \
	{                                                                                          \
		typeof(v->counter) found = old;                                                    \
                                                                                                   \
		__atomic_compare_exchange_n(&v->counter, &found, new, 0, __ATOMIC_SEQ_CST,         \
					    __ATOMIC_SEQ_CST);                                     \
		return found;                                                                      \
	}                                                                                          \
	static __always_inline bool atomic##_try_cmpxchg(atomic_type *v, type *old, type new)      \
	{                                                                                          \
		return __atomic_compare_exchange_n(&v->counter, (typeof(v->counter) *)old, new, 0, \
						   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);            \
	}                                                                                          \
	static __always_inline type atomic##_fetch_add_unless(atomic_type *v, type a, type u)      \
	{                                                                                          \
		type c = atomic##_read(v);                                                         \
                                                                                                   \
		do {                                                                               \
			if (c == u)                                                                \
				break;                                                             \
		} while (!atomic##_try_cmpxchg(v, &c, c + a));                                     \
		return c;                                                                          \
	}                                                                                          \
	static __always_inline bool atomic##_add_unless(atomic_type *v, type a, type u)            \
	{                                                                                          \
		return atomic##_fetch_add_unless(v, a, u) != u;                                    \
	}                                                                                          \
	static __always_inline bool atomic##_inc_not_zero(atomic_type *v)                          \
	{                                                                                          \
		return atomic##_add_unless(v, 1, 0);                                               \
	}                                                                                          \
	static __always_inline bool atomic##_inc_unless_negative(atomic_type *v)                   \
	{                                                                                          \
		type c = atomic##_read(v);                                                         \
                                                                                                   \
		do {                                                                               \
			if (c < 0)                                                                 \
				return false;                                                      \
		} while (!atomic##_try_cmpxchg(v, &c, c + 1));                                     \
		return true;                                                                       \
	}                                                                                          \
	static __always_inline type atomic##_dec_if_positive(atomic_type *v)                       \
	{                                                                                          \
		type dec, c = atomic##_read(v);                                                    \
                                                                                                   \
		do {                                                                               \
			dec = c - 1;                                                               \
			if (dec < 0)                                                               \
				break;                                                             \
		} while (!atomic##_try_cmpxchg(v, &c, dec));                                       \
		return dec;                                                                        \
	}

#define __ATOMIC_OP(atomic, atomic_type, type, op)                                                 \
	static __always_inline void atomic##_##op(type i, atomic_type *v)                          \
	{                                                                                          \
		__atomic_fetch_##op(&v->counter, i, __ATOMIC_SEQ_CST);                             \
	}                                                                                          \
	static __always_inline type atomic##_fetch_##op(type i, atomic_type *v)                    \
	{                                                                                          \
		return __atomic_fetch_##op(&v->counter, i, __ATOMIC_SEQ_CST);                      \
	}

__ATOMIC_FAMILY(atomic, atomic_t, int)
__ATOMIC_FAMILY(atomic64, atomic64_t, s64)
__ATOMIC_FAMILY(atomic_long, atomic_long_t, long)

#define atomic_add_return_relaxed      atomic_add_return
#define atomic_add_return_acquire      atomic_add_return
#define atomic_add_return_release      atomic_add_return
#define atomic_sub_return_release      atomic_sub_return
#define atomic_inc_return_relaxed      atomic_inc_return
#define atomic_dec_return_release      atomic_dec_return
#define atomic_fetch_add_relaxed       atomic_fetch_add
#define atomic_fetch_sub_release       atomic_fetch_sub
#define atomic_fetch_or_acquire        atomic_fetch_or
#define atomic_cmpxchg_relaxed         atomic_cmpxchg
#define atomic_cmpxchg_acquire         atomic_cmpxchg
#define atomic_cmpxchg_release         atomic_cmpxchg
#define atomic_try_cmpxchg_relaxed     atomic_try_cmpxchg
#define atomic_try_cmpxchg_acquire     atomic_try_cmpxchg
#define atomic_try_cmpxchg_release     atomic_try_cmpxchg
#define atomic_xchg_relaxed            atomic_xchg
#define atomic_cond_read_acquire(v, c) smp_cond_load_acquire(&(v)->counter, (c))

#endif
