// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module system calls of Linux 2.4, raw, and what each condition gives: a
 * client's view of a box of that scheme. One line a rule; the exit status tells
 * whether all held.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "rules.h"
#include "tests/unit/image24.h"

static long create(const char *name, size_t size)
{
	return result_of(syscall(SYS_create_module, name, size));
}

static long init(const char *name, const void *image)
{
	return result_of(syscall(SYS_init_module, name, image));
}

static long delete_module(const char *name)
{
	return result_of(syscall(SYS_delete_module, name));
}

static long query(const char *name, int which, void *buffer, size_t size, size_t *ret)
{
	return result_of(syscall(SYS_query_module, name, which, buffer, size, ret));
}

static uint64_t flags_of(const char *name)
{
	struct r3_24_info info = {0};
	size_t size;

	return query(name, R3_QM_INFO, &info, sizeof(info), &size) ? UINT64_MAX : info.flags;
}

/* 0: no such symbol of the kernel, whatever its version. */
static uint64_t kernel_symbol(const char *name)
{
	static char buffer[1 << 18];
	const struct r3_24_symbol *symbols = (void *)buffer;
	size_t count = 0, length = strlen(name);

	if (query(NULL, R3_QM_SYMBOLS, buffer, sizeof(buffer), &count))
		return 0;
	for (size_t i = 0; i < count; i++) {
		const char *found = buffer + symbols[i].name;

		if (!strncmp(found, name, length) && !strncmp(found + length, "_R", 2))
			return symbols[i].value;
	}
	return 0;
}

/* ---- what needs another process ---- */

/* Permission comes first, whatever else is wrong. */
static long create_without_capability(void)
{
	drop_module_capability();
	return create(BAD, 0);
}

static long init_without_capability(void)
{
	drop_module_capability();
	return init(BAD, BAD);
}

static long delete_without_capability(void)
{
	drop_module_capability();
	return delete_module(BAD);
}

static long reap_without_capability(void)
{
	drop_module_capability();
	return delete_module(NULL);
}

static long query_without_capability(void)
{
	drop_module_capability();
	return kernel_symbol("_printk") ? query(NULL, 0, NULL, 0, NULL) : -ENOENT;
}

static long create_in_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(202);
	return create("elsewhere", IMAGE24_SIZE);
}

static long create_and_die(void)
{
	return create("orphan", IMAGE24_SIZE) > 0 ? 0 : -EIO;
}

static void test_permission(void)
{
	report("create_module() takes CAP_SYS_MODULE", -EPERM, in_child(create_without_capability));
	report("init_module() takes CAP_SYS_MODULE", -EPERM, in_child(init_without_capability));
	report("delete_module() takes CAP_SYS_MODULE", -EPERM, in_child(delete_without_capability));
	report("delete_module(NULL) takes it, too", -EPERM, in_child(reap_without_capability));
	report("query_module() takes none", 0, in_child(query_without_capability));
	report("a capability in one's own namespace is none", -EPERM,
	       in_child(create_in_namespace));
}

static void test_names(void)
{
	static char page[2 * 4096], *long_name = page;
	struct image24 image;
	long address;

	memset(page, 'n', sizeof(page) - 1);
	report("a name that cannot be read", -EFAULT, create(BAD, IMAGE24_SIZE));
	report("no name", -EINVAL, create("", IMAGE24_SIZE));
	report("a name longer than a page", -ENAMETOOLONG, create(long_name, IMAGE24_SIZE));
	report("a name that cannot be read, in init_module()", -EFAULT, init(BAD, &image));
	report("a name that cannot be read, in delete_module()", -EFAULT, delete_module(BAD));
	report("a name that cannot be read, in query_module()", -EFAULT,
	       query(BAD, R3_QM_INFO, NULL, 0, NULL));
	report("a module that nobody created", -ENOENT, init("nobody", &image));
	address = create("twice", IMAGE24_SIZE);
	report("a name that is there already", -EEXIST, create("twice", IMAGE24_SIZE));
	report("its address is one of the low 2 GiB", 0, address > 0 && !(address >> 31) ? 0 : -1);
	report("an uninitialized module goes", 0, delete_module("twice"));
	report("a module too small for its header", -EINVAL, create("small", 100));
}

