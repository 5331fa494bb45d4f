// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmalloc and kmem_cache over the host's caches, with the rules and messages
 * of mm/slab_common.c and mm/slub.c. Memory is zeroed when it is handed out,
 * as with CONFIG_INIT_ON_ALLOC_DEFAULT_ON, unless a constructor or RCU forbids.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <ring3/hypercall.h>
#include "compat.h"
#include "memory.h"

/* Opaque to everybody else (mm/slab.h). */
struct kmem_cache {
	void *host;
	const char *name;
	unsigned int object_size, align;
	slab_flags_t flags;
	unsigned int useroffset, usersize;
	void (*ctor)(void *object);
	struct list_head list; /* of caches */
};

static LIST_HEAD(caches);
static DEFINE_SPINLOCK(caches_lock);

/* The headers' inline kmalloc passes an element on; ours choose by size alone. */
#if R3_LINUX(6, 10)
kmem_buckets kmalloc_caches[NR_KMALLOC_TYPES];
#else
struct kmem_cache *kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];
#endif
EXPORT_SYMBOL(kmalloc_caches);

#if R3_LINUX(6, 6)
unsigned long random_kmalloc_seed;
EXPORT_SYMBOL(random_kmalloc_seed);
#endif

bool slab_is_available(void)
{
	return true;
}

/* ---- kmalloc ---- */

static void *kmalloc_any(size_t size, gfp_t flags)
{
	void *object;

	if (unlikely(!size))
		return ZERO_SIZE_PTR;
	if (unlikely(size > KMALLOC_MAX_SIZE)) {
		WARN_ON_ONCE(!(flags & __GFP_NOWARN));
		return NULL;
	}
	object = r3hc_kmalloc(size, R3_ALLOC_ZERO);
	if (unlikely(!object)) {
		report_no_memory(flags, get_order(size));
		return NULL;
	}
	if (size > KMALLOC_MAX_CACHE_SIZE)
		page_prepare(virt_to_page(object), get_order(size), flags | __GFP_COMP);
	else
		page_mark_slab(object);
	return object;
}

#if R3_LINUX(6, 10)
void *__kmalloc_noprof(size_t size, gfp_t flags)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc_noprof);

void *__kmalloc_node_noprof(DECL_BUCKET_PARAMS(size, b), gfp_t flags, int node)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc_node_noprof);

void *__kmalloc_node_track_caller_noprof(DECL_BUCKET_PARAMS(size, b), gfp_t flags, int node,
					 unsigned long caller)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc_node_track_caller_noprof);

void *__kmalloc_cache_noprof(struct kmem_cache *s, gfp_t flags, size_t size)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc_cache_noprof);

void *__kmalloc_cache_node_noprof(struct kmem_cache *s, gfp_t flags, int node, size_t size)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc_cache_node_noprof);

void *__kmalloc_large_noprof(size_t size, gfp_t flags)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc_large_noprof);

void *__kmalloc_large_node_noprof(size_t size, gfp_t flags, int node)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc_large_node_noprof);

/* A set of caches of one's own keeps objects of users apart; here it changes nothing. */
kmem_buckets *kmem_buckets_create(const char *name, slab_flags_t flags, unsigned int useroffset,
				  unsigned int usersize, void (*ctor)(void *))
{
	return ctor ? NULL : &kmalloc_caches[KMALLOC_NORMAL];
}
EXPORT_SYMBOL(kmem_buckets_create);

bool kmem_cache_charge(void *objp, gfp_t gfpflags)
{
	return true;
}
EXPORT_SYMBOL(kmem_cache_charge);
#else
void *__kmalloc(size_t size, gfp_t flags)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc);

void *__kmalloc_node(size_t size, gfp_t flags, int node)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc_node);

void *__kmalloc_node_track_caller(size_t size, gfp_t flags, int node, unsigned long caller)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kmalloc_node_track_caller);

void *kmalloc_trace(struct kmem_cache *s, gfp_t flags, size_t size)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(kmalloc_trace);

void *kmalloc_node_trace(struct kmem_cache *s, gfp_t flags, int node, size_t size)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(kmalloc_node_trace);

void *kmalloc_large(size_t size, gfp_t flags)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(kmalloc_large);

