/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_SLAB_H
#define RING3_SLAB_H

#include "box/box.h"

struct slab;
struct cache;

/* Objects above this come from the page allocator directly. */
#define KMALLOC_MAX_CACHE 8192

struct slab *slab_new(struct r3_box *box);
void slab_free_all(struct slab *slab);

struct cache *cache_new(struct slab *slab, const char *name, unsigned int size, unsigned int align);
/* Objects still allocated; 0: the cache is gone. */
uint64_t cache_destroy(struct slab *slab, struct cache *cache);
const char *cache_name(const struct cache *cache);

/* owner: who is to blame if it is never freed (an address in a module), 0: nobody. */
void *object_alloc(struct slab *slab, struct cache *cache, bool zero, uint64_t owner, bool *fresh);
int object_free_checked(struct slab *slab, struct cache *cache, void *object);
void *slab_kmalloc(struct slab *slab, uint64_t size, bool zero, uint64_t owner);
uint64_t slab_size_of(struct slab *slab, const void *object);
struct cache *slab_cache_of(struct slab *slab, const void *object);
/* The live object that an address lies in, its size and cache; NULL if none. */
void *slab_object_at(struct slab *slab, const void *address, uint64_t *size, struct cache **cache);

#endif
