// SPDX-License-Identifier: GPL-2.0-or-later
/* Relocations, and the call sites that are patched before anything runs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "loader/internal.h"
#include "loader/trace.h"

#define NR_TYPES 64

static void trace_counts(struct load_info *info, unsigned int section,
			 const unsigned int counts[NR_TYPES])
{
	const char *name = elf_section_name(&info->view, section);

	for (unsigned int type = 0; type < NR_TYPES; type++)
		if (counts[type])
			trace_event(info->box, R3_TRACE_RELOCATION, info->name, name,
				    arch_relocation_name(type), info->address[section],
				    counts[type], "%-28s %6u x %s", name, counts[type],
				    arch_relocation_name(type));
}

static int relocate_section(struct load_info *info, unsigned int index)
{
	const Elf64_Shdr *relsec = &info->view.sections[index];
	const Elf64_Rela *rela = elf_section_data(&info->view, index);
	size_t count = relsec->sh_size / sizeof(*rela);
	unsigned int target = relsec->sh_info;
	uint64_t size = info->view.sections[target].sh_size;
	unsigned int counts[NR_TYPES] = {0};
	/* Per-CPU initial values were copied already; see relocate_percpu. */
	uint8_t *base = box_writable(info->box, info->address[target]);
	int error = 0;

	for (size_t i = 0; i < count && !error; i++) {
		unsigned int type = ELF64_R_TYPE(rela[i].r_info);
		uint64_t offset = rela[i].r_offset;
		uint64_t symbol = ELF64_R_SYM(rela[i].r_info);

		if (offset >= size || symbol >= info->view.nr_symbols) {
			box_printk(info->box, 3,
				   "%s: relocation %zu of section %s is outside of it", info->name,
				   i, elf_section_name(&info->view, target));
			return -ENOEXEC;
		}
		error = arch_relocate(type, base + offset, info->address[target] + offset,
				      info->value[symbol] + rela[i].r_addend, size - offset, true);
		if (type < NR_TYPES)
			counts[type]++;
		if (error)
			error = arch_relocation_failed(
				info->box, info->name, type, info->address[target] + offset,
				info->value[symbol] + rela[i].r_addend, error);
	}
	if (!error && trace_is_wanted(info->box))
		trace_counts(info, target, counts);
	return error;
}

/* Pointers in the initial values of per-CPU variables: the same for every CPU's copy. */
static int relocate_percpu(struct load_info *info, unsigned int index)
{
	const Elf64_Shdr *relsec = &info->view.sections[index];
	const Elf64_Rela *rela = elf_section_data(&info->view, index);
	uint64_t base = info->address[relsec->sh_info];
	uint64_t size = info->view.sections[relsec->sh_info].sh_size;
	int error = 0;

	for (size_t i = 0; i < relsec->sh_size / sizeof(*rela); i++) {
		uint64_t symbol = ELF64_R_SYM(rela[i].r_info);

		if (rela[i].r_offset >= size || symbol >= info->view.nr_symbols)
			return -ENOEXEC;
		for (unsigned int cpu = 0; cpu < info->box->nr_vcpus && !error; cpu++) {
			uint64_t copy =
				info->box->space.percpu_offset[cpu] + base + rela[i].r_offset;

			error = arch_relocate(ELF64_R_TYPE(rela[i].r_info), (void *)copy, copy,
					      info->value[symbol] + rela[i].r_addend,
					      size - rela[i].r_offset, true);
		}
		if (error)
			return error;
	}
	return 0;
}

int apply_relocations(struct load_info *info)
{
	int error = 0;

	for (unsigned int i = 1; i < info->view.nr_sections && !error; i++) {
		const Elf64_Shdr *section = &info->view.sections[i];

		if (section->sh_type != SHT_RELA && section->sh_type != SHT_REL)
			continue;
		if (section->sh_info >= info->view.nr_sections)
			continue; /* not a relocation section of ours; Linux skips it, too */
		if (!(info->view.sections[section->sh_info].sh_flags & SHF_ALLOC))
			continue;
		if (section->sh_type == SHT_REL) {
			box_printk(info->box, 3, "%s: REL relocation unsupported", info->name);
			return -ENOEXEC;
		}
		if (section_is_percpu(info, section->sh_info))
			error = relocate_percpu(info, i);
		else if (info->part[section->sh_info] != NO_PART)
			error = relocate_section(info, i);
	}
	return error;
}

/* 0f 1f 44 00 00: the five-byte nop of the processor's manual */
static const uint8_t nop5[5] = {0x0f, 0x1f, 0x44, 0x00, 0x00};

static bool is_in_text(const struct object *object, uint64_t address, uint64_t length)
{
	static const enum part parts[] = {PART_TEXT, PART_INIT_TEXT};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const struct part_range *range = &object->parts[parts[i]];
		uint64_t offset = address - range->address;

		if (offset < range->size && length <= range->size - offset)
			return true;
	}
	return false;
}

int compare_addresses(const void *left, const void *right)
{
	const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/*
 * `call __fentry__` at function entries becomes a nop; the sites are kept for
 * probes. __mcount_loc holds their addresses (scripts/recordmcount, gcc's
 * -mrecord-mcount).
 */
int patch_fentry_sites(struct load_info *info)
{
	const struct r3_section *section = object_section(info->object, "__mcount_loc");
	struct object *object = info->object;
	const uint8_t *sites; /* 64-bit addresses, aligned or not */
	size_t count;

	if (!section)
		return 0;
	sites = box_writable(info->box, section->address);
	count = section->size / sizeof(uint64_t);
	object->fentry_sites = calloc(count ? count : 1, sizeof(uint64_t));
	if (!object->fentry_sites)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		uint64_t address;
		uint8_t *site;

		memcpy(&address, sites + i * sizeof(address), sizeof(address));
		if (!is_in_text(object, address, sizeof(nop5)))
			continue; /* a function that was left out of the link */
		site = box_writable(info->box, address);
		if (*site != 0xe8 && memcmp(site, nop5, 5))
			continue; /* behind an endbr64, or not ours to touch */
		memcpy(site, nop5, sizeof(nop5));
		object->fentry_sites[object->nr_fentry_sites++] = address;
	}
	qsort(object->fentry_sites, object->nr_fentry_sites, sizeof(uint64_t), compare_addresses);
	if (trace_is_wanted(info->box))
		trace_event(info->box, R3_TRACE_PATCH, info->name, "__fentry__", "nop", 0,
			    object->nr_fentry_sites, "%u calls of __fentry__ became nops",
			    object->nr_fentry_sites);
	return 0;
}
