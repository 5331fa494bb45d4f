// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmalloc and vmap: single pages of the allocator, seen side by side at an
 * address of their own with a guard page behind. Rules of mm/vmalloc.c.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <ring3/hypercall.h>
#include "compat.h"
#include "memory.h"

#define PAGE_RW   (R3_PROT_READ | R3_PROT_WRITE)

/* Every mapping, by its address; chained through vm_struct.next. */
#define AREA_BITS 8
static struct vm_struct *areas[1 << AREA_BITS];
static DEFINE_SPINLOCK(areas_lock);
static atomic_long_t nr_vmalloc_pages;

static struct vm_struct **bucket_of(unsigned long address)
{
	return &areas[hash_long(address >> PAGE_SHIFT, AREA_BITS)];
}

static void area_insert(struct vm_struct *area)
{
	struct vm_struct **bucket = bucket_of((unsigned long)area->addr);

	spin_lock(&areas_lock);
	area->next = *bucket;
	*bucket = area;
	spin_unlock(&areas_lock);
}

/* The mapping that starts at address, taken off the table if so wished. */
static struct vm_struct *area_find(const void *address, bool take)
{
	struct vm_struct **link = bucket_of((unsigned long)address), *area;

	spin_lock(&areas_lock);
	while (*link && (*link)->addr != address)
		link = &(*link)->next;
	area = *link;
	if (area && take)
		*link = area->next;
	spin_unlock(&areas_lock);
	return area;
}

/* The mapping that an address lies in. */
struct vm_struct *find_vm_area(const void *addr)
{
	unsigned long at = (unsigned long)addr;
	struct vm_struct *area, *found = NULL;
	unsigned int i;

	if (!is_vmalloc_addr(addr))
		return NULL;
	spin_lock(&areas_lock);
	for (i = 0; i < ARRAY_SIZE(areas) && !found; i++)
		for (area = areas[i]; area && !found; area = area->next)
			if (at - (unsigned long)area->addr < get_vm_area_size(area))
				found = area;
	spin_unlock(&areas_lock);
	return found;
}

bool is_vmalloc_addr(const void *x)
{
	return (unsigned long)x - vmalloc_base < vmalloc_size;
}
EXPORT_SYMBOL(is_vmalloc_addr);

int is_vmalloc_or_module_addr(const void *x)
{
	return is_vmalloc_addr(x) || r3hc_module_of((unsigned long)x, 0);
}
EXPORT_SYMBOL_GPL(is_vmalloc_or_module_addr);

unsigned long vmalloc_nr_pages(void)
{
	return atomic_long_read(&nr_vmalloc_pages);
}

/* ---- pages ---- */

static void pages_release(struct page **pages, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		__free_pages(pages[i], 0);
}

/* count single pages, in runs as long as can be had: each run is one mapping. */
static bool pages_fill(struct page **pages, unsigned int count)
{
	unsigned int done = 0, order = min_t(unsigned int, ilog2(count), PAGE_ORDER_MAX);

	while (done < count) {
		unsigned long physical;
		unsigned int i;

		while (order && 1U << order > count - done)
			order--;
		physical = r3hc_page_alloc(order, R3_ALLOC_ZERO);
		if (physical == ~0UL) {
			if (!order--) {
				pages_release(pages, done);
				return false;
			}
			continue;
		}
		if (order)
			r3hc_page_split(physical, order);
		for (i = 0; i < 1U << order; i++) {
			struct page *page = pfn_to_page((physical >> PAGE_SHIFT) + i);

			page_prepare(page, 0, 0);
			pages[done++] = page;
		}
	}
	return true;
}

/* ---- mappings ---- */

static struct vm_struct *area_new(unsigned int count)
{
	struct vm_struct *area;

