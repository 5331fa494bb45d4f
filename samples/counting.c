// SPDX-License-Identifier: GPL-2.0-or-later
/* Atomic variables, reference counts, krefs, and the module's own count. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>

static void atomics(void)
{
	atomic_t a = ATOMIC_INIT(5);
	atomic64_t b = ATOMIC64_INIT(1LL << 40);
	unsigned long word = 0;
	int first, second, third;

	atomic_add(3, &a);
	first = atomic_inc_return(&a);
	second = atomic_fetch_sub(2, &a);
	third = atomic_xchg(&a, 1);
	pr_info("atomic: %d %d %d\n", first, second, third);
	first = atomic_cmpxchg(&a, 1, 10);
	second = atomic_cmpxchg(&a, 1, 11);
	third = atomic_add_unless(&a, 1, 10);
	pr_info("cmpxchg: %d %d, unless: %d, now %d\n", first, second, third, atomic_read(&a));
	first = atomic_dec_and_test(&a);
	second = atomic_sub_and_test(9, &a);
	third = atomic_add_negative(-20, &a);
	pr_info("tests: %d %d %d\n", first, second, third);
	atomic64_sub(1, &b);
	pr_info("atomic64: %lld\n", (long long)atomic64_read(&b));
	first = test_and_set_bit(7, &word);
	second = test_and_set_bit(7, &word);
	third = test_and_clear_bit(7, &word);
	set_bit(40, &word);
	pr_info("bits: %d %d %d, %lx\n", first, second, third, word);
}

static void references(void)
{
	refcount_t r = REFCOUNT_INIT(1);
	bool got, last;

	refcount_inc(&r);
	got = refcount_inc_not_zero(&r);
	pr_info("refcount %u, got %d\n", refcount_read(&r), got);
	refcount_dec(&r);
	refcount_dec(&r);
	last = refcount_dec_and_test(&r);
	got = refcount_inc_not_zero(&r);
	pr_info("last %d, refcount %u, got %d\n", last, refcount_read(&r), got);
}

struct object {
	struct kref kref;
	int number;
};

static void release(struct kref *kref)
{
	struct object *object = container_of(kref, struct object, kref);

	pr_info("object %d is released\n", object->number);
	kfree(object);
}

static int krefs(void)
{
	struct object *object = kzalloc(sizeof(*object), GFP_KERNEL);
	int released;

	if (!object)
		return -ENOMEM;
	kref_init(&object->kref);
	object->number = 17;
	kref_get(&object->kref);
	released = kref_put(&object->kref, release);
	pr_info("released %d, count %u\n", released, kref_read(&object->kref));
	released = kref_put(&object->kref, release);
	pr_info("released %d\n", released);
	return 0;
}

static int __init counting_init(void)
{
	int before = module_refcount(THIS_MODULE);
	bool got;

	atomics();
	references();
	got = try_module_get(THIS_MODULE);
	pr_info("module: %d during init, get %d, then %d\n", before, got,
		module_refcount(THIS_MODULE));
	module_put(THIS_MODULE);
	return krefs();
}

static void __exit counting_exit(void)
{
	bool got = try_module_get(THIS_MODULE);

	pr_info("module: %d while leaving, get %d\n", module_refcount(THIS_MODULE), got);
}

module_init(counting_init);
module_exit(counting_exit);
MODULE_DESCRIPTION("Counts of every kind");
MODULE_LICENSE("GPL");