void *kmalloc_large_node(size_t size, gfp_t flags, int node)
{
	return kmalloc_any(size, flags);
}
EXPORT_SYMBOL(kmalloc_large_node);
#endif

size_t kmalloc_size_roundup(size_t size)
{
	if (!size || size > KMALLOC_MAX_SIZE)
		return size;
	if (size > KMALLOC_MAX_CACHE_SIZE)
		return PAGE_SIZE << get_order(size);
	if (size > 64 && size <= 96)
		return 96;
	if (size > 128 && size <= 192)
		return 192;
	return max_t(size_t, roundup_pow_of_two(size), KMALLOC_MIN_SIZE);
}
EXPORT_SYMBOL(kmalloc_size_roundup);

size_t __ksize(const void *object)
{
	return ZERO_OR_NULL_PTR(object) ? 0 : r3hc_ksize(object);
}

size_t ksize(const void *object)
{
	return __ksize(object);
}
EXPORT_SYMBOL(ksize);

/*
 * Not an allocated object: what SLUB with freelist hardening does. In a slab it
 * was freed before, which corrupts the list of free ones; a pointer that no
 * struct page belongs to makes it fault.
 */
static void report_bad_free(const void *object)
{
	if (!virt_addr_valid(object) || PageSlab(virt_to_page(object))) {
		pr_err("double free or invalid free of %px\n", object);
		BUG();
	}
	WARN_ON_ONCE(1);
	pr_warn_once("object pointer: 0x%p\n", object);
}

static void object_free(void *host, const void *object)
{
	struct page *page = virt_addr_valid(object) ? virt_to_page(object) : NULL;
	bool large = page && PageHead(page);

	if (r3hc_object_free(host, (void *)object))
		report_bad_free(object);
	else if (large)
		page_retire(page);
}

void kfree(const void *object)
{
	if (unlikely(ZERO_OR_NULL_PTR(object)))
		return;
	object_free(NULL, object);
}
EXPORT_SYMBOL(kfree);

void kfree_sensitive(const void *object)
{
	size_t size = __ksize(object);

	if (size)
		memzero_explicit((void *)object, size);
	kfree(object);
}
EXPORT_SYMBOL(kfree_sensitive);

void *NOPROF(krealloc)(const void *p, size_t new_size, gfp_t flags)
{
	size_t size;
	void *new;

	if (unlikely(!new_size)) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	size = __ksize(p);
	if (size >= new_size) {
		if ((flags & __GFP_ZERO) && R3_LINUX(6, 12))
			memset((char *)p + new_size, 0, size - new_size);
		return (void *)p;
	}
	new = kmalloc_any(new_size, flags);
	if (new &&size) {
		memcpy(new, p, size);
		kfree(p);
	}
	return new;
}
EXPORT_SYMBOL(NOPROF(krealloc));

/* ---- caches ---- */

static struct kmem_cache *cache_new(const char *name, unsigned int size, unsigned int align,
				    slab_flags_t flags, unsigned int useroffset,
				    unsigned int usersize, void (*ctor)(void *))
{
	struct kmem_cache *s;
	size_t length;
	char *copy;

	if (WARN_ON(!name || size < sizeof(void *) || size > KMALLOC_MAX_SIZE))
		goto fail;
	if (WARN_ON((!usersize && useroffset) || size < usersize || size - usersize < useroffset))
		useroffset = usersize = 0;
	if (flags & SLAB_HWCACHE_ALIGN) {
		unsigned int line = cache_line_size();

		while (size <= line / 2)
			line /= 2;
		align = max(align, line);
	}
	align = ALIGN(max_t(unsigned int, align, ARCH_SLAB_MINALIGN), sizeof(void *));

	length = strlen(name) + 1;
	s = r3hc_kmalloc(sizeof(*s) + length, R3_ALLOC_ZERO);
	if (!s)
		goto fail;
	copy = (char *)(s + 1);
	memcpy(copy, name, length);
	s->name = copy;
	s->object_size = size;
	s->align = align;
	s->flags = flags;
	s->useroffset = useroffset;
	s->usersize = usersize;
	s->ctor = ctor;
	s->host = r3hc_cache_new(name, size, align, 0);
	if (!s->host) {
		r3hc_object_free(NULL, s);
		goto fail;
	}
	spin_lock(&caches_lock);
	list_add(&s->list, &caches);
	spin_unlock(&caches_lock);
	return s;
fail:
	if (flags & SLAB_PANIC)
		panic("%s: Failed to create slab '%s'. Error %d\n", "kmem_cache_create", name,
		      -ENOMEM);
	return NULL;
}

