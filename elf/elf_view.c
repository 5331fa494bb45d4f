// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opening a relocatable object. Up to check_sections() the checks, their order
 * and their messages are Linux's (kernel/module/main.c, elf_validity_check);
 * the ones after it cover what Linux believes without looking.
 */
#include <errno.h>
#include <string.h>
#include "elf/problem.h"

static const char not_a_module[] =
	"This is no x86-64 kernel module; name the .ko file that the module's build made.";
static const char cut_off[] =
	"The file was cut off or damaged after it was built; copy or build it again.";
static const char damaged[] = "The file is damaged; build it again, or copy it again.";
static const char malformed[] =
	"The file breaks the ELF specification; build it again with unmodified GNU or LLVM tools.";

static const char too_large[] =
	"The sections need more memory than modules can have; make the arrays smaller.";

static int check_header(struct elf_view *view, struct elf_problem *problem)
{
	const Elf64_Ehdr *header = (const void *)view->data;

	if (view->size < sizeof(*header))
		return elf_refuse(problem, -ENOEXEC, cut_off, "Invalid ELF header len %zu",
				  view->size);
	if (memcmp(header->e_ident, ELFMAG, SELFMAG))
		return elf_refuse(problem, -ENOEXEC, not_a_module,
				  "Invalid ELF header magic: != %s", ELFMAG);
	if (header->e_type != ET_REL)
		return elf_refuse(problem, -ENOEXEC, not_a_module,
				  "Invalid ELF header type: %u != %u", header->e_type, ET_REL);
	if (header->e_machine != EM_X86_64)
		return elf_refuse(
			problem, -ENOEXEC,
			"The module was built for another processor; build it for x86-64.",
			"Invalid architecture in ELF header: %u", header->e_machine);
	if (header->e_shentsize != sizeof(Elf64_Shdr))
		return elf_refuse(problem, -ENOEXEC, damaged, "Invalid ELF section header size");
	if (header->e_shoff >= view->size ||
	    header->e_shnum * sizeof(Elf64_Shdr) > view->size - header->e_shoff)
		return elf_refuse(problem, -ENOEXEC, cut_off,
				  "Invalid ELF section header overflow");
	view->header = header;
	return 0;
}

static bool in_file(const struct elf_view *view, const Elf64_Shdr *section)
{
	uint64_t end;

	return !__builtin_add_overflow(section->sh_offset, section->sh_size, &end) &&
	       end <= view->size;
}

static int check_names(struct elf_view *view, struct elf_problem *problem)
{
	const Elf64_Ehdr *header = view->header;
	const Elf64_Shdr *names;

	if (header->e_shstrndx == SHN_UNDEF || header->e_shstrndx >= header->e_shnum)
		return elf_refuse(
			problem, -ENOEXEC, damaged,
			"Invalid ELF section name index: %d || e_shstrndx (%d) >= e_shnum (%d)",
			header->e_shstrndx, header->e_shstrndx, header->e_shnum);
	/* Linux reads a table that is not aligned; no tool writes one. */
	if (header->e_shoff % _Alignof(Elf64_Shdr))
		return elf_refuse(
			problem, -ENOEXEC, malformed,
			"ELF Spec violation: section header table at unaligned offset %#llx",
			(unsigned long long)header->e_shoff);
	view->sections = (const void *)(view->data + header->e_shoff);
	view->nr_sections = header->e_shnum;

	names = &view->sections[header->e_shstrndx];
	if (!in_file(view, names))
		return elf_refuse(problem, -ENOEXEC, cut_off, "Invalid ELF section hdr(type %u)",
				  names->sh_type);
	if (!names->sh_size)
		return elf_refuse(problem, -ENOEXEC, malformed, "empty section name table");
	view->section_names = (const char *)view->data + names->sh_offset;
	view->section_names_size = names->sh_size;
	if (view->section_names[names->sh_size - 1])
		return elf_refuse(problem, -ENOEXEC, malformed,
				  "ELF Spec violation: section name table isn't null terminated");
	return 0;
}

static int bad_section_name(struct elf_problem *problem, unsigned int index, unsigned int type)
{
	return elf_refuse(problem, -ENOEXEC, damaged,
			  "Invalid ELF section name in module (section %u type %u)", index, type);
}

