// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copies between user and kernel memory, and the checks around them. Whatever
 * is not in the range that the box gives to clients is no user memory: lib/
 * usercopy.c, mm/maccess.c and mm/usercopy.c with that rule.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <ring3/hypercall.h>
#include "compat.h"
#include "machine.h"
#include "memory.h"

unsigned long r3_user_base, r3_user_size;

static bool is_user(const void __user *address, unsigned long size)
{
	unsigned long offset = (unsigned long)address - r3_user_base;

	return offset <= r3_user_size && size <= r3_user_size - offset;
}

/* ---- the copies ---- */

unsigned long _copy_from_user(void *to, const void __user *from, unsigned long n)
{
	unsigned long left = n;

	might_fault();
	if (likely(is_user(from, n)))
		left = r3_copy_faulting(to, (__force const void *)from, n);
	/* What could not be read must not be what was there before. */
	if (unlikely(left))
		memset(to + (n - left), 0, left);
	return left;
}
EXPORT_SYMBOL(_copy_from_user);

unsigned long _copy_to_user(void __user *to, const void *from, unsigned long n)
{
	might_fault();
	if (unlikely(!is_user(to, n)))
		return n;
	return r3_copy_faulting((__force void *)to, from, n);
}
EXPORT_SYMBOL(_copy_to_user);

/* Length copied without the NUL, count if there was none; negative if it cannot be read. */
static long copy_string(char *to, const char __user *from, long count)
{
	long i;

	for (i = 0; i < count; i++) {
		char c;

		if (__get_user(c, from + i))
			return -EFAULT;
		to[i] = c;
		if (!c)
			break;
	}
	return i;
}

long strncpy_from_user(char *dst, const char __user *src, long count)
{
	might_fault();
	if (unlikely(count <= 0))
		return 0;
	return copy_string(dst, src, count);
}
EXPORT_SYMBOL(strncpy_from_user);

/* With the NUL; more than count if there is none within it; 0: cannot be read. */
long strnlen_user(const char __user *str, long count)
{
	long i;

	might_fault();
	if (unlikely(count <= 0))
		return 0;
	for (i = 0; i < count; i++) {
		char c;

		if (__get_user(c, str + i))
			return 0;
		if (!c)
			return i + 1;
	}
	return count + 1;
}
EXPORT_SYMBOL(strnlen_user);

/* 1: all zero, 0: not, -EFAULT */
int check_zeroed_user(const void __user *from, size_t size)
{
	const char __user *p = from;

	for (; size; p++, size--) {
		char c;

		if (__get_user(c, p))
			return -EFAULT;
		if (c)
			return 0;
	}
	return 1;
}
EXPORT_SYMBOL(check_zeroed_user);

/* ---- copies that may fault anywhere ---- */

long copy_from_user_nofault(void *dst, const void __user *src, size_t size)
{
	if (!is_user(src, size))
		return -EFAULT;
	return r3_copy_faulting(dst, (__force const void *)src, size) ? -EFAULT : 0;
}
EXPORT_SYMBOL_GPL(copy_from_user_nofault);

long notrace copy_to_user_nofault(void __user *dst, const void *src, size_t size)
{
	if (!is_user(dst, size))
		return -EFAULT;
	return r3_copy_faulting((__force void *)dst, src, size) ? -EFAULT : 0;
}
EXPORT_SYMBOL_GPL(copy_to_user_nofault);

bool copy_from_kernel_nofault_allowed(const void *unsafe_src, size_t size)
{
	return !is_user((__force const void __user *)unsafe_src, 1);
}

long copy_from_kernel_nofault(void *dst, const void *src, size_t size)
{
	if (!copy_from_kernel_nofault_allowed(src, size))
		return -ERANGE;
	return r3_copy_faulting(dst, src, size) ? -EFAULT : 0;
}
EXPORT_SYMBOL_GPL(copy_from_kernel_nofault);

long notrace copy_to_kernel_nofault(void *dst, const void *src, size_t size)
{
	return r3_copy_faulting(dst, src, size) ? -EFAULT : 0;
}

