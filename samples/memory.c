// SPDX-License-Identifier: GPL-2.0-or-later
/* kmalloc, caches, pages, vmalloc and per-CPU memory; all of it is given back. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

static unsigned int objects = 5;
module_param(objects, uint, 0444);

static bool is_filled(const u8 *bytes, u8 value, size_t size)
{
	return !memchr_inv(bytes, value, size);
}

static int heap(void)
{
	u8 *small = kmalloc(100, GFP_KERNEL), *zeroed = kzalloc(5000, GFP_KERNEL), *grown;
	bool kept;

	if (!small || !zeroed)
		goto fail;
	memset(small, 0xa5, 100);
	grown = krealloc(small, 3000, GFP_KERNEL);
	if (!grown)
		goto fail;
	small = grown;
	kept = is_filled(small, 0xa5, 100);
	pr_info("kmalloc: kept %d, zeroed %d, room %d\n", kept, is_filled(zeroed, 0, 5000),
		ksize(small) >= 3000);
	pr_info("too much: %d, nothing: %d\n", kmalloc_array(SIZE_MAX / 2, 4, GFP_KERNEL) == NULL,
		ZERO_OR_NULL_PTR(kmalloc(0, GFP_KERNEL)));
	kfree(small);
	kfree(zeroed);
	kfree(NULL);
	return 0;
fail:
	kfree(small);
	kfree(zeroed);
	return -ENOMEM;
}

struct thing {
	int number;
	char name[20];
};
static int constructed;

static void construct(void *object)
{
	struct thing *thing = object;

	thing->number = -1;
	constructed++;
}

static int caches(void)
{
	struct kmem_cache *cache;
	struct thing *things[8] = {};
	unsigned int i, fresh = 0, n = min(objects, 8U);

	cache = kmem_cache_create("ring3_things", sizeof(struct thing), 0, 0, construct);
	if (!cache)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		things[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		if (!things[i])
			break;
		fresh += things[i]->number == -1;
	}
	pr_info("cache: %u objects of %u bytes, %u fresh, constructed %d\n", i,
		kmem_cache_size(cache), fresh, constructed >= (int)i);
	while (i--)
		kmem_cache_free(cache, things[i]);
	kmem_cache_destroy(cache);
	return 0;
}

static int pages(void)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	u8 *address, *large = vzalloc(10 * PAGE_SIZE + 1);
	int __percpu *per_cpu_sum;
	int cpu, sum = 0;

	if (!page || !large) {
		if (page)
			__free_pages(page, 2);
		vfree(large);
		return -ENOMEM;
	}
	address = page_address(page);
	address[4 * PAGE_SIZE - 1] = 1;
	pr_info("pages: zeroed %d, found again %d, aligned %d\n", is_filled(address, 0, PAGE_SIZE),
		virt_to_page(address + PAGE_SIZE) == page + 1,
		IS_ALIGNED((unsigned long)address, 4 * PAGE_SIZE));
	large[10 * PAGE_SIZE] = 7;
	pr_info("vmalloc: zeroed %d, vmalloc address %d, page offset %lu\n",
		is_filled(large, 0, 10 * PAGE_SIZE), is_vmalloc_addr(large), offset_in_page(large));
	__free_pages(page, 2);
	vfree(large);

	per_cpu_sum = alloc_percpu(int);
	if (!per_cpu_sum)
		return -ENOMEM;
	for_each_possible_cpu (cpu)
		*per_cpu_ptr(per_cpu_sum, cpu) += 3;
	for_each_possible_cpu (cpu)
		sum += *per_cpu_ptr(per_cpu_sum, cpu);
	pr_info("percpu: %d\n", sum == 3 * (int)num_possible_cpus());
	free_percpu(per_cpu_sum);
	return 0;
}

static DEFINE_PER_CPU(unsigned long, hits);

static void static_percpu(void)
{
	unsigned long sum = 0;
	int cpu, i;

	for (i = 0; i < 10; i++)
		this_cpu_inc(hits);
	this_cpu_add(hits, 5);
	get_cpu_var(hits)--;
	put_cpu_var(hits);
	for_each_possible_cpu (cpu)
		sum += per_cpu(hits, cpu);
	pr_info("static percpu: %lu\n", sum);
}

static int __init memory_init(void)
{
	int error = heap();

	if (!error)
		error = caches();
	if (!error)
		error = pages();
	static_percpu();
	return error;
}

static void __exit memory_exit(void)
{
}

module_init(memory_init);
module_exit(memory_exit);
MODULE_DESCRIPTION("Every kind of memory");
MODULE_LICENSE("GPL");
