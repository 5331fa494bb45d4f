/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

#define SLAB_HWCACHE_ALIGN     ((slab_flags_t)0x00002000U)
#define SLAB_POISON            ((slab_flags_t)0x00000800U)
#define SLAB_RED_ZONE          ((slab_flags_t)0x00000400U)
#define SLAB_CACHE_DMA         ((slab_flags_t)0x00004000U)
#define SLAB_STORE_USER        ((slab_flags_t)0x00010000U)
#define SLAB_RECLAIM_ACCOUNT   ((slab_flags_t)0x00020000U)
#define SLAB_PANIC             ((slab_flags_t)0x00040000U)
#define SLAB_TYPESAFE_BY_RCU   ((slab_flags_t)0x00080000U)
#define SLAB_MEM_SPREAD        ((slab_flags_t)0x00100000U)
#define SLAB_ACCOUNT           ((slab_flags_t)0x04000000U)
#define SLAB_TEMPORARY         SLAB_RECLAIM_ACCOUNT

#define ZERO_SIZE_PTR          ((void *)16)
#define ZERO_OR_NULL_PTR(x)    ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)
#define KMALLOC_MAX_SIZE       (1UL << 22)
#define KMALLOC_MAX_CACHE_SIZE (1UL << 13)
#define ARCH_KMALLOC_MINALIGN  8

struct kmem_cache;
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *));
void kmem_cache_destroy(struct kmem_cache *s);
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags) __malloc;
void kmem_cache_free(struct kmem_cache *s, void *objp);
unsigned int kmem_cache_size(struct kmem_cache *s);
void kmem_cache_free_bulk(struct kmem_cache *s, size_t size, void **p);
int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t size, void **p);
#define KMEM_CACHE(type, flags)                                                                    \
	kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), (flags), NULL)
static inline void *kmem_cache_zalloc(struct kmem_cache *k, gfp_t flags)
{
	return kmem_cache_alloc(k, flags | __GFP_ZERO);
}

void *__kmalloc(size_t size, gfp_t flags) __alloc_size(1);
void *krealloc(const void *objp, size_t new_size, gfp_t flags) __must_check;
void kfree(const void *objp);
void kfree_sensitive(const void *objp);
size_t ksize(const void *objp);
void *kvmalloc_node(size_t size, gfp_t flags, int node);
void kvfree(const void *addr);

static __always_inline __alloc_size(1) void *kmalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags);
}
static __always_inline __alloc_size(1) void *kzalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags | __GFP_ZERO);
}
#define kmalloc_node(size, flags, node) kmalloc(size, flags)
#define kzalloc_node(size, flags, node) kzalloc(size, flags)
#define kzfree                          kfree_sensitive
static inline __alloc_size(1, 2) void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(check_mul_overflow(n, size, &bytes)))
		return NULL;
	return __kmalloc(bytes, flags);
}
static inline __alloc_size(1, 2) void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}
static inline void *__must_check krealloc_array(void *p, size_t new_n, size_t new_size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(check_mul_overflow(new_n, new_size, &bytes)))
		return NULL;
	return krealloc(p, bytes, flags);
}
static inline void *kvmalloc(size_t size, gfp_t flags)
{
	return kvmalloc_node(size, flags, NUMA_NO_NODE);
}
static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return kvmalloc(size, flags | __GFP_ZERO);
}
static inline void *kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(check_mul_overflow(n, size, &bytes)))
		return NULL;
	return kvmalloc(bytes, flags);
}
static inline void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kvmalloc_array(n, size, flags | __GFP_ZERO);
}

#endif
