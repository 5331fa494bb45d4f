/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _ASM_UACCESS_H
#define _ASM_UACCESS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

bool access_ok(const void __user *addr, unsigned long size);
unsigned long __must_check raw_copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long __must_check raw_copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long __must_check _copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long __must_check _copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long __must_check clear_user(void __user *to, unsigned long n);
long strncpy_from_user(char *dst, const char __user *src, long count);
long strnlen_user(const char __user *str, long n);
void *memdup_user(const void __user *src, size_t len);
void *memdup_user_nul(const void __user *src, size_t len);
char *strndup_user(const char __user *s, long n);
#define __copy_from_user raw_copy_from_user
#define __copy_to_user   raw_copy_to_user
#define copy_from_user   _copy_from_user
#define copy_to_user     _copy_to_user

#define get_user(x, ptr)                                                                           \
	({                                                                                         \
		typeof(*(ptr)) __gu_value;                                                         \
		int __gu_error = 0;                                                                \
		if (raw_copy_from_user(&__gu_value, (ptr), sizeof(__gu_value))) {                  \
			memset(&__gu_value, 0, sizeof(__gu_value));                                \
			__gu_error = -EFAULT;                                                      \
		}                                                                                  \
		(x) = (typeof(x))__gu_value;                                                       \
		__gu_error;                                                                        \
	})
#define put_user(x, ptr)                                                                           \
	({                                                                                         \
		typeof(*(ptr)) __pu_value = (x);                                                   \
		raw_copy_to_user((ptr), &__pu_value, sizeof(__pu_value)) ? -EFAULT : 0;            \
	})
#define __get_user get_user
#define __put_user put_user

#endif
