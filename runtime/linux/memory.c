// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the headers' inline functions believe about memory: where the direct
 * map and its struct pages are, one node, one zone, sections, counters.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/memory.h>
#include <linux/memremap.h>
#include <linux/page-flags.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/pfn.h>
#include <linux/topology.h>
#include <linux/memcontrol.h>
#include <linux/vmstat.h>
#include <asm/mem_encrypt.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <ring3/hypercall.h>
#include "compat.h"
#include "memory.h"

/* Bases that asm/page_64_types.h and asm/pgtable_64_types.h read at run time. */
unsigned long page_offset_base;
EXPORT_SYMBOL(page_offset_base);
unsigned long vmalloc_base;
EXPORT_SYMBOL(vmalloc_base);
unsigned long vmalloc_size;
unsigned long vmemmap_base;
EXPORT_SYMBOL(vmemmap_base);
unsigned long phys_base;
EXPORT_SYMBOL(phys_base);

unsigned int __pgtable_l5_enabled;
unsigned int pgdir_shift = 39;
EXPORT_SYMBOL(pgdir_shift);
unsigned int ptrs_per_p4d = 1;
EXPORT_SYMBOL(ptrs_per_p4d);

unsigned long max_pfn;
unsigned long max_low_pfn;
unsigned long min_low_pfn;
unsigned long long max_possible_pfn;
void *high_memory;
EXPORT_SYMBOL(high_memory);
unsigned long zero_pfn;
EXPORT_SYMBOL(zero_pfn);
int movable_zone = ZONE_NORMAL;
EXPORT_SYMBOL(movable_zone);

phys_addr_t physical_mask __ro_after_init = (1ULL << __PHYSICAL_MASK_SHIFT) - 1;
EXPORT_SYMBOL(physical_mask);
#ifdef CONFIG_AMD_MEM_ENCRYPT
u64 sme_me_mask; /* no memory is encrypted */
EXPORT_SYMBOL(sme_me_mask);
#endif
pteval_t __supported_pte_mask = ~0UL;
EXPORT_SYMBOL_GPL(__supported_pte_mask);
pteval_t __default_kernel_pte_mask = ~0UL;
EXPORT_SYMBOL(__default_kernel_pte_mask);

/* The cache attributes of a mapping, as bits of a page table entry, with PAT as Linux sets it. */
unsigned long cachemode2protval(enum page_cache_mode pcm)
{
	switch (pcm) {
	case _PAGE_CACHE_MODE_WC:
		return _PAGE_PWT;
	case _PAGE_CACHE_MODE_UC_MINUS:
		return _PAGE_PCD;
	case _PAGE_CACHE_MODE_UC:
		return _PAGE_PWT | _PAGE_PCD;
	case _PAGE_CACHE_MODE_WT:
		return _PAGE_PWT | _PAGE_PCD | _PAGE_PAT;
	case _PAGE_CACHE_MODE_WP:
		return _PAGE_PWT | _PAGE_PAT;
	default:
		return 0;
	}
}
EXPORT_SYMBOL(cachemode2protval);

/* ---- one node ---- */

static struct pglist_data node0;
struct pglist_data *node_data[MAX_NUMNODES] = {&node0};
EXPORT_SYMBOL(node_data);

nodemask_t node_states[NR_NODE_STATES] = {
	[N_POSSIBLE] = {{[0] = 1UL}}, [N_ONLINE] = {{[0] = 1UL}}, [N_NORMAL_MEMORY] = {{[0] = 1UL}},
	[N_MEMORY] = {{[0] = 1UL}},   [N_CPU] = {{[0] = 1UL}},
};
EXPORT_SYMBOL(node_states);

unsigned int nr_node_ids = 1;
EXPORT_SYMBOL(nr_node_ids);
unsigned int nr_online_nodes = 1;
EXPORT_SYMBOL(nr_online_nodes);
DEFINE_PER_CPU(int, numa_node);
EXPORT_PER_CPU_SYMBOL(numa_node);
int numa_distance_local = LOCAL_DISTANCE;

int __node_distance(int from, int to)
{
	return from == to ? LOCAL_DISTANCE : REMOTE_DISTANCE;
}
EXPORT_SYMBOL(__node_distance);

