// SPDX-License-Identifier: GPL-2.0-or-later
/* What a module may do wrong with memory; the parameter says which. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

static char *how = "";
module_param(how, charp, 0);

static struct kmem_cache *first, *second;

static void wrong_cache(void)
{
	first = kmem_cache_create("misuse_first", 100, 0, 0, NULL);
	second = kmem_cache_create("misuse_second", 100, 0, 0, NULL);
	kmem_cache_free(second, kmem_cache_alloc(first, GFP_KERNEL));
	kmem_cache_destroy(first);
	kmem_cache_destroy(second);
}

static void busy_cache(void)
{
	first = kmem_cache_create("misuse_busy", 100, 0, 0, NULL);
	pr_info("misuse: %d\n", !kmem_cache_alloc(first, GFP_KERNEL));
	kmem_cache_destroy(first);
}

static void double_free(void)
{
	void *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	barrier_data(p);
	kfree(p);
}

static void double_page_free(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	__free_page(page);
}

static void copy_too_much(void)
{
	char *p = kmalloc(64, GFP_KERNEL);
	unsigned long n = 65;

	OPTIMIZER_HIDE_VAR(p);
	OPTIMIZER_HIDE_VAR(n);
	pr_info("misuse: %lu\n", copy_to_user((char __user *)PAGE_SIZE, p, n));
}

static int __init misuse_init(void)
{
	if (!strcmp(how, "wrong_cache"))
		wrong_cache();
	else if (!strcmp(how, "busy_cache"))
		busy_cache();
	else if (!strcmp(how, "double_free"))
		double_free();
	else if (!strcmp(how, "double_page_free"))
		double_page_free();
	else if (!strcmp(how, "copy_too_much"))
		copy_too_much();
	else if (!strcmp(how, "vfree_nothing"))
		vfree((void *)(VMALLOC_START + 64 * PAGE_SIZE));
	else if (!strcmp(how, "free_static"))
		kfree(&first);
	else
		return -EINVAL;
	return 0;
}

static void __exit misuse_exit(void)
{
}

module_init(misuse_init);
module_exit(misuse_exit);
MODULE_DESCRIPTION("Memory misused in the way that how= says");
MODULE_LICENSE("GPL");
