/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_BITOPS_H
#define _ASM_BITOPS_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

static __always_inline void __set_bit(long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
}
static __always_inline void __clear_bit(long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}
static __always_inline void __change_bit(long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] ^= BIT_MASK(nr);
}
static __always_inline bool test_bit(long nr, const volatile unsigned long *addr)
{
	return (addr[BIT_WORD(nr)] & BIT_MASK(nr)) != 0;
}
static __always_inline bool test_bit_acquire(long nr, const volatile unsigned long *addr)
{
	return test_bit(nr, addr);
}
static __always_inline bool __test_and_set_bit(long nr, volatile unsigned long *addr)
{
	bool old = test_bit(nr, addr);

	__set_bit(nr, addr);
	return old;
}
static __always_inline bool __test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	bool old = test_bit(nr, addr);

	__clear_bit(nr, addr);
	return old;
}
static __always_inline bool __test_and_change_bit(long nr, volatile unsigned long *addr)
{
	bool old = test_bit(nr, addr);

	__change_bit(nr, addr);
	return old;
}

static __always_inline void set_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_SEQ_CST);
}
static __always_inline void clear_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_SEQ_CST);
}
static __always_inline void change_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_SEQ_CST);
}
static __always_inline bool test_and_set_bit(long nr, volatile unsigned long *addr)
{
	return (__atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_SEQ_CST) &
		BIT_MASK(nr)) != 0;
}
static __always_inline bool test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	return (__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_SEQ_CST) &
		BIT_MASK(nr)) != 0;
}
static __always_inline bool test_and_change_bit(long nr, volatile unsigned long *addr)
{
	return (__atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_SEQ_CST) &
		BIT_MASK(nr)) != 0;
}
#define test_and_set_bit_lock(nr, addr) test_and_set_bit(nr, addr)
static __always_inline void clear_bit_unlock(long nr, volatile unsigned long *addr)
{
	barrier();
	clear_bit(nr, addr);
}
#define __clear_bit_unlock(nr, addr) clear_bit_unlock(nr, addr)
#define smp_mb__before_clear_bit()   barrier()
#define smp_mb__after_clear_bit()    barrier()

static __always_inline unsigned long __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}
static __always_inline unsigned long ffz(unsigned long word)
{
	return __builtin_ctzl(~word);
}
static __always_inline unsigned long __fls(unsigned long word)
{
	return 63 - __builtin_clzl(word);
}
static __always_inline int ffs(int x)
{
	return x ? __builtin_ctz(x) + 1 : 0;
}
static __always_inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}
static __always_inline int fls64(__u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}
static __always_inline unsigned int fls_long(unsigned long l)
{
	return fls64(l);
}
static __always_inline unsigned long __ffs64(u64 word)
{
	return __builtin_ctzll(word);
}

/* Population count without the instruction: sums in ever wider fields. */
static __always_inline unsigned long hweight64(__u64 w)
{
	w -= (w >> 1) & 0x5555555555555555ul;
	w = (w & 0x3333333333333333ul) + ((w >> 2) & 0x3333333333333333ul);
	w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0ful;
	return (w * 0x0101010101010101ul) >> 56;
}
static __always_inline unsigned int hweight32(unsigned int w)
{
	return hweight64(w);
}
static __always_inline unsigned int hweight16(unsigned int w)
{
	return hweight64(w & 0xffff);
}
static __always_inline unsigned int hweight8(unsigned int w)
{
	return hweight64(w & 0xff);
}
static __always_inline unsigned long hweight_long(unsigned long w)
{
	return hweight64(w);
}

#include <linux/find.h>

#endif
