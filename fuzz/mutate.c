// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Blind mutations of an object nearly always end at the first check of its
 * header. These pick one thing, such as a section's flags or a relocation's
 * symbol, and give it a value that is likely to matter.
 */
#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include "elf/elf_view.h"
#include "mutate.h"

struct object {
	uint8_t *data;
	size_t size;
	Elf64_Ehdr *header;
	Elf64_Shdr *sections;
	unsigned int nr_sections;
	uint64_t random; /* state */
};

/* xorshift64 */
static uint64_t next(struct object *object)
{
	uint64_t x = object->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return object->random = x;
}

static uint64_t below(struct object *object, uint64_t bound)
{
	return bound ? next(object) % bound : 0;
}

static bool open_object(struct object *object)
{
	Elf64_Ehdr *header = (Elf64_Ehdr *)object->data;

	if (object->size < sizeof(*header) || memcmp(header->e_ident, ELFMAG, SELFMAG))
		return false;
	if (header->e_shoff % 8 || header->e_shoff >= object->size || header->e_shnum < 2 ||
	    header->e_shnum * sizeof(Elf64_Shdr) > object->size - header->e_shoff)
		return false;
	object->header = header;
	object->sections = (Elf64_Shdr *)(object->data + header->e_shoff);
	object->nr_sections = header->e_shnum;
	return true;
}

static unsigned int any_section(struct object *object)
{
	return 1 + below(object, object->nr_sections - 1);
}

/* Bytes of a section that are really in the file. */
static uint8_t *contents(struct object *object, unsigned int index, size_t *size)
{
	const Elf64_Shdr *section = &object->sections[index];

	*size = 0;
	if (section->sh_type == SHT_NOBITS || section->sh_offset > object->size ||
	    section->sh_size > object->size - section->sh_offset)
		return NULL;
	*size = section->sh_size;
	return object->data + section->sh_offset;
}

/* The first section of that type from a random one on; 0: none. */
static unsigned int section_of_type(struct object *object, uint32_t type)
{
	unsigned int first = any_section(object), i = first;

	do {
		if (object->sections[i].sh_type == type)
			return i;
		i = i + 1 < object->nr_sections ? i + 1 : 1;
	} while (i != first);
	return 0;
}

/* A number that bounds checks get wrong. */
static uint64_t interesting(struct object *object)
{
	const Elf64_Shdr *other = &object->sections[any_section(object)];
	const uint64_t values[] = {
		0,
		1,
		2,
		3,
		4,
		7,
		8,
		15,
		16,
		255,
		4095,
		4096,
		0x7fff,
		0x8000,
		0xfff1,
		0xfff2,
		0xffff,
		INT32_MAX,
		(uint64_t)INT32_MAX + 1,
		UINT32_MAX,
		(uint64_t)UINT32_MAX + 1,
		INT64_MAX,
		UINT64_MAX,
		UINT64_MAX - 7,
		object->size,
		object->size - 1,
		object->size + 1,
		object->nr_sections,
		object->nr_sections - 1,
		other->sh_offset,
		other->sh_size,
		other->sh_size - 1,
		other->sh_offset + other->sh_size,
		1ULL << below(object, 64),
		next(object),
		below(object, object->size),
		any_section(object),
	};

	return values[below(object, sizeof(values) / sizeof(*values))];
}

static uint64_t changed(struct object *object, uint64_t value)
{
	switch (below(object, 4)) {
	case 0:
		return value + below(object, 33) - 16;
	case 1:
		return value ^ 1ULL << below(object, 64);
	default:
		return interesting(object);
	}
}

