/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _RING3_24_UACCESS_H
#define _RING3_24_UACCESS_H

/*
 * get_user() and put_user() are one instruction in the module itself, with an
 * entry in its exception table; the rest is the kernel's.
 */
#include <asm/extable.h>
#include_next <asm/uaccess.h>

/* One mov of a value of 1, 2, 4 or 8 bytes; error becomes -EFAULT if it faults. */
#define __ring3_mov(insn, error, to_kind, target, from_kind, source)                               \
	asm volatile("1:	" insn " %[from], %[to]\n"                                         \
		     "2:\n"                                                                        \
		     "	.section .fixup,\"ax\"\n"                                                   \
		     "3:	mov %[efault], %[err]\n"                                                  \
		     "	jmp 2b\n"                                                                   \
		     "	.previous\n" _ASM_EXTABLE(1b, 3b)                                          \
		     : [err] "+r"(error), [to] to_kind(target)                                     \
		     : [from] from_kind(source), [efault] "i"(-EFAULT))
#define __ring3_get(insn, error, value, from) __ring3_mov(insn, error, "=q", value, "m", *(from))
#define __ring3_put(insn, error, value, to)   __ring3_mov(insn, error, "=m", *(to), "q", value)

void __get_user_bad(void) __compiletime_error("get_user() of a size that is no integer's");
void __put_user_bad(void) __compiletime_error("put_user() of a size that is no integer's");

#undef get_user
#undef put_user
#undef __get_user
#undef __put_user
/* Without a check of the address. */
#define __get_user(x, ptr)                                                                         \
	({                                                                                         \
		const void __user *__gu_from = absolute_pointer(ptr);                              \
		int __gu_error = 0;                                                                \
		unsigned char __gu_b = 0;                                                          \
		unsigned short __gu_w = 0;                                                         \
		unsigned int __gu_l = 0;                                                           \
		unsigned long __gu_q = 0;                                                          \
                                                                                                   \
		switch (sizeof(*(ptr))) {                                                          \
		case 1:                                                                            \
			__ring3_get("movb", __gu_error, __gu_b, (const u8 *)__gu_from);            \
			__gu_q = __gu_b;                                                           \
			break;                                                                     \
		case 2:                                                                            \
			__ring3_get("movw", __gu_error, __gu_w, (const u16 *)__gu_from);           \
			__gu_q = __gu_w;                                                           \
			break;                                                                     \
		case 4:                                                                            \
			__ring3_get("movl", __gu_error, __gu_l, (const u32 *)__gu_from);           \
			__gu_q = __gu_l;                                                           \
			break;                                                                     \
		case 8:                                                                            \
			__ring3_get("movq", __gu_error, __gu_q, (const u64 *)__gu_from);           \
			break;                                                                     \
		default:                                                                           \
			__get_user_bad();                                                          \
		}                                                                                  \
		(x) = (typeof(*(ptr)))(__gu_error ? 0 : __gu_q);                                   \
		__gu_error;                                                                        \
	})
#define __put_user(x, ptr)                                                                         \
	({                                                                                         \
		void __user *__pu_to = absolute_pointer(ptr);                                      \
		unsigned long __pu_value = (unsigned long)(typeof(*(ptr)))(x);                     \
		int __pu_error = 0;                                                                \
                                                                                                   \
		switch (sizeof(*(ptr))) {                                                          \
		case 1:                                                                            \
			__ring3_put("movb", __pu_error, (u8)__pu_value, (u8 *)__pu_to);            \
			break;                                                                     \
		case 2:                                                                            \
			__ring3_put("movw", __pu_error, (u16)__pu_value, (u16 *)__pu_to);          \
			break;                                                                     \
		case 4:                                                                            \
			__ring3_put("movl", __pu_error, (u32)__pu_value, (u32 *)__pu_to);          \
			break;                                                                     \
		case 8:                                                                            \
			__ring3_put("movq", __pu_error, __pu_value, (u64 *)__pu_to);               \
			break;                                                                     \
		default:                                                                           \
			__put_user_bad();                                                          \
		}                                                                                  \
		__pu_error;                                                                        \
	})
#define get_user(x, ptr)                                                                           \
	({                                                                                         \
		const typeof(*(ptr)) __user *__gu_pointer = (ptr);                                 \
		int __gu_result = -EFAULT;                                                         \
                                                                                                   \
		if (access_ok(__gu_pointer, sizeof(*__gu_pointer)))                                \
			__gu_result = __get_user(x, __gu_pointer);                                 \
		else                                                                               \
			(x) = (typeof(*(ptr)))0;                                                   \
		__gu_result;                                                                       \
	})
#define put_user(x, ptr)                                                                           \
	({                                                                                         \
		typeof(*(ptr)) __user *__pu_pointer = (ptr);                                       \
                                                                                                   \
		access_ok(__pu_pointer, sizeof(*__pu_pointer)) ? __put_user(x, __pu_pointer)       \
							       : -EFAULT;                          \
	})

#endif