#ifdef CONFIG_NUMA
cpumask_var_t node_to_cpumask_map[MAX_NUMNODES];
EXPORT_SYMBOL(node_to_cpumask_map);
#endif

/* ---- counters ---- */

atomic_long_t _totalram_pages;
EXPORT_SYMBOL(_totalram_pages);
unsigned long totalreserve_pages;
DEFINE_PER_CPU(struct vm_event_state, vm_event_states) = {{0}};
EXPORT_PER_CPU_SYMBOL(vm_event_states);
atomic_long_t vm_zone_stat[NR_VM_ZONE_STAT_ITEMS];
EXPORT_SYMBOL(vm_zone_stat);
atomic_long_t vm_node_stat[NR_VM_NODE_STAT_ITEMS];
EXPORT_SYMBOL(vm_node_stat);

void mod_zone_page_state(struct zone *zone, enum zone_stat_item item, long delta)
{
	zone_page_state_add(delta, zone, item);
}
EXPORT_SYMBOL(mod_zone_page_state);

void __mod_zone_page_state(struct zone *zone, enum zone_stat_item item, long delta)
{
	zone_page_state_add(delta, zone, item);
}
EXPORT_SYMBOL(__mod_zone_page_state);

void mod_node_page_state(struct pglist_data *pgdat, enum node_stat_item item, long delta)
{
	node_page_state_add(delta, pgdat, item);
}
EXPORT_SYMBOL(mod_node_page_state);

void __mod_node_page_state(struct pglist_data *pgdat, enum node_stat_item item, long delta)
{
	node_page_state_add(delta, pgdat, item);
}
EXPORT_SYMBOL(__mod_node_page_state);

void inc_zone_page_state(struct page *page, enum zone_stat_item item)
{
	zone_page_state_add(1, page_zone(page), item);
}
EXPORT_SYMBOL(inc_zone_page_state);

void dec_zone_page_state(struct page *page, enum zone_stat_item item)
{
	zone_page_state_add(-1, page_zone(page), item);
}
EXPORT_SYMBOL(dec_zone_page_state);

void inc_node_page_state(struct page *page, enum node_stat_item item)
{
	node_page_state_add(1, page_pgdat(page), item);
}
EXPORT_SYMBOL(inc_node_page_state);

void dec_node_page_state(struct page *page, enum node_stat_item item)
{
	node_page_state_add(-1, page_pgdat(page), item);
}
EXPORT_SYMBOL(dec_node_page_state);

void all_vm_events(unsigned long *ret)
{
	unsigned int cpu, i;

	memset(ret, 0, NR_VM_EVENT_ITEMS * sizeof(*ret));
	for_each_online_cpu (cpu)
		for (i = 0; i < NR_VM_EVENT_ITEMS; i++)
			ret[i] += per_cpu(vm_event_states, cpu).event[i];
}
EXPORT_SYMBOL_GPL(all_vm_events);

unsigned long nr_free_buffer_pages(void)
{
	return r3hc_page_count();
}
EXPORT_SYMBOL_GPL(nr_free_buffer_pages);

long si_mem_available(void)
{
	return r3hc_page_count();
}
EXPORT_SYMBOL_GPL(si_mem_available);

void si_meminfo(struct sysinfo *val)
{
	memset(val, 0, sizeof(*val));
	val->totalram = totalram_pages();
	val->freeram = r3hc_page_count();
	val->mem_unit = PAGE_SIZE;
}
EXPORT_SYMBOL(si_meminfo);

void adjust_managed_page_count(struct page *page, long count)
{
	atomic_long_add(count, &_totalram_pages);
}
EXPORT_SYMBOL(adjust_managed_page_count);

/* ---- keys that inline functions about memory ask ---- */