static int check_sections(const struct elf_view *view, struct elf_problem *problem)
{
	const Elf64_Shdr *section = view->sections;

	if (section->sh_type != SHT_NULL || section->sh_size || section->sh_addr)
		return elf_refuse(
			problem, -ENOEXEC, malformed,
			"ELF Spec violation: section 0 type(%d)!=SH_NULL or non-zero len or addr",
			section->sh_type);
	for (unsigned int i = 1; i < view->nr_sections; i++) {
		section = &view->sections[i];
		if (section->sh_type == SHT_NULL || section->sh_type == SHT_NOBITS)
			continue;
		if (section->sh_type == SHT_SYMTAB &&
		    (section->sh_link == SHN_UNDEF || section->sh_link >= view->nr_sections))
			return elf_refuse(problem, -ENOEXEC, damaged,
					  "Invalid ELF sh_link!=SHN_UNDEF(%d) or (sh_link(%d) >= "
					  "hdr->e_shnum(%d)",
					  section->sh_link, section->sh_link, view->nr_sections);
		if (!in_file(view, section))
			return elf_refuse(problem, -ENOEXEC, cut_off,
					  "Invalid ELF section in module (section %u type %u)", i,
					  section->sh_type);
		if ((section->sh_flags & SHF_ALLOC) && section->sh_name >= view->section_names_size)
			return bad_section_name(problem, i, section->sh_type);
	}
	return 0;
}

/* What the sections that get memory claim: Linux's layout believes all of it. */
static int check_allocated(const struct elf_view *view, struct elf_problem *problem)
{
	uint64_t total = 0;

	for (unsigned int i = 1; i < view->nr_sections; i++) {
		const Elf64_Shdr *section = &view->sections[i];
		uint64_t align = section->sh_addralign;

		if (!(section->sh_flags & SHF_ALLOC))
			continue;
		/* Linux 6.1 forgot SHT_NOBITS here; 6.12 looks. */
		if (section->sh_name >= view->section_names_size)
			return bad_section_name(problem, i, section->sh_type);
		if ((align & (align - 1)) || align > ELF_MAX_ALIGN)
			return elf_refuse(
				problem, -ENOEXEC, malformed,
				"Invalid ELF section alignment %#llx (section %u type %u)",
				(unsigned long long)align, i, section->sh_type);
		if (elf_section_data(view, i) && align &&
		    (section->sh_offset & ((align < 8 ? align : 8) - 1)))
			return elf_refuse(problem, -ENOEXEC, malformed,
					  "Invalid ELF section offset %#llx, not aligned (section "
					  "%u type %u)",
					  (unsigned long long)section->sh_offset, i,
					  section->sh_type);
		if (section->sh_size > ELF_MAX_ALLOC)
			return elf_refuse_silently(problem, -ENOMEM, too_large);
		total += section->sh_size + align;
		if (total > ELF_MAX_ALLOC)
			return elf_refuse_silently(problem, -ENOMEM, too_large);
	}
	return 0;
}

static int open_symbols(struct elf_view *view, struct elf_problem *problem)
{
	const Elf64_Shdr *section = &view->sections[view->symtab], *strings;

	strings = &view->sections[section->sh_link];
	/* Linux 6.12's check and line; 6.1 reads any section as strings. */
	if (strings->sh_type != SHT_STRTAB)
		return elf_refuse(problem, -ENOEXEC, damaged,
				  "Invalid ELF symbol string table type: %u", strings->sh_type);
	view->strings = (const char *)view->data + strings->sh_offset;
	view->strings_size = strings->sh_size;
	if (!strings->sh_size || view->strings[strings->sh_size - 1])
		return elf_refuse(problem, -ENOEXEC, malformed,
				  "ELF Spec violation: symbol string table isn't null terminated");
	if (section->sh_entsize != sizeof(Elf64_Sym) || section->sh_offset % _Alignof(Elf64_Sym))
		return elf_refuse(problem, -ENOEXEC, malformed,
				  "Invalid ELF symbol table: entry size %llu, offset %#llx",
				  (unsigned long long)section->sh_entsize,
				  (unsigned long long)section->sh_offset);
	view->symbols = (const void *)(view->data + section->sh_offset);
	view->nr_symbols = section->sh_size / sizeof(Elf64_Sym);
	for (size_t i = 0; i < view->nr_symbols; i++)
		if (view->symbols[i].st_name >= view->strings_size)
			return elf_refuse(problem, -ENOEXEC, damaged,
					  "Invalid ELF symbol name offset %u (symbol %zu)",
					  view->symbols[i].st_name, i);
	return 0;
}

/*
 * Is it a relocation section that Linux would apply (apply_relocations)? One
 * for no section, or for a section that gets no memory, is passed over.
 */
static bool is_applied(const struct elf_view *view, unsigned int index)
{
	const Elf64_Shdr *section = &view->sections[index];

	/* Without symbols there is nothing to apply; Linux then refuses a module as stripped. */
	return view->symtab && section->sh_type == SHT_RELA &&
	       section->sh_info < view->nr_sections &&
	       (view->sections[section->sh_info].sh_flags & SHF_ALLOC);
}