	area = r3hc_kmalloc(sizeof(*area), R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
	if (!area)
		return NULL;
	area->pages = r3hc_kmalloc(count * sizeof(*area->pages), R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
	area->nr_pages = count;
	area->size = (count + 1UL) << PAGE_SHIFT; /* with its guard */
	if (!area->pages) {
		r3hc_object_free(NULL, area);
		return NULL;
	}
	return area;
}

static void area_free(struct vm_struct *area)
{
	r3hc_object_free(NULL, area->pages);
	r3hc_object_free(NULL, area);
}

/* Show area->pages at a fresh address; the array of frames is in the pages' own place. */
static bool area_map(struct vm_struct *area, unsigned int prot)
{
	unsigned long *frames = (unsigned long *)area->pages;
	unsigned long address;
	unsigned int i;

	BUILD_BUG_ON(sizeof(*frames) != sizeof(*area->pages));
	for (i = 0; i < area->nr_pages; i++)
		frames[i] = page_to_pfn(area->pages[i]) << PAGE_SHIFT;
	address = r3hc_vmap(frames, area->nr_pages, prot);
	for (i = 0; i < area->nr_pages; i++)
		area->pages[i] = pfn_to_page(frames[i] >> PAGE_SHIFT);
	area->addr = (void *)address;
	return address;
}

static unsigned int to_prot(pgprot_t prot)
{
	unsigned int result = R3_PROT_READ;

	if (pgprot_val(prot) & _PAGE_RW)
		result |= R3_PROT_WRITE;
	/* Never both: code is written through another view. */
	else if (!(pgprot_val(prot) & _PAGE_NX))
		result |= R3_PROT_EXEC;
	return result;
}

static void *vmalloc_any(unsigned long size, gfp_t gfp, unsigned long flags, unsigned int prot)
{
	unsigned long count = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct vm_struct *area;

	if (WARN_ON_ONCE(!size))
		return NULL;
	if (count > totalram_pages()) {
		if (!(gfp & __GFP_NOWARN))
			pr_warn("vmalloc error: size %lu, exceeds total pages\n", size);
		return NULL;
	}
	area = area_new(count);
	if (!area)
		goto no_memory;
	area->flags = flags | VM_ALLOC;
	area->caller = __builtin_return_address(0);
	if (!pages_fill(area->pages, count))
		goto no_pages;
	if (!area_map(area, prot))
		goto no_space;
	atomic_long_add(count, &nr_vmalloc_pages);
	r3hc_account(area->addr, count << PAGE_SHIFT, "vmalloc");
	area_insert(area);
	return area->addr;

no_space:
	pages_release(area->pages, count);
no_pages:
	area_free(area);
no_memory:
	report_no_memory(gfp, 0);
	return NULL;
}

void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot)
{
	struct vm_struct *area;

	if (WARN_ON_ONCE(flags & VM_FLUSH_RESET_PERMS))
		return NULL;
	if (!count || count > totalram_pages())
		return NULL;
	area = area_new(count);
	if (!area)
		return NULL;
	memcpy(area->pages, pages, count * sizeof(*pages));
	area->flags = flags | VM_MAP;
	area->caller = __builtin_return_address(0);
	if (!area_map(area, to_prot(prot))) {
		area_free(area);
		return NULL;
	}
	r3hc_account(area->addr, flags & VM_MAP_PUT_PAGES ? count << PAGE_SHIFT : 0, "vmap");
	area_insert(area);
	return area->addr;
}
EXPORT_SYMBOL(vmap);

static void unmap(const void *addr, bool free_pages)
{
	struct vm_struct *area;

	if (WARN(!PAGE_ALIGNED(addr), "Trying to vfree() bad address (%p)\n", addr))
		return;
	area = area_find(addr, true);
	if (!area) {
		WARN(1, KERN_ERR "Trying to vfree() nonexistent vm area (%p)\n", addr);
		return;
	}
	r3hc_unaccount(area->addr);
	r3hc_vunmap((unsigned long)area->addr);
	if (free_pages && area->flags & (VM_ALLOC | VM_MAP_PUT_PAGES))
		pages_release(area->pages, area->nr_pages);
	if (area->flags & VM_ALLOC)
		atomic_long_sub(area->nr_pages, &nr_vmalloc_pages);
	area_free(area);
}

void vfree(const void *addr)
{
	BUG_ON(in_nmi());
	if (addr)
		unmap(addr, true);
}
EXPORT_SYMBOL(vfree);

void vfree_atomic(const void *addr)
{
	vfree(addr);
}

void vunmap(const void *addr)
{
	BUG_ON(in_interrupt());
	if (addr)
		unmap(addr, false);
}
EXPORT_SYMBOL(vunmap);

void *vm_map_ram(struct page **pages, unsigned int count, int node)
{
	return vmap(pages, count, 0, PAGE_KERNEL);
}
EXPORT_SYMBOL(vm_map_ram);

void vm_unmap_ram(const void *mem, unsigned int count)
{
	vunmap(mem);
}
EXPORT_SYMBOL(vm_unmap_ram);

/* Nothing is unmapped lazily. */
void vm_unmap_aliases(void)
{
}
EXPORT_SYMBOL_GPL(vm_unmap_aliases);

/* ---- the allocating functions ---- */

void *NOPROF(vmalloc)(unsigned long size)
{
	return vmalloc_any(size, GFP_KERNEL, 0, PAGE_RW);
}
EXPORT_SYMBOL(NOPROF(vmalloc));

void *NOPROF(vzalloc)(unsigned long size)
{
	return vmalloc_any(size, GFP_KERNEL | __GFP_ZERO, 0, PAGE_RW);
}
EXPORT_SYMBOL(NOPROF(vzalloc));

void *NOPROF(vmalloc_user)(unsigned long size)
{
	return vmalloc_any(size, GFP_KERNEL | __GFP_ZERO, VM_USERMAP, PAGE_RW);
}
EXPORT_SYMBOL(NOPROF(vmalloc_user));

void *NOPROF(vmalloc_node)(unsigned long size, int node)
{
	return vmalloc_any(size, GFP_KERNEL, 0, PAGE_RW);
}
EXPORT_SYMBOL(NOPROF(vmalloc_node));

void *NOPROF(vzalloc_node)(unsigned long size, int node)
{
	return vmalloc_any(size, GFP_KERNEL | __GFP_ZERO, 0, PAGE_RW);
}
EXPORT_SYMBOL(NOPROF(vzalloc_node));

/* All memory of a box lies below 4 GiB unless it was made larger. */
void *NOPROF(vmalloc_32)(unsigned long size)
{
	return vmalloc_any(size, GFP_KERNEL, 0, PAGE_RW);
}
EXPORT_SYMBOL(NOPROF(vmalloc_32));

void *NOPROF(vmalloc_32_user)(unsigned long size)
{
	return vmalloc_any(size, GFP_KERNEL | __GFP_ZERO, VM_USERMAP, PAGE_RW);
}
EXPORT_SYMBOL(NOPROF(vmalloc_32_user));

void *NOPROF(vmalloc_huge)(unsigned long size, gfp_t gfp)
{
	return vmalloc_any(size, gfp, 0, PAGE_RW);
}
EXPORT_SYMBOL_GPL(NOPROF(vmalloc_huge));

void *NOPROF(__vmalloc)(unsigned long size, gfp_t gfp)
{
	return vmalloc_any(size, gfp, 0, PAGE_RW);
}
EXPORT_SYMBOL(NOPROF(__vmalloc));

void *NOPROF(__vmalloc_node)(unsigned long size, unsigned long align, gfp_t gfp, int node,
			     const void *caller)
{
	return vmalloc_any(size, gfp, 0, PAGE_RW);
}

void *NOPROF(__vmalloc_node_range)(unsigned long size, unsigned long align, unsigned long start,
				   unsigned long end, gfp_t gfp, pgprot_t prot,
				   unsigned long vm_flags, int node, const void *caller)
{
	return vmalloc_any(size, gfp, vm_flags, to_prot(prot));
}

/* ---- what lies behind an address ---- */

struct page *vmalloc_to_page(const void *addr)
{
	unsigned long physical = r3hc_vmalloc_physical((unsigned long)addr);