static void test_images(void)
{
	const long page = sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct image24 image;

	munmap(pages + 2 * page, page);
	image24_make(&image, "image", create("image", IMAGE24_SIZE));
	report("an image that cannot be read", -EFAULT, init("image", BAD));
	memcpy(pages + 2 * page - 64, &image, 64);
	report("one that ends in its header", -EFAULT, init("image", pages + 2 * page - 64));
	memcpy(pages + page - 256, &image, page + 256);
	report("one that ends behind it", -EFAULT, init("image", pages + page - 256));
	image.module.size_of_struct = 8;
	report("a header of another size", -EINVAL, init("image", &image));
	report("nothing of it has happened", 0, (long)flags_of("image"));
	image.module.size_of_struct = sizeof(image.module);
	report("a good one is accepted after all that", 0, init("image", &image));
	report("it runs", R3_24_RUNNING, (long)flags_of("image"));
	report("another over it is not", -EBUSY, init("image", &image));
	report("and goes", 0, delete_module("image"));
	report("once", -ENOENT, delete_module("image"));
}

static void test_queries(void)
{
	struct r3_24_info info;
	size_t ret = 77;

	report("a query that there is not", -EINVAL, query(NULL, 6, &info, sizeof(info), &ret));
	report("a buffer that cannot be written", -EFAULT,
	       query(NULL, R3_QM_SYMBOLS, BAD, 1 << 20, &ret));
	report("a size that cannot be written", -EFAULT, query(NULL, R3_QM_MODULES, NULL, 0, BAD));
	report("a buffer that is too small", -ENOSPC, query(NULL, R3_QM_SYMBOLS, &info, 8, &ret));
	report("then it is told how large it has to be", 0, ret > 1000 ? 0 : -1);
	report("get_kernel_syms() counts", 0,
	       result_of(syscall(SYS_get_kernel_syms, NULL)) > 100 ? 0 : -1);
	report("and stops where it cannot write", 0, result_of(syscall(SYS_get_kernel_syms, BAD)));
}

/* A client may die at any time; what it has begun another may end. */
static void test_dead_clients(void)
{
	uint64_t sleeps = kernel_symbol("msleep"), address = create("sleeps", IMAGE24_SIZE);
	struct image24 image;
	pid_t child;
	int status;

	report("a client creates a module, and ends", 0, in_child(create_and_die));
	report("another removes it", 0, delete_module("orphan"));

	image24_make(&image, "sleeps", address);
	image24_call(&image, sleeps, 300);
	child = fork();
	if (!child) {
		init("sleeps", &image);
		_exit(0);
	}
	for (int tries = 0; flags_of("sleeps") != R3_24_INITIALIZING && tries < 3000; tries++)
		usleep(1000);
	report("its init has begun", R3_24_INITIALIZING, (long)flags_of("sleeps"));
	report("it cannot go meanwhile", -EBUSY, delete_module("sleeps"));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	for (int tries = 0; flags_of("sleeps") != R3_24_RUNNING && tries < 3000; tries++)
		usleep(1000);
	report("it ends though its client is dead", R3_24_RUNNING, (long)flags_of("sleeps"));
	report("and another removes it", 0, delete_module("sleeps"));
}

int main(void)
{
	report("query 0 asks nothing", 0, query(NULL, 0, BAD, 8, BAD));
	if (failures) /* a kernel of today: there is nothing to try */
		return 1;
	report("finit_module() came later", -ENOSYS,
	       result_of(syscall(SYS_finit_module, 0, "", 0)));
	test_permission();
	test_names();
	test_images();
	test_queries();
	test_dead_clients();
	return failures != 0;
}