#if R3_LINUX(6, 12)
struct kmem_cache *__kmem_cache_create_args(const char *name, unsigned int object_size,
					    struct kmem_cache_args *args, slab_flags_t flags)
{
	return cache_new(name, object_size, args->align, flags, args->useroffset, args->usersize,
			 args->ctor);
}
EXPORT_SYMBOL(__kmem_cache_create_args);
#else
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *))
{
	return cache_new(name, size, align, flags, 0, 0, ctor);
}
EXPORT_SYMBOL(kmem_cache_create);

struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned int size,
					      unsigned int align, slab_flags_t flags,
					      unsigned int useroffset, unsigned int usersize,
					      void (*ctor)(void *))
{
	return cache_new(name, size, align, flags, useroffset, usersize, ctor);
}
EXPORT_SYMBOL(kmem_cache_create_usercopy);
#endif

void kmem_cache_destroy(struct kmem_cache *s)
{
	if (unlikely(!s))
		return;
	/* Objects of an RCU cache may still be on their way back. */
	if (s->flags & SLAB_TYPESAFE_BY_RCU)
		rcu_barrier();
	if (r3hc_cache_free(s->host)) {
		WARN(1, "%s %s: Slab cache still has objects when called from %pS",
		     "kmem_cache_destroy", s->name, __builtin_return_address(0));
		return;
	}
	spin_lock(&caches_lock);
	list_del(&s->list);
	spin_unlock(&caches_lock);
	r3hc_object_free(NULL, s);
}
EXPORT_SYMBOL(kmem_cache_destroy);

/* The host gives empty slabs back by itself; 0: nothing is left to release. */
int kmem_cache_shrink(struct kmem_cache *s)
{
	return 0;
}
EXPORT_SYMBOL(kmem_cache_shrink);

unsigned int kmem_cache_size(struct kmem_cache *s)
{
	return s->object_size;
}
EXPORT_SYMBOL(kmem_cache_size);

static void *cache_alloc(struct kmem_cache *s, gfp_t flags)
{
	bool zero = (flags & __GFP_ZERO) || !(s->ctor || (s->flags & SLAB_TYPESAFE_BY_RCU));
	int fresh = 0;
	void *object = r3hc_object_alloc(s->host, zero ? R3_ALLOC_ZERO : 0, &fresh);

	if (unlikely(!object)) {
		report_no_memory(flags, get_order(s->object_size));
		return NULL;
	}
	page_mark_slab(object);
	/* A constructed object is constructed once, and freed in that state. */
	if (s->ctor && fresh)
		s->ctor(object);
	return object;
}

void *NOPROF(kmem_cache_alloc)(struct kmem_cache *s, gfp_t flags)
{
	return cache_alloc(s, flags);
}
EXPORT_SYMBOL(NOPROF(kmem_cache_alloc));

void *NOPROF(kmem_cache_alloc_lru)(struct kmem_cache *s, struct list_lru *lru, gfp_t flags)
{
	return cache_alloc(s, flags);
}
EXPORT_SYMBOL(NOPROF(kmem_cache_alloc_lru));

void *NOPROF(kmem_cache_alloc_node)(struct kmem_cache *s, gfp_t flags, int node)
{
	return cache_alloc(s, flags);
}
EXPORT_SYMBOL(NOPROF(kmem_cache_alloc_node));

/* "kmalloc-64", "kmalloc-2k" */
static const char *kmalloc_name(unsigned long size)
{
	static const char *const names[] = {
		"kmalloc-8",   "kmalloc-16",  "kmalloc-32",  "kmalloc-64",
		"kmalloc-128", "kmalloc-256", "kmalloc-512", "kmalloc-1k",
		"kmalloc-2k",  "kmalloc-4k",  "kmalloc-8k",
	};
	unsigned int index = ilog2(size) - 3;

	if (!is_power_of_2(size))
		return size == 96 ? "kmalloc-96" : "kmalloc-192";
	return index < ARRAY_SIZE(names) ? names[index] : "kmalloc";
}