	return physical == ~0UL ? NULL : pfn_to_page(physical >> PAGE_SHIFT);
}
EXPORT_SYMBOL(vmalloc_to_page);

unsigned long vmalloc_to_pfn(const void *addr)
{
	return page_to_pfn(vmalloc_to_page(addr));
}
EXPORT_SYMBOL(vmalloc_to_pfn);

/* ---- either kind ---- */

static void *kvmalloc_any(size_t size, gfp_t flags)
{
	gfp_t first = flags;
	void *p;

	if (size > PAGE_SIZE)
		first |= __GFP_NOWARN;
	if (size <= KMALLOC_MAX_SIZE) {
		p = kmalloc(size, first);
		if (p || size <= PAGE_SIZE)
			return p;
	}
	if (unlikely(size > INT_MAX)) {
		WARN_ON_ONCE(!(flags & __GFP_NOWARN));
		return NULL;
	}
	return vmalloc_any(size, flags, 0, PAGE_RW);
}

#if R3_LINUX(6, 10)
void *__kvmalloc_node_noprof(DECL_BUCKET_PARAMS(size, b), gfp_t flags, int node)
{
	return kvmalloc_any(size, flags);
}
EXPORT_SYMBOL(__kvmalloc_node_noprof);
#else
void *kvmalloc_node(size_t size, gfp_t flags, int node)
{
	return kvmalloc_any(size, flags);
}
EXPORT_SYMBOL(kvmalloc_node);
#endif

void kvfree(const void *addr)
{
	if (is_vmalloc_addr(addr))
		vfree(addr);
	else
		kfree(addr);
}
EXPORT_SYMBOL(kvfree);

void kvfree_sensitive(const void *addr, size_t len)
{
	if (likely(!ZERO_OR_NULL_PTR(addr))) {
		memzero_explicit((void *)addr, len);
		kvfree(addr);
	}
}
EXPORT_SYMBOL(kvfree_sensitive);
