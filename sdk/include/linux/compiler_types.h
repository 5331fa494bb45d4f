/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_COMPILER_TYPES_H
#define _LINUX_COMPILER_TYPES_H

/* What every translation unit may use without including anything. */

#ifndef __ASSEMBLY__

#define __user
#define __kernel
#define __iomem
#define __rcu
#define __percpu
#define __force
#define __safe
#define __nocast
#define __private
#define __bitwise
#define __acquires(x)
#define __releases(x)
#define __must_hold(x)
#define __acquire(x)             ((void)0)
#define __release(x)             ((void)0)
#define __cond_lock(x, c)        (c)
#define __chk_user_ptr(x)        ((void)0)
#define __chk_io_ptr(x)          ((void)0)

#define ___PASTE(a, b)           a##b
#define __PASTE(a, b)            ___PASTE(a, b)
#define __UNIQUE_ID(prefix)      __PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)

#define __alias(symbol)          __attribute__((__alias__(#symbol)))
#define __aligned(x)             __attribute__((__aligned__(x)))
#define __aligned_largest        __attribute__((__aligned__))
#define __always_unused          __attribute__((__unused__))
#define __maybe_unused           __attribute__((__unused__))
#define __assume_aligned(a, ...) __attribute__((__assume_aligned__(a, ##__VA_ARGS__)))
#define __attribute_const__      __attribute__((__const__))
#define __cleanup(function)      __attribute__((__cleanup__(function)))
#define __cold                   __attribute__((__cold__))
#define __deprecated
#define __designated_init
#define __gnu_inline         __attribute__((__gnu_inline__))
#define __malloc             __attribute__((__malloc__))
#define __alloc_size(x, ...) __attribute__((__alloc_size__(x, ##__VA_ARGS__)))
#define __mode(x)            __attribute__((__mode__(x)))
#define __must_check         __attribute__((__warn_unused_result__))
#define __nonstring
#define __noclone
#define __noreturn          __attribute__((__noreturn__))
#define __packed            __attribute__((__packed__))
#define __printf(a, b)      __attribute__((__format__(printf, a, b)))
#define __scanf(a, b)       __attribute__((__format__(scanf, a, b)))
#define __pure              __attribute__((__pure__))
#define __section(name)     __attribute__((__section__(name)))
#define __transparent_union __attribute__((__transparent_union__))
#define __used              __attribute__((__used__))
#define __visible           __attribute__((__externally_visible__))
#define __weak              __attribute__((__weak__))
#define __latent_entropy
#define __randomize_layout
#define __no_randomize_layout
#define randomized_struct_fields_start
#define randomized_struct_fields_end
#define __noscs
#define __nocfi
#define __no_kcsan
#define __no_sanitize_address
#define __no_profile
#define __noinitretpoline
#define __no_kasan_or_inline __always_inline
#define __counted_by(member)
#define asm_inline         asm
#define notrace            __attribute__((__no_instrument_function__))
#define noinstr            notrace noinline __section(".noinstr.text")
#define noinline           __attribute__((__noinline__))
#define noinline_for_stack noinline
#define __always_inline    inline __attribute__((__always_inline__))
#define __flatten          __attribute__((__flatten__))
#define __inline inline
#define __inline__ inline
#define fallthrough __attribute__((__fallthrough__))
#ifdef __clang__
#undef __visible
#define __visible __attribute__((__used__))
#define __copy(symbol)
#else
#define __copy(symbol) __attribute__((__copy__(symbol)))
#endif

#define __has_attribute_copy              1
#define __compiletime_error(message)      __attribute__((__error__(message)))
#define __compiletime_warning(message)    __attribute__((__warning__(message)))
#define __compiletime_object_size(object) __builtin_object_size(object, 0)
#define __same_type(a, b)                 __builtin_types_compatible_p(typeof(a), typeof(b))
#define __native_word(t)                                                                           \
	(sizeof(t) == sizeof(char) || sizeof(t) == sizeof(short) || sizeof(t) == sizeof(int) ||    \
	 sizeof(t) == sizeof(long))

#endif /* !__ASSEMBLY__ */

#endif