#ifdef CONFIG_FS_DAX
DEFINE_STATIC_KEY_FALSE(devmap_managed_key);
EXPORT_SYMBOL(devmap_managed_key);
#endif
#ifdef CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP
DEFINE_STATIC_KEY_FALSE(hugetlb_optimize_vmemmap_key);
EXPORT_SYMBOL(hugetlb_optimize_vmemmap_key);
#endif
DEFINE_STATIC_KEY_MAYBE(CONFIG_INIT_ON_ALLOC_DEFAULT_ON, init_on_alloc);
EXPORT_SYMBOL(init_on_alloc);
DEFINE_STATIC_KEY_MAYBE(CONFIG_INIT_ON_FREE_DEFAULT_ON, init_on_free);
EXPORT_SYMBOL(init_on_free);
DEFINE_STATIC_KEY_TRUE(vm_numa_stat_key);
#ifdef CONFIG_MEMCG
DEFINE_STATIC_KEY_FALSE(memcg_sockets_enabled_key);
EXPORT_SYMBOL(memcg_sockets_enabled_key);
#endif

/* ---- sections: pfn_valid() looks every frame up ---- */

#define SECTIONS_OF_BOX  64 /* of 128 MiB */
#define ROOTS_OF_46_BITS ((1UL << (46 - SECTION_SIZE_BITS)) / SECTIONS_PER_ROOT)

static struct mem_section section_table[round_up(SECTIONS_OF_BOX, SECTIONS_PER_ROOT)];
static struct mem_section *section_roots[ROOTS_OF_46_BITS];
struct mem_section **mem_section = section_roots;
EXPORT_SYMBOL(mem_section);

static void sections_init(unsigned long pages)
{
	unsigned long i, count = DIV_ROUND_UP(pages, PAGES_PER_SECTION);

	for (i = 0; i < ARRAY_SIZE(section_table) / SECTIONS_PER_ROOT; i++)
		section_roots[i] = &section_table[i * SECTIONS_PER_ROOT];
	for (i = 0; i < count && i < SECTIONS_OF_BOX; i++)
		section_table[i].section_mem_map = SECTION_MARKED_PRESENT | SECTION_HAS_MEM_MAP |
						   SECTION_IS_ONLINE | SECTION_IS_EARLY;
}

bool __virt_addr_valid(unsigned long x)
{
	return x - page_offset_base < max_pfn << PAGE_SHIFT;
}
EXPORT_SYMBOL(__virt_addr_valid);

struct page *pfn_to_online_page(unsigned long pfn)
{
	return pfn < max_pfn ? pfn_to_page(pfn) : NULL;
}
EXPORT_SYMBOL_GPL(pfn_to_online_page);

static void node_init(unsigned long pages)
{
	static const char *const names[MAX_NR_ZONES] = {
#ifdef CONFIG_ZONE_DMA
		"DMA",
#endif
#ifdef CONFIG_ZONE_DMA32
		"DMA32",
#endif
		"Normal", "Movable",
#ifdef CONFIG_ZONE_DEVICE
		"Device",
#endif
	};
	int i;

#if defined(CONFIG_NUMA) && defined(CONFIG_CPUMASK_OFFSTACK)
	node_to_cpumask_map[0] = &__cpu_online_mask;
#endif
	node0.node_spanned_pages = node0.node_present_pages = pages;
	node0.nr_zones = ZONE_NORMAL + 1;
	for (i = 0; i < MAX_NR_ZONES; i++) {
		node0.node_zones[i].name = names[i];
		node0.node_zones[i].zone_pgdat = &node0;
	}
	node0.node_zones[ZONE_NORMAL].spanned_pages = pages;
	node0.node_zones[ZONE_NORMAL].present_pages = pages;
	atomic_long_set(&node0.node_zones[ZONE_NORMAL].managed_pages, pages);
}

void memory_init(const struct r3_boot_info *info)
{
	unsigned long pages = info->memory_size >> PAGE_SHIFT;

	page_offset_base = info->memory_base;
	vmemmap_base = info->page_array;
	vmalloc_base = info->vmalloc_base;
	vmalloc_size = info->vmalloc_size;
	/* __pa() of what lies in the direct map must be its offset (asm/page_64.h). */
	phys_base = 0;
	max_pfn = max_low_pfn = pages;
	max_possible_pfn = pages;
	high_memory = (void *)(info->memory_base + info->memory_size);
	r3_user_base = info->user_base;
	r3_user_size = info->user_size;
#if R3_LINUX(6, 12)
	USER_PTR_MAX = info->user_base + info->user_size;
#endif
	atomic_long_set(&_totalram_pages, pages - 1);
	sections_init(pages);
	node_init(pages);
}