/* Length with the NUL, which is always there; negative if src cannot be read. */
long strncpy_from_kernel_nofault(char *dst, const void *unsafe_addr, long count)
{
	long i;

	if (unlikely(count <= 0))
		return 0;
	if (!copy_from_kernel_nofault_allowed(unsafe_addr, count))
		return -ERANGE;
	for (i = 0; i < count; i++) {
		if (r3_copy_faulting(dst + i, unsafe_addr + i, 1)) {
			dst[0] = '\0';
			return -EFAULT;
		}
		if (!dst[i])
			return i + 1;
	}
	dst[count - 1] = '\0';
	return count;
}

long strncpy_from_user_nofault(char *dst, const void __user *unsafe_addr, long count)
{
	long length;

	if (unlikely(count <= 0))
		return 0;
	length = copy_string(dst, unsafe_addr, count);
	if (length >= count) {
		length = count;
		dst[length - 1] = '\0';
	} else if (length >= 0) {
		length++;
	}
	return length;
}

long strnlen_user_nofault(const void __user *unsafe_addr, long count)
{
	return strnlen_user(unsafe_addr, count);
}

/* ---- checks of the kernel's side ---- */

void __copy_overflow(int size, unsigned long count)
{
	WARN(1, "Buffer overflow detected (%d < %lu)!\n", size, count);
}
EXPORT_SYMBOL(__copy_overflow);

void __noreturn usercopy_abort(const char *name, const char *detail, bool to_user,
			       unsigned long offset, unsigned long len)
{
	pr_emerg("Kernel memory %s attempt detected %s %s%s%s%s (offset %lu, size %lu)!\n",
		 to_user ? "exposure" : "overwrite", to_user ? "from" : "to", name ?: "unknown?!",
		 detail ? " '" : "", detail ?: "", detail ? "'" : "", offset, len);
	/* The report is the point: its caller is the one that copied. */
	BUG();
}

static void check_stack(unsigned long address, unsigned long n, bool to_user)
{
	unsigned long stack = (unsigned long)task_stack_page(current);

	if (!stack || address + n <= stack || address >= stack + THREAD_SIZE)
		return;
	if (address < stack || address + n > stack + THREAD_SIZE)
		usercopy_abort("process stack", NULL, to_user, 0, n);
}

static void check_heap(unsigned long address, unsigned long n, bool to_user)
{
	struct slab_object object;
	unsigned long offset;

	if (is_vmalloc_addr((void *)address)) {
		struct vm_struct *area = find_vm_area((void *)address);

		offset = area ? address - (unsigned long)area->addr : 0;
		if (!area || n > get_vm_area_size(area) - offset)
			usercopy_abort("vmalloc", area ? NULL : "no area", to_user, offset, n);
		return;
	}
	if (!virt_addr_valid(address))
		return;
	if (!slab_object_of((void *)address, &object))
		return;
	offset = address - (unsigned long)object.start;
	if (offset < object.useroffset || offset - object.useroffset > object.usersize ||
	    n > object.usersize - (offset - object.useroffset))
		usercopy_abort("SLUB object", object.cache, to_user, offset, n);
}

void __check_object_size(const void *ptr, unsigned long n, bool to_user)
{
	unsigned long address = (unsigned long)ptr;

	if (!n)
		return;
	if (address + (n - 1) < address)
		usercopy_abort("wrapped address", NULL, to_user, 0, address + n);
	if (ZERO_OR_NULL_PTR(ptr))
		usercopy_abort("null address", NULL, to_user, address, n);
	check_stack(address, n, to_user);
	check_heap(address, n, to_user);
	if (address - r3_boot.module_base < r3_boot.module_size && core_kernel_text(address))
		usercopy_abort("kernel text", NULL, to_user, 0, n);
}
EXPORT_SYMBOL(__check_object_size);

/* ---- memory of the client ---- */

unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flag, unsigned long offset)
{
	if (unlikely(offset + PAGE_ALIGN(len) < offset))
		return -EINVAL;
	if (unlikely(offset_in_page(offset)))
		return -EINVAL;
	if (file)
		return -ENODEV;
	BUILD_BUG_ON(PROT_READ != R3_PROT_READ || PROT_WRITE != R3_PROT_WRITE ||
		     PROT_EXEC != R3_PROT_EXEC);
	return r3hc_user_map(addr, PAGE_ALIGN(len), prot);
}
EXPORT_SYMBOL(vm_mmap);

int vm_munmap(unsigned long start, size_t len)
{
	return r3hc_user_unmap(start, PAGE_ALIGN(len));
}
EXPORT_SYMBOL(vm_munmap);
