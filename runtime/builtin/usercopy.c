// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory of the client that called: addresses are checked, faults are fixed up. */
#include <asm/uaccess.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "builtin.h"

/* EX_TYPE_UACCESS of arch/x86/include/asm/extable_fixup_types.h: go on at the fixup. */
#define FIXUP_USER "3"

bool access_ok(const void __user *addr, unsigned long size)
{
	unsigned long offset = (unsigned long)addr - boot_info->user_base;

	return size <= boot_info->user_size && offset <= boot_info->user_size - size;
}
EXPORT_SYMBOL(access_ok);

/* Bytes not copied: what rcx holds when a fault ends the instruction. */
static unsigned long copy_checked(void *to, const void *from, unsigned long n)
{
	asm volatile("1:	rep movsb\n"
		     "2:\n"
		     "	.pushsection __ex_table, \"a\"\n"
		     "	.balign 4\n"
		     "	.long 1b - .\n"
		     "	.long 2b - .\n"
		     "	.long " FIXUP_USER "\n"
		     "	.popsection\n"
		     : "+D"(to), "+S"(from), "+c"(n)
		     :
		     : "memory");
	return n;
}

static unsigned long clear_checked(void *to, unsigned long n)
{
	asm volatile("1:	rep stosb\n"
		     "2:\n"
		     "	.pushsection __ex_table, \"a\"\n"
		     "	.balign 4\n"
		     "	.long 1b - .\n"
		     "	.long 2b - .\n"
		     "	.long " FIXUP_USER "\n"
		     "	.popsection\n"
		     : "+D"(to), "+c"(n)
		     : "a"(0)
		     : "memory");
	return n;
}

unsigned long raw_copy_from_user(void *to, const void __user *from, unsigned long n)
{
	return access_ok(from, n) ? copy_checked(to, from, n) : n;
}
EXPORT_SYMBOL(raw_copy_from_user);

unsigned long raw_copy_to_user(void __user *to, const void *from, unsigned long n)
{
	return access_ok(to, n) ? copy_checked(to, from, n) : n;
}
EXPORT_SYMBOL(raw_copy_to_user);

/* What could not be read is zero. */
unsigned long _copy_from_user(void *to, const void __user *from, unsigned long n)
{
	unsigned long left = raw_copy_from_user(to, from, n);

	if (unlikely(left))
		memset(to + n - left, 0, left);
	return left;
}
EXPORT_SYMBOL(_copy_from_user);

unsigned long _copy_to_user(void __user *to, const void *from, unsigned long n)
{
	return raw_copy_to_user(to, from, n);
}
EXPORT_SYMBOL(_copy_to_user);

unsigned long clear_user(void __user *to, unsigned long n)
{
	return access_ok(to, n) ? clear_checked(to, n) : n;
}
EXPORT_SYMBOL(clear_user);

/* Length without NUL, count if there is none in so many bytes, -EFAULT. */
long strncpy_from_user(char *dst, const char __user *src, long count)
{
	long i;

	for (i = 0; i < count; i++) {
		if (raw_copy_from_user(dst + i, src + i, 1))
			return -EFAULT;
		if (!dst[i])
			break;
	}
	return i;
}
EXPORT_SYMBOL(strncpy_from_user);

/* Length with NUL, more than n if there is none in n bytes, 0: a fault. */
long strnlen_user(const char __user *str, long n)
{
	long i;
	char c;

	for (i = 0; i < n; i++) {
		if (raw_copy_from_user(&c, str + i, 1))
			return 0;
		if (!c)
			return i + 1;
	}
	return n + 1;
}
EXPORT_SYMBOL(strnlen_user);

static void *duplicate(const void __user *src, size_t len, bool terminate)
{
	char *copy = kmalloc(len + terminate, GFP_USER | __GFP_NOWARN);

	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(copy, src, len)) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	if (terminate)
		copy[len] = '\0';
	return copy;
}

void *memdup_user(const void __user *src, size_t len)
{
	return duplicate(src, len, false);
}
EXPORT_SYMBOL(memdup_user);

void *memdup_user_nul(const void __user *src, size_t len)
{
	return duplicate(src, len, true);
}
EXPORT_SYMBOL(memdup_user_nul);

char *strndup_user(const char __user *s, long n)
{
	long length = strnlen_user(s, n);

	if (!length)
		return ERR_PTR(-EFAULT);
	if (length > n)
		return ERR_PTR(-EINVAL);
	return duplicate(s, length - 1, true);
}
EXPORT_SYMBOL(strndup_user);