static int check_relocations(const struct elf_view *view, unsigned int index,
			     struct elf_problem *problem)
{
	const Elf64_Shdr *section = &view->sections[index];
	uint64_t target_size = view->sections[section->sh_info].sh_size;
	const Elf64_Rela *relocations;
	size_t count;

	/* Linux takes the symbol table for granted, whatever sh_link says. */
	if (section->sh_link != view->symtab || section->sh_entsize != sizeof(Elf64_Rela) ||
	    section->sh_offset % _Alignof(Elf64_Rela))
		return elf_refuse(problem, -ENOEXEC, malformed,
				  "Invalid ELF relocation section %u: sh_link %u, entry size %llu, "
				  "offset %#llx",
				  index, section->sh_link, (unsigned long long)section->sh_entsize,
				  (unsigned long long)section->sh_offset);
	relocations = elf_relocations(view, index, &count);
	for (size_t i = 0; i < count; i++) {
		if (ELF64_R_SYM(relocations[i].r_info) >= view->nr_symbols)
			return elf_refuse(problem, -ENOEXEC, damaged,
					  "Invalid ELF relocation %zu in section %u: symbol index "
					  "%llu (max %lld)",
					  i, index,
					  (unsigned long long)ELF64_R_SYM(relocations[i].r_info),
					  (long long)view->nr_symbols - 1);
		if (relocations[i].r_offset > target_size)
			return elf_refuse(problem, -ENOEXEC, damaged,
					  "Invalid ELF relocation %zu in section %u: offset %#llx "
					  "(section size %#llx)",
					  i, index, (unsigned long long)relocations[i].r_offset,
					  (unsigned long long)target_size);
	}
	return 0;
}

static int open_modinfo(struct elf_view *view, struct elf_problem *problem)
{
	unsigned int index = elf_find_section(view, ".modinfo", true);
	const char *text = elf_section_data(view, index);

	if (!text || !view->sections[index].sh_size)
		return 0;
	if (text[view->sections[index].sh_size - 1])
		return elf_refuse(problem, -ENOEXEC, malformed,
				  "ELF Spec violation: .modinfo isn't null terminated");
	view->modinfo = index;
	return 0;
}

int elf_open(struct elf_view *view, const void *data, size_t size, struct elf_problem *problem)
{
	int error;

	*view = (struct elf_view){.data = data, .size = size};
	error = check_header(view, problem);
	if (!error)
		error = check_names(view, problem);
	if (!error)
		error = check_sections(view, problem);
	if (!error)
		error = check_allocated(view, problem);
	if (error)
		return error;

	for (unsigned int i = 1; i < view->nr_sections && !view->symtab; i++)
		if (view->sections[i].sh_type == SHT_SYMTAB)
			view->symtab = i;
	if (view->symtab)
		error = open_symbols(view, problem);
	for (unsigned int i = 1; i < view->nr_sections && !error; i++)
		if (is_applied(view, i))
			error = check_relocations(view, i, problem);
	if (!error)
		error = open_modinfo(view, problem);
	if (!error)
		view->this_module = elf_find_section(view, ".gnu.linkonce.this_module", true);
	return error;
}

const char *elf_section_name(const struct elf_view *view, unsigned int index)
{
	if (index >= view->nr_sections || view->sections[index].sh_name >= view->section_names_size)
		return "";
	return view->section_names + view->sections[index].sh_name;
}

unsigned int elf_find_section(const struct elf_view *view, const char *name, bool alloc_only)
{
	for (unsigned int i = 1; i < view->nr_sections; i++) {
		if (alloc_only && !(view->sections[i].sh_flags & SHF_ALLOC))
			continue;
		if (!strcmp(elf_section_name(view, i), name))
			return i;
	}
	return 0;
}

const void *elf_section_data(const struct elf_view *view, unsigned int index)
{
	const Elf64_Shdr *section;

	if (!index || index >= view->nr_sections)
		return NULL;
	section = &view->sections[index];
	if (section->sh_type == SHT_NOBITS || section->sh_type == SHT_NULL)
		return NULL;
	return view->data + section->sh_offset;
}

const char *elf_symbol_name(const struct elf_view *view, const Elf64_Sym *symbol)
{
	return view->strings + symbol->st_name;
}

const Elf64_Rela *elf_relocations(const struct elf_view *view, unsigned int index, size_t *count)
{
	*count = 0;
	if (!index || index >= view->nr_sections || !is_applied(view, index))
		return NULL;
	*count = view->sections[index].sh_size / sizeof(Elf64_Rela);
	return elf_section_data(view, index);
}