static struct kmem_cache *cache_of_host(const void *host)
{
	struct kmem_cache *s, *found = NULL;

	spin_lock(&caches_lock);
	list_for_each_entry (s, &caches, list) {
		if (s->host == host) {
			found = s;
			break;
		}
	}
	spin_unlock(&caches_lock);
	return found;
}

static struct kmem_cache *cache_of(const void *object)
{
	void *host = r3hc_object_cache(object);

	return host ? cache_of_host(host) : NULL;
}

static void cache_free(struct kmem_cache *s, void *object)
{
	struct kmem_cache *real;

	if (likely(!r3hc_object_free(s->host, object)))
		return;
	real = cache_of(object);
	if (real == s || !r3hc_ksize(object)) {
		report_bad_free(object);
		return;
	}
	WARN(1, "%s: Wrong slab cache. %s but object is from %s\n", "cache_from_obj", s->name,
	     real ? real->name : kmalloc_name(r3hc_ksize(object)));
	object_free(NULL, object);
}

struct rcu_freed {
	struct rcu_head rcu;
	struct kmem_cache *cache;
	void *object;
};

static void free_after_grace(struct rcu_head *head)
{
	struct rcu_freed *freed = container_of(head, struct rcu_freed, rcu);

	cache_free(freed->cache, freed->object);
	r3hc_object_free(NULL, freed);
}

/*
 * Linux keeps the slab of a TYPESAFE_BY_RCU object for a grace period and may
 * reuse the object at once. The host may give a page back when it is empty, so
 * here the object itself waits.
 */
static void cache_free_rcu(struct kmem_cache *s, void *object)
{
	struct rcu_freed *freed = r3hc_kmalloc(sizeof(*freed), R3_ALLOC_INTERNAL);

	if (!freed) {
		synchronize_rcu();
		cache_free(s, object);
		return;
	}
	freed->cache = s;
	freed->object = object;
	call_rcu(&freed->rcu, free_after_grace);
}

void kmem_cache_free(struct kmem_cache *s, void *object)
{
	if (s->flags & SLAB_TYPESAFE_BY_RCU)
		cache_free_rcu(s, object);
	else
		cache_free(s, object);
}
EXPORT_SYMBOL(kmem_cache_free);

int NOPROF(kmem_cache_alloc_bulk)(struct kmem_cache *s, gfp_t flags, size_t size, void **p)
{
	size_t i;

	for (i = 0; i < size; i++) {
		p[i] = cache_alloc(s, flags);
		if (!p[i]) {
			kmem_cache_free_bulk(s, i, p);
			return 0;
		}
	}
	return size;
}
EXPORT_SYMBOL(NOPROF(kmem_cache_alloc_bulk));

void kmem_cache_free_bulk(struct kmem_cache *s, size_t size, void **p)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (s)
			kmem_cache_free(s, p[i]);
		else
			kfree(p[i]);
	}
}
EXPORT_SYMBOL(kmem_cache_free_bulk);

bool kmem_dump_obj(void *object)
{
	struct kmem_cache *s;

	if (!r3hc_object_cache(object))
		return false;
	s = cache_of(object);
	pr_cont(" slab %s start %px size %lu\n", s ? s->name : "kmalloc", object,
		(unsigned long)r3hc_ksize(object));
	return true;
}
EXPORT_SYMBOL_GPL(kmem_dump_obj);

/* For hardened user copies: kmalloc's objects may be copied whole, others say what of them. */
bool slab_object_of(const void *address, struct slab_object *object)
{
	struct kmem_cache *s;
	unsigned long size;
	void *host;

	object->start = r3hc_object_at(address, &size, &host);
	if (!object->start)
		return false;
	s = cache_of_host(host);
	object->useroffset = s ? s->useroffset : 0;
	object->usersize = s ? s->usersize : size;
	object->cache = s ? s->name : kmalloc_name(size);
	return true;
}
