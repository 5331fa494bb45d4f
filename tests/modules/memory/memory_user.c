// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include "memory.h"

static int check_copies(char __user *user, char *kernel)
{
	unsigned long left;
	char text[16];

	CHECK(access_ok(user, PAGE_SIZE));
	CHECK(!copy_to_user(user, "hello, user", 12));
	CHECK(!copy_from_user(kernel, user, 12) && !strcmp(kernel, "hello, user"));
	CHECK(strnlen_user(user, 100) == 12);
	CHECK(strnlen_user(user, 5) == 6);
	CHECK(strncpy_from_user(text, user, sizeof(text)) == 11 && !strcmp(text, "hello, user"));
	CHECK(strncpy_from_user(text, user, 5) == 5);
	CHECK(!clear_user(user, 6) && !copy_from_user(kernel, user, 12));
	CHECK(!kernel[5] && kernel[6] == ' ');
	/* Two pages are there: of a copy beyond, what is there is done, the rest is zeroed. */
	memset(kernel, 'x', 100);
	left = copy_from_user(kernel, user + 2 * PAGE_SIZE - 60, 100);
	CHECK(left == 40 && !kernel[99] && !kernel[60]);
	CHECK(copy_to_user(user + 2 * PAGE_SIZE - 60, kernel, 100) == 40);
	CHECK(clear_user(user + 2 * PAGE_SIZE - 8, 16) == 8);
	CHECK(strncpy_from_user(text, user + 2 * PAGE_SIZE, 5) == -EFAULT);
	CHECK(strnlen_user(user + 2 * PAGE_SIZE, 5) == 0);
	return 0;
}

static int check_values(char __user *user)
{
	u64 __user *wide = (u64 __user *)user;
	u8 byte = 0;
	u64 value = 0;

	CHECK(!put_user(0x1122334455667788ULL, wide) && !get_user(value, wide));
	CHECK(value == 0x1122334455667788ULL);
	CHECK(!put_user((u8)0x99, (u8 __user *)user) && !get_user(byte, (u8 __user *)user));
	CHECK(byte == 0x99 && !__get_user(value, wide) && value == 0x1122334455667799ULL);
	CHECK(get_user(value, wide + 2 * PAGE_SIZE / 8) == -EFAULT && !value);
	CHECK(put_user(1ULL, wide + 2 * PAGE_SIZE / 8) == -EFAULT);
	return 0;
}

/* A kernel's pointer from a user is refused, however it gets here. */
static int check_refusals(char *kernel)
{
	char __user *wrong = (char __user *)kernel;
	u64 value = 5;
	char text[8] = "unread";

	CHECK(copy_from_user(text, wrong, 7) == 7 && !text[0]);
	CHECK(copy_to_user(wrong, text, 7) == 7);
	CHECK(copy_from_user(text, NULL, 7) == 7);
	CHECK(get_user(value, (u64 __user *)wrong) == -EFAULT && !value);
	CHECK(put_user(value, (u64 __user *)wrong) == -EFAULT);
	CHECK(strncpy_from_user(text, wrong, 7) == -EFAULT);
	CHECK(copy_to_user((char __user *)&check_refusals, text, 7) == 7);
	CHECK(!copy_from_kernel_nofault(text, kernel, 7));
	CHECK(copy_from_kernel_nofault(text, (void *)8, 7) < 0);
	return 0;
}

static int run(void)
{
	char *kernel = kmalloc(PAGE_SIZE, GFP_KERNEL);
	unsigned long at = vm_mmap(NULL, 0, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
				   MAP_ANONYMOUS | MAP_PRIVATE, 0);
	int error;

	CHECK(kernel && at < TASK_SIZE);
	error = check_copies((char __user *)at, kernel) ?: check_values((char __user *)at) ?:
		check_refusals(kernel);
	CHECK(!vm_munmap(at, 2 * PAGE_SIZE));
	CHECK(copy_to_user((char __user *)at, kernel, 1) == 1);
	kfree(kernel);
	return error;
}
CHECK_MODULE("User memory: copies, their faults, and pointers that are not a user's");
