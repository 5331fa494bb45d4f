/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#include <linux/compiler_types.h>

#ifndef __ASSEMBLY__

#define likely(x)               __builtin_expect(!!(x), 1)
#define unlikely(x)             __builtin_expect(!!(x), 0)
#define barrier()               __asm__ __volatile__("" : : : "memory")
#define barrier_data(pointer)   __asm__ __volatile__("" : : "r"(pointer) : "memory")
#define unreachable()           __builtin_unreachable()
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))
#define RELOC_HIDE(pointer, offset)                                                                \
	({                                                                                         \
		unsigned long __address;                                                           \
		__asm__("" : "=r"(__address) : "0"(pointer));                                      \
		(typeof(pointer))(__address + (offset));                                           \
	})
#define absolute_pointer(value) RELOC_HIDE((void *)(value), 0)
#define is_signed_type(type)    (((type)(-1)) < (__force type)1)
#define is_unsigned_type(type)  (!is_signed_type(type))

/* An array, not a pointer: else the negative width is an error. */
#define __must_be_array(a)      ((int)sizeof(struct { int : (-!!(__same_type((a), &(a)[0]))); }))

/* The value of x without const and volatile. */
#define __unqual_scalar_typeof(x)                                                                  \
	typeof(_Generic((x), char                                                                  \
			: (char)0, unsigned char                                                   \
			: (unsigned char)0, signed char                                            \
			: (signed char)0, unsigned short                                           \
			: (unsigned short)0, short                                                 \
			: (short)0, unsigned int                                                   \
			: (unsigned int)0, int                                                     \
			: (int)0, unsigned long                                                    \
			: (unsigned long)0, long                                                   \
			: (long)0, unsigned long long                                              \
			: (unsigned long long)0, long long                                         \
			: (long long)0, default                                                    \
			: (x)))

#define __READ_ONCE(x) (*(const volatile __unqual_scalar_typeof(x) *)&(x))
#define READ_ONCE(x)   (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value)                                                                       \
	do {                                                                                       \
		*(volatile typeof(x) *)&(x) = (value);                                             \
	} while (0)
#define data_race(expression)      (expression)
#define READ_ONCE_NOCHECK(x)       READ_ONCE(x)
#define ASSERT_EXCLUSIVE_WRITER(x) ((void)0)
#define ASSERT_EXCLUSIVE_ACCESS(x) ((void)0)

/* Keep a symbol that nothing else refers to; modpost reads it, the link drops it. */
#define ___ADDRESSABLE(symbol, attributes)                                                         \
	static void *__used attributes __UNIQUE_ID(__PASTE(__addressable_, symbol)) =              \
		(void *)&symbol;
#define __ADDRESSABLE(symbol) ___ADDRESSABLE(symbol, __section(".discard.addressable"))

#define __compiletime_assert(condition, message, function)                                         \
	do {                                                                                       \
		__noreturn extern void function(void) __compiletime_error(message);                \
		if (!(condition))                                                                  \
			function();                                                                \
	} while (0)
#define compiletime_assert(condition, message)                                                     \
	__compiletime_assert(condition, message, __PASTE(__compiletime_assert_, __COUNTER__))
#define compiletime_assert_atomic_type(t)                                                          \
	compiletime_assert(__native_word(t), "Need native word sized stores/loads for atomicity.")

#include <asm/barrier.h>

#endif /* !__ASSEMBLY__ */

#endif
