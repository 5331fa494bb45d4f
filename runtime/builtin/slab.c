// SPDX-License-Identifier: GPL-2.0-or-later
/* kmalloc and kmem_cache over the host's slab. */
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "builtin.h"

struct kmem_cache {
	void *host;
	const char *name;
	unsigned int size;
	slab_flags_t flags;
	void (*ctor)(void *object);
};

static void report_failure(size_t size, gfp_t flags)
{
	if (!(flags & __GFP_NOWARN) && !(flags & __GFP_NORETRY))
		pr_warn_ratelimited("%s: page allocation failure: %zu bytes, mode:%#x\n",
				    current ? current->comm : "kernel", size, flags);
}

void *__kmalloc(size_t size, gfp_t flags)
{
	void *object;

	if (unlikely(!size))
		return ZERO_SIZE_PTR;
	if (unlikely(size > KMALLOC_MAX_SIZE))
		return NULL;
	object = r3hc_kmalloc(size, flags & __GFP_ZERO ? R3_ALLOC_ZERO : 0);
	if (unlikely(!object))
		report_failure(size, flags);
	return object;
}
EXPORT_SYMBOL(__kmalloc);

void kfree(const void *objp)
{
	if (ZERO_OR_NULL_PTR(objp))
		return;
	WARN(r3hc_object_free(NULL, (void *)objp), "kfree: %px is not an allocated object\n", objp);
}
EXPORT_SYMBOL(kfree);

size_t ksize(const void *objp)
{
	return ZERO_OR_NULL_PTR(objp) ? 0 : r3hc_ksize(objp);
}
EXPORT_SYMBOL(ksize);

void kfree_sensitive(const void *objp)
{
	if (!ZERO_OR_NULL_PTR(objp))
		memzero_explicit((void *)objp, ksize(objp));
	kfree(objp);
}
EXPORT_SYMBOL(kfree_sensitive);

void *krealloc(const void *objp, size_t new_size, gfp_t flags)
{
	size_t old_size;
	void *object;

	if (unlikely(!new_size)) {
		kfree(objp);
		return ZERO_SIZE_PTR;
	}
	old_size = ksize(objp);
	if (old_size >= new_size)
		return (void *)objp;
	object = __kmalloc(new_size, flags);
	if (object && old_size) {
		memcpy(object, objp, old_size);
		kfree(objp);
	}
	return object;
}
EXPORT_SYMBOL(krealloc);

void *kvmalloc_node(size_t size, gfp_t flags, int node)
{
	void *object = NULL;

	if (size <= KMALLOC_MAX_SIZE)
		object = __kmalloc(size, size > PAGE_SIZE ? flags | __GFP_NOWARN : flags);
	if (object || size <= PAGE_SIZE)
		return object;
	return __vmalloc(size, flags);
}
EXPORT_SYMBOL(kvmalloc_node);

void kvfree(const void *addr)
{
	if (is_vmalloc_addr(addr))
		vfree(addr);
	else
		kfree(addr);
}
EXPORT_SYMBOL(kvfree);

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *))
{
	struct kmem_cache *cache = kzalloc(sizeof(*cache), GFP_KERNEL);

	if (!cache)
		return NULL;
	if (flags & SLAB_HWCACHE_ALIGN)
		align = max_t(unsigned int, align, L1_CACHE_BYTES);
	cache->name = kstrdup(name, GFP_KERNEL);
	cache->size = size;
	cache->flags = flags;
	cache->ctor = ctor;
	if (cache->name)
		cache->host = r3hc_cache_new(name, size, max_t(unsigned int, align, 8), 0);
	if (!cache->host) {
		kfree(cache->name);
		kfree(cache);
		if (flags & SLAB_PANIC)
			panic("%s: Failed to create slab '%s'. Error %d\n", __func__, name,
			      -ENOMEM);
		return NULL;
	}
	return cache;
}
EXPORT_SYMBOL(kmem_cache_create);

void kmem_cache_destroy(struct kmem_cache *s)
{
	if (!s)
		return;
	if (r3hc_cache_free(s->host)) {
		pr_err("==========================================================================="
		       "==\n");
		pr_err("BUG %s: Objects remaining in %s on __kmem_cache_shutdown()\n", s->name,
		       s->name);
		pr_err("---------------------------------------------------------------------------"
		       "--\n");
		WARN(1, "%s %s: Slab cache still has objects when called from %pS", __func__,
		     s->name, (void *)_RET_IP_);
		return;
	}
	kfree(s->name);
	kfree(s);
}
EXPORT_SYMBOL(kmem_cache_destroy);

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags)
{
	int fresh = 0;
	void *object = r3hc_object_alloc(s->host, flags & __GFP_ZERO ? R3_ALLOC_ZERO : 0, &fresh);

	if (!object)
		report_failure(s->size, flags);
	else if (fresh && s->ctor)
		s->ctor(object);
	return object;
}
EXPORT_SYMBOL(kmem_cache_alloc);

void kmem_cache_free(struct kmem_cache *s, void *objp)
{
	WARN(r3hc_object_free(s->host, objp), "%s: %px is not an object of cache %s\n", __func__,
	     objp, s->name);
}
EXPORT_SYMBOL(kmem_cache_free);

unsigned int kmem_cache_size(struct kmem_cache *s)
{
	return s->size;
}
EXPORT_SYMBOL(kmem_cache_size);

void kmem_cache_free_bulk(struct kmem_cache *s, size_t size, void **p)
{
	while (size--)
		kmem_cache_free(s, p[size]);
}
EXPORT_SYMBOL(kmem_cache_free_bulk);

int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t size, void **p)
{
	size_t i;

	for (i = 0; i < size; i++) {
		p[i] = kmem_cache_alloc(s, flags);
		if (!p[i]) {
			kmem_cache_free_bulk(s, i, p);
			return 0;
		}
	}
	return size;
}
EXPORT_SYMBOL(kmem_cache_alloc_bulk);