/* Write a name that the loader or the runtime looks for over others, and call a section so. */
static void rename_section(struct object *object)
{
	static const char *const names[] = {
		".modinfo",         ".gnu.linkonce.this_module",
		"__versions",       ".data..percpu",
		"__param",          "__ksymtab",
		"__ksymtab_gpl",    "__ksymtab_strings",
		"__kcrctab",        "__kcrctab_gpl",
		"__mcount_loc",     "__ex_table",
		"__bug_table",      ".altinstructions",
		".retpoline_sites", ".return_sites",
		".smp_locks",       ".parainstructions",
		"__jump_table",     ".static_call_sites",
		".init_array",      ".orc_unwind",
		".orc_unwind_ip",   ".data..ro_after_init",
		".init.text",       ".exit.text",
	};
	const char *name = names[below(object, sizeof(names) / sizeof(*names))];
	unsigned int table = object->header->e_shstrndx;
	size_t size, length = strlen(name) + 1, offset;
	uint8_t *bytes;

	if (table >= object->nr_sections)
		return;
	bytes = contents(object, table, &size);
	if (!bytes || size <= length)
		return;
	offset = below(object, size - length);
	memcpy(bytes + offset, name, length);
	object->sections[any_section(object)].sh_name = offset;
}

static void mutate_section(struct object *object)
{
	static const uint32_t types[] = {SHT_NULL,   SHT_PROGBITS, SHT_SYMTAB,
					 SHT_STRTAB, SHT_RELA,     SHT_NOTE,
					 SHT_NOBITS, SHT_REL,      SHT_INIT_ARRAY};
	Elf64_Shdr *section = &object->sections[any_section(object)];

	switch (below(object, 11)) {
	case 0: /* become another section, such as __param or __ksymtab */
		section->sh_name = object->sections[any_section(object)].sh_name;
		break;
	case 1:
		section->sh_type = types[below(object, sizeof(types) / sizeof(*types))];
		break;
	case 2:
		section->sh_flags ^= 1ULL << below(object, 12);
		break;
	case 3:
		section->sh_offset = changed(object, section->sh_offset);
		break;
	case 4:
		section->sh_size = changed(object, section->sh_size);
		break;
	case 5:
		section->sh_link = changed(object, section->sh_link);
		break;
	case 6:
		section->sh_info = changed(object, section->sh_info);
		break;
	case 7:
		section->sh_addralign = 1ULL << below(object, 22);
		break;
	case 8:
		rename_section(object);
		break;
	case 9:
		section->sh_entsize = changed(object, section->sh_entsize);
		break;
	default:
		section->sh_name = changed(object, section->sh_name);
	}
}

static void mutate_symbol(struct object *object)
{
	static const uint16_t indices[] = {SHN_UNDEF, SHN_ABS, SHN_COMMON, SHN_XINDEX, 0xff20};
	size_t size;
	Elf64_Sym *symbols =
		(Elf64_Sym *)contents(object, section_of_type(object, SHT_SYMTAB), &size);
	Elf64_Sym *symbol;

	if (!symbols || (uintptr_t)symbols % 8 || size < sizeof(*symbols))
		return;
	symbol = &symbols[below(object, size / sizeof(*symbols))];
	switch (below(object, 6)) {
	case 0:
		symbol->st_name = changed(object, symbol->st_name);
		break;
	case 1: /* be called like another one */
		symbol->st_name = symbols[below(object, size / sizeof(*symbols))].st_name;
		break;
	case 2:
		symbol->st_info = next(object);
		break;
	case 3:
		symbol->st_shndx = next(object) & 1 ? indices[below(object, 5)]
						    : changed(object, symbol->st_shndx);
		break;
	case 4:
		symbol->st_value = changed(object, symbol->st_value);
		break;
	default:
		symbol->st_size = changed(object, symbol->st_size);
	}
}

static void mutate_relocation_of(struct object *object, unsigned int section)
{
	size_t size;
	Elf64_Rela *relocations = (Elf64_Rela *)contents(object, section, &size);
	Elf64_Rela *relocation;
	uint64_t symbol;
	uint32_t type;

	if (!relocations || (uintptr_t)relocations % 8 || size < sizeof(*relocations))
		return;
	relocation = &relocations[below(object, size / sizeof(*relocations))];
	symbol = ELF64_R_SYM(relocation->r_info);
	type = ELF64_R_TYPE(relocation->r_info);
	switch (below(object, 4)) {
	case 0:
		relocation->r_offset = changed(object, relocation->r_offset);
		break;
	case 1:
		relocation->r_info = ELF64_R_INFO(changed(object, symbol) & UINT32_MAX, type);
		break;
	case 2:
		relocation->r_info = ELF64_R_INFO(symbol, (uint32_t)below(object, 45));
		break;
	default:
		relocation->r_addend = changed(object, relocation->r_addend);
	}
}

