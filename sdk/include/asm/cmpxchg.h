/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_CMPXCHG_H
#define _ASM_CMPXCHG_H

#include <linux/compiler.h>

#define xchg(ptr, value)                                                                           \
	({                                                                                         \
		typeof(ptr) __xchg_ptr = (ptr);                                                    \
		typeof(*(ptr)) __xchg_new = (typeof(*(ptr)))(value), __xchg_old;                   \
		__atomic_exchange(__xchg_ptr, &__xchg_new, &__xchg_old, __ATOMIC_SEQ_CST);         \
		__xchg_old;                                                                        \
	})
#define cmpxchg(ptr, old, new)                                                                     \
	({                                                                                         \
		typeof(ptr) __cx_ptr = (ptr);                                                      \
		typeof(*(ptr)) __cx_old = (typeof(*(ptr)))(old), __cx_new = (typeof(*(ptr)))(new); \
		__atomic_compare_exchange(__cx_ptr, &__cx_old, &__cx_new, 0, __ATOMIC_SEQ_CST,     \
					  __ATOMIC_SEQ_CST);                                       \
		__cx_old;                                                                          \
	})
#define try_cmpxchg(ptr, oldp, new)                                                                \
	({                                                                                         \
		typeof(*(ptr)) __tcx_new = (new);                                                  \
		__atomic_compare_exchange((ptr), (oldp), &__tcx_new, 0, __ATOMIC_SEQ_CST,          \
					  __ATOMIC_SEQ_CST);                                       \
	})
#define xchg_relaxed    xchg
#define xchg_acquire    xchg
#define xchg_release    xchg
#define cmpxchg_relaxed cmpxchg
#define cmpxchg_acquire cmpxchg
#define cmpxchg_release cmpxchg
#define cmpxchg64       cmpxchg
#define cmpxchg_local   cmpxchg

#endif
