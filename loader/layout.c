// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where each section goes: code, read-only data, read-only-after-init data and
 * data, in this order and each from a page of its own; the same for what is
 * freed after init. (layout_sections of kernel/module/main.c)
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "box/vmalloc.h"
#include "box/report.h"
#include "loader/internal.h"
#include "loader/trace.h"

#define SHF_RO_AFTER_INIT 0x00200000u
#define SYMBOL_TYPE_SIZE  1  /* of a symbol's letter, typetab */
#define MOD_KALLSYMS_SIZE 32 /* sizeof(struct mod_kallsyms) */

static bool is_init(const struct load_info *info, const char *name)
{
	if (!info->module)
		return false; /* what is built in keeps its init parts */
	if (!strncmp(name, ".init", 5))
		return true;
	/* Without unloading, nobody calls exit: its code goes with init's. */
	return info->box->options.flags & R3_BOX_NO_UNLOAD && !strncmp(name, ".exit", 5);
}

static bool is_ro_after_init(const char *name)
{
	/* module_layout of kernel/module/main.c names these two */
	return !strcmp(name, ".data..ro_after_init") || !strcmp(name, "__jump_table");
}

static uint8_t part_of(const struct load_info *info, const Elf64_Shdr *section, const char *name)
{
	bool init = is_init(info, name);

	if (section->sh_flags & SHF_EXECINSTR)
		return init ? PART_INIT_TEXT : PART_TEXT;
	if (!(section->sh_flags & SHF_WRITE))
		return init ? PART_INIT_RODATA : PART_RODATA;
	if (!init && is_ro_after_init(name))
		return PART_RO_AFTER_INIT;
	return init ? PART_INIT_DATA : PART_DATA;
}

/* Built-in objects have several: .data..percpu..read_mostly and so on (asm-generic/vmlinux.lds.h).
 */
bool section_is_percpu(const struct load_info *info, unsigned int index)
{
	const char *name = elf_section_name(&info->view, index);

	if (!(info->view.sections[index].sh_flags & SHF_ALLOC))
		return false;
	return info->module ? !strcmp(name, ".data..percpu")
			    : !strncmp(name, ".data..percpu", strlen(".data..percpu"));
}

/* Sections that are read at load time only, or that have a place of their own. */
static bool is_left_out(const struct load_info *info, unsigned int index)
{
	const Elf64_Shdr *section = &info->view.sections[index];

	return !(section->sh_flags & SHF_ALLOC) || section_is_percpu(info, index) ||
	       index == info->versions || index == info->modinfo;
}

/* At the end of the part; -ENOMEM: it would not fit into module space. */
static int place_section(struct load_info *info, unsigned int index, uint8_t part,
			 uint64_t sizes[NR_PARTS])
{
	const Elf64_Shdr *section = &info->view.sections[index];
	uint64_t align = section->sh_addralign ? section->sh_addralign : 1;

	if (align > PAGE_SIZE)
		align = PAGE_SIZE;
	info->part[index] = part;
	info->offset[index] = (sizes[part] + align - 1) & ~(align - 1);
	if (section->sh_size > info->box->space.module_size ||
	    info->offset[index] + section->sh_size > info->box->space.module_size)
		return -ENOMEM;
	sizes[part] = info->offset[index] + section->sh_size;
	return 0;
}

/* is_core_symbol() of kernel/module/kallsyms.c, with CONFIG_KALLSYMS_ALL */
static bool is_core_symbol(const struct load_info *info, const Elf64_Sym *symbol)
{
	uint8_t part;

	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= info->view.nr_sections ||
	    !symbol->st_name)
		return false;
	part = info->part[symbol->st_shndx];
	return section_is_percpu(info, symbol->st_shndx) ||
	       (part != NO_PART && part < PART_INIT_TEXT);
}

/*
 * layout_symtab() of kernel/module/kallsyms.c: the symbol table is loaded with
 * what is freed after init, and there is room for a copy of what stays. Nobody
 * here needs that one, but the sizes that programs see count it.
 */
static int place_symbols(struct load_info *info, uint64_t sizes[NR_PARTS])
{
	const struct elf_view *view = &info->view;
	const unsigned int strings = view->sections[view->symtab].sh_link;
	uint64_t kept = 0;
	int error;

	/* Each in pages of its own, until memory was allocated by its type (6.4). */
	if (box_release_before(info->box, 6, 4)) {
		sizes[PART_DATA] = PAGE_ALIGN(sizes[PART_DATA]);
		sizes[PART_INIT_DATA] = PAGE_ALIGN(sizes[PART_INIT_DATA]);
	}
	for (size_t i = 0; i < view->nr_symbols; i++)
		if (i == 0 || is_core_symbol(info, &view->symbols[i]))
			kept += sizeof(Elf64_Sym) + SYMBOL_TYPE_SIZE +
				strlen(elf_symbol_name(view, &view->symbols[i])) + 1;
	sizes[PART_DATA] = ((sizes[PART_DATA] + 7) & ~7UL) + kept;
	error = place_section(info, view->symtab, PART_INIT_DATA, sizes);
	if (!error)
		error = place_section(info, strings, PART_INIT_DATA, sizes);
	sizes[PART_INIT_DATA] = ((sizes[PART_INIT_DATA] + 7) & ~7UL) + MOD_KALLSYMS_SIZE +
				view->nr_symbols * SYMBOL_TYPE_SIZE;
	return error;
}