static void mutate_relocation(struct object *object)
{
	mutate_relocation_of(object, section_of_type(object, SHT_RELA));
}

static void mutate_contents(struct object *object)
{
	size_t size;
	uint8_t *bytes = contents(object, any_section(object), &size);

	if (bytes && size)
		LLVMFuzzerMutate(bytes, size, size);
}

/* Is it one of the tables that say what to patch, or where to look for something? */
static bool is_table(struct object *object, unsigned int index)
{
	static const char *const names[] = {
		".altinstructions", ".retpoline_sites", ".return_sites",
		".call_sites",      ".smp_locks",       ".static_call_sites",
		"__jump_table",     "__bug_table",      "__ex_table",
		".orc_unwind_ip",   "__mcount_loc",     "__ksymtab",
		"__ksymtab_gpl",    "__param",          ".altinstr_aux",
		"__dyndbg",         ".orc_unwind",      "__versions",
		".parainstructions"};
	uint32_t offset = object->sections[index].sh_name;
	size_t size = 0;
	const char *table = NULL;

	if (object->header->e_shstrndx < object->nr_sections)
		table = (char *)contents(object, object->header->e_shstrndx, &size);
	for (size_t i = 0; table && i < sizeof(names) / sizeof(*names); i++) {
		size_t length = strlen(names[i]) + 1;

		if (offset < size && length <= size - offset &&
		    !memcmp(table + offset, names[i], length))
			return true;
	}
	return false;
}

/* A field of such a table that the file holds itself: a length, a feature, a flag. */
static void mutate_table_contents(struct object *object, unsigned int index)
{
	size_t size;
	uint8_t *bytes = contents(object, index, &size);

	if (bytes && size)
		bytes[below(object, size)] = changed(object, bytes[0]);
}

/* Most of what a table holds comes from its relocations. */
static void mutate_table(struct object *object)
{
	unsigned int first = any_section(object), i = first;

	do {
		unsigned int target = object->sections[i].sh_info;

		if (object->sections[i].sh_type == SHT_RELA && target < object->nr_sections &&
		    is_table(object, target)) {
			if (below(object, 3))
				mutate_relocation_of(object, i);
			else
				mutate_table_contents(object, target);
			return;
		}
		i = i + 1 < object->nr_sections ? i + 1 : 1;
	} while (i != first);
}

static void mutate_header(struct object *object)
{
	switch (below(object, 5)) {
	case 0:
		object->header->e_shoff = changed(object, object->header->e_shoff);
		break;
	case 1:
		object->header->e_shnum = changed(object, object->header->e_shnum);
		break;
	case 2:
		object->header->e_shstrndx = changed(object, object->header->e_shstrndx);
		break;
	default:
		object->data[below(object, sizeof(*object->header))] = next(object);
	}
}

static void repair_sections(struct object *object)
{
	for (unsigned int i = 1; i < object->nr_sections; i++) {
		Elf64_Shdr *section = &object->sections[i];

		if (section->sh_addralign & (section->sh_addralign - 1) ||
		    section->sh_addralign > ELF_MAX_ALIGN)
			section->sh_addralign = 8;
		if (section->sh_type == SHT_NOBITS) {
			section->sh_size %= 1 << 20;
			continue;
		}
		if (section->sh_offset > object->size)
			section->sh_offset %= object->size;
		if (section->sh_addralign >= 8)
			section->sh_offset &= ~7ULL;
		else if (section->sh_addralign)
			section->sh_offset &= ~(section->sh_addralign - 1);
		if (section->sh_size > object->size - section->sh_offset)
			section->sh_size = object->size - section->sh_offset;
	}
}

