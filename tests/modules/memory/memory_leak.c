// SPDX-License-Identifier: GPL-2.0-or-later
/* One allocation of each kind that nobody frees, each by a function of its own. */
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static void *volatile kept[4]; /* written for real: no tail calls */
static int __percpu *volatile kept_percpu;

static noinline void leak_kmalloc(void)
{
	kept[0] = kmalloc(100, GFP_KERNEL);
}

static noinline void leak_vmalloc(void)
{
	kept[1] = vmalloc(3 * PAGE_SIZE);
}

static noinline void leak_pages(void)
{
	kept[2] = (void *)__get_free_pages(GFP_KERNEL, 1);
}

static noinline void leak_string(void)
{
	kept[3] = kstrdup("through the library", GFP_KERNEL);
}

static noinline void leak_percpu(void)
{
	kept_percpu = alloc_percpu(int);
}

static int __init leak_init(void)
{
	leak_kmalloc();
	leak_vmalloc();
	leak_pages();
	leak_string();
	leak_percpu();
	return 0;
}

static void __exit leak_exit(void)
{
}

module_init(leak_init);
module_exit(leak_exit);
MODULE_DESCRIPTION("One leak of each kind of memory");
MODULE_LICENSE("GPL");