static int place(struct load_info *info, uint64_t sizes[NR_PARTS])
{
	int error = 0;

	for (unsigned int i = 1; i < info->view.nr_sections && !error; i++) {
		const Elf64_Shdr *section = &info->view.sections[i];

		info->part[i] = NO_PART;
		if (!is_left_out(info, i))
			error = place_section(
				info, i, part_of(info, section, elf_section_name(&info->view, i)),
				sizes);
	}
	return error || !info->module ? error : place_symbols(info, sizes);
}

static int take_range(struct load_info *info, const uint64_t sizes[NR_PARTS], unsigned int first,
		      unsigned int last, uint64_t *base, uint64_t *total)
{
	uint64_t at;

	*total = 0;
	for (unsigned int part = first; part <= last; part++)
		*total += PAGE_ALIGN(sizes[part]);
	*base = 0;
	if (!*total)
		return 0;
	*base = range_take(info->box->module_ranges, *total, PAGE_SIZE);
	if (!*base)
		return -ENOMEM;
	memset(box_writable(info->box, *base), 0, *total);
	at = *base;
	for (unsigned int part = first; part <= last; part++) {
		info->object->parts[part].size = PAGE_ALIGN(sizes[part]);
		info->object->parts[part].address = sizes[part] ? at : 0;
		at += PAGE_ALIGN(sizes[part]);
	}
	return 0;
}

int layout_sections(struct load_info *info)
{
	struct object *object = info->object;
	uint64_t sizes[NR_PARTS] = {0};
	int error = place(info, sizes);

	if (error)
		return error;
	error = take_range(info, sizes, PART_TEXT, PART_DATA, &object->core_base,
			   &object->core_size);
	if (!error)
		error = take_range(info, sizes, PART_INIT_TEXT, PART_INIT_DATA, &object->init_base,
				   &object->init_size);
	if (error)
		return error; /* object_free gives back what was taken */
	for (unsigned int i = 1; i < info->view.nr_sections; i++)
		if (info->part[i] != NO_PART)
			info->address[i] = object->parts[info->part[i]].address + info->offset[i];
	return 0;
}

static const char *const part_names[NR_PARTS] = {
	[PART_TEXT] = "text",
	[PART_RODATA] = "rodata",
	[PART_RO_AFTER_INIT] = "ro-after-init",
	[PART_DATA] = "data",
	[PART_INIT_TEXT] = "init text",
	[PART_INIT_RODATA] = "init rodata",
	[PART_INIT_DATA] = "init data",
};

/* What the runtime is shown: every section in memory by name. */
static int list_sections(struct load_info *info)
{
	struct object *object = info->object;
	unsigned int count = 0;

	object->sections = calloc(info->view.nr_sections, sizeof(*object->sections));
	if (!object->sections)
		return -ENOMEM;
	for (unsigned int i = 1; i < info->view.nr_sections; i++) {
		const char *name = elf_section_name(&info->view, i);

		if (info->part[i] == NO_PART || !info->view.sections[i].sh_size)
			continue;
		object->sections[count].name = strdup(name);
		if (!object->sections[count].name)
			return -ENOMEM;
		object->sections[count].address = info->address[i];
		object->sections[count].size = info->view.sections[i].sh_size;
		object->nr_sections = ++count;
		if (trace_is_wanted(info->box))
			trace_event(info->box, R3_TRACE_SECTION, info->name, name,
				    part_names[info->part[i]], info->address[i],
				    info->view.sections[i].sh_size,
				    "%-28s %7lu bytes at 0x%08lx  %s", name,
				    (unsigned long)info->view.sections[i].sh_size,
				    (unsigned long)info->address[i], part_names[info->part[i]]);
	}
	return 0;
}

int copy_sections(struct load_info *info)
{
	for (unsigned int i = 1; i < info->view.nr_sections; i++) {
		const void *data = elf_section_data(&info->view, i);

		if (info->part[i] != NO_PART && data)
			memcpy(box_writable(info->box, info->address[i]), data,
			       info->view.sections[i].sh_size);
	}
	return list_sections(info);
}

/* Where each per-CPU section goes in one block for all; the block's size. */
static uint64_t place_percpu(struct load_info *info, uint64_t *align)
{
	uint64_t size = 0;

	*align = 8;
	for (unsigned int i = 1; i < info->view.nr_sections; i++) {
		const Elf64_Shdr *section = &info->view.sections[i];
		uint64_t own = section->sh_addralign ? section->sh_addralign : 1;

		if (!section_is_percpu(info, i) || section->sh_size > info->box->space.percpu_size)
			continue;
		if (own > PAGE_SIZE)
			own = PAGE_SIZE;
		if (own > *align)
			*align = own;
		info->offset[i] = (size + own - 1) & ~(own - 1);
		size = info->offset[i] + section->sh_size;
	}
	return size;
}

static void copy_percpu(struct load_info *info, unsigned int index)
{
	const void *data = elf_section_data(&info->view, index);

	for (unsigned int cpu = 0; cpu < info->box->nr_vcpus && data; cpu++)
		memcpy((void *)(info->box->space.percpu_offset[cpu] + info->address[index]), data,
		       info->view.sections[index].sh_size);
}

int allocate_percpu(struct load_info *info)
{
	struct object *object = info->object;
	uint64_t align, size = place_percpu(info, &align);

	if (!size)
		return 0;
	object->percpu = percpu_alloc(info->box, size, align);
	if (!object->percpu) {
		box_printk(info->box, 4, "%s: Could not allocate %lu bytes percpu data", info->name,
			   (unsigned long)size);
		return -ENOMEM;
	}
	object->percpu_size = size;
	for (unsigned int i = 1; i < info->view.nr_sections; i++) {
		if (!section_is_percpu(info, i))
			continue;
		info->address[i] = object->percpu + info->offset[i];
		copy_percpu(info, i);
	}
	return 0;
}