static void end_in_nul(struct object *object, unsigned int index)
{
	size_t size;
	uint8_t *bytes = index < object->nr_sections ? contents(object, index, &size) : NULL;

	if (bytes && size)
		bytes[size - 1] = 0;
}

/* Returns the number of symbols. */
static size_t repair_symbols(struct object *object, unsigned int index)
{
	Elf64_Shdr *section = &object->sections[index];
	size_t size, names = 0;
	Elf64_Sym *symbols;

	section->sh_entsize = sizeof(*symbols);
	if (section->sh_link && section->sh_link < object->nr_sections) {
		object->sections[section->sh_link].sh_type = SHT_STRTAB;
		names = object->sections[section->sh_link].sh_size;
		end_in_nul(object, section->sh_link);
	}
	symbols = (Elf64_Sym *)contents(object, index, &size);
	if (!symbols || (uintptr_t)symbols % 8)
		return 0;
	for (size_t i = 0; names && i < size / sizeof(*symbols); i++)
		symbols[i].st_name %= names;
	return size / sizeof(*symbols);
}

static void repair_relocations(struct object *object, unsigned int index, unsigned int symtab,
			       size_t nr_symbols)
{
	Elf64_Shdr *section = &object->sections[index];
	uint64_t target_size;
	Elf64_Rela *relocations;
	size_t size;

	if (section->sh_info >= object->nr_sections)
		return;
	section->sh_link = symtab;
	section->sh_entsize = sizeof(*relocations);
	target_size = object->sections[section->sh_info].sh_size;
	relocations = (Elf64_Rela *)contents(object, index, &size);
	if (!relocations || (uintptr_t)relocations % 8)
		return;
	for (size_t i = 0; i < size / sizeof(*relocations); i++) {
		uint64_t symbol = ELF64_R_SYM(relocations[i].r_info);
		uint32_t type = ELF64_R_TYPE(relocations[i].r_info);

		relocations[i].r_info = ELF64_R_INFO(nr_symbols ? symbol % nr_symbols : 0, type);
		relocations[i].r_offset %= target_size + 1;
	}
}

/* Undo what elf_open() would refuse. */
static void repair(struct object *object)
{
	unsigned int symtab = 0;
	size_t nr_symbols = 0;

	object->header->e_type = ET_REL;
	object->header->e_machine = EM_X86_64;
	object->header->e_shentsize = sizeof(Elf64_Shdr);
	memset(&object->sections[0], 0, sizeof(Elf64_Shdr));
	repair_sections(object);
	end_in_nul(object, object->header->e_shstrndx);
	for (unsigned int i = 1; i < object->nr_sections && !symtab; i++)
		if (object->sections[i].sh_type == SHT_SYMTAB)
			symtab = i;
	if (symtab)
		nr_symbols = repair_symbols(object, symtab);
	for (unsigned int i = 1; i < object->nr_sections; i++)
		if (object->sections[i].sh_type == SHT_RELA)
			repair_relocations(object, i, symtab, nr_symbols);
}

size_t mutate_object(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	struct object object = {
		.data = data, .size = size, .random = seed * 0x9e3779b97f4a7c15ULL | 1};

	if (!open_object(&object) || !below(&object, 32))
		return LLVMFuzzerMutate(data, size, max_size);
	for (unsigned int changes = 1 + (below(&object, 8) ? 0 : below(&object, 4)); changes;
	     changes--) {
		switch (below(&object, 10)) {
		case 8:
		case 9:
			mutate_table(&object);
			break;
		case 0:
		case 1:
		case 2:
			mutate_section(&object);
			break;
		case 3:
			mutate_symbol(&object);
			break;
		case 4:
		case 5:
			mutate_relocation(&object);
			break;
		case 6:
			mutate_contents(&object);
			break;
		default:
			if (below(&object, 4))
				mutate_contents(&object);
			else
				mutate_header(&object);
		}
		/* what the change made of header and table, or nothing more */
		if (!open_object(&object))
			return size;
	}
	if (below(&object, 16))
		repair(&object);
	return size;
}
