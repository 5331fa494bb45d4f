// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last look at a module of the 2.4 scheme. Today's assemblers write a call
 * as R_X86_64_PLT32, which no insmod of Linux 2.4 knows; those of its time
 * wrote R_X86_64_PC32, which is the same where nobody makes a PLT. Whatever else
 * such an insmod does not know is an error here and not when it is loaded.
 */
#include <errno.h>
#include <stdlib.h>
#include "internal.h"

#ifndef R_X86_64_PC8
#define R_X86_64_PC8 15
#endif

static bool insmod_knows_section(const Elf64_Shdr *section)
{
	switch (section->sh_type) {
	case SHT_NULL:
	case SHT_PROGBITS:
	case SHT_SYMTAB:
	case SHT_STRTAB:
	case SHT_RELA:
	case SHT_NOTE:
	case SHT_NOBITS:
		return true;
	default:
		return false;
	}
}

static bool insmod_knows_relocation(unsigned int type)
{
	switch (type) {
	case R_X86_64_NONE:
	case R_X86_64_64:
	case R_X86_64_32:
	case R_X86_64_32S:
	case R_X86_64_16:
	case R_X86_64_8:
	case R_X86_64_PC32:
	case R_X86_64_PC16:
	case R_X86_64_PC8:
		return true;
	default:
		return false;
	}
}

static void finish_relocations(struct modpost *mp, const char *path, const struct elf_view *view,
			       unsigned int index)
{
	size_t i, count;
	/* The view is of our own copy of the file, which may be written. */
	Elf64_Rela *relocations = (Elf64_Rela *)elf_relocations(view, index, &count);

	for (i = 0; i < count; i++) {
		uint64_t *info = &relocations[i].r_info;

		if (ELF64_R_TYPE(*info) == R_X86_64_PLT32)
			*info = ELF64_R_INFO(ELF64_R_SYM(*info), R_X86_64_PC32);
		if (insmod_knows_relocation(ELF64_R_TYPE(*info)))
			continue;
		mp_error(mp,
			 "%s: relocation of type %u to '%s' in %s: insmod of Linux 2.4 has not it",
			 path, (unsigned int)ELF64_R_TYPE(*info),
			 elf_symbol_name(view, &view->symbols[ELF64_R_SYM(*info)]),
			 elf_section_name(view, view->sections[index].sh_info));
	}
}

int modpost_finish24(struct modpost *mp, const char *path)
{
	struct elf_problem problem = {};
	struct elf_view view;
	struct text text = {};
	unsigned int i;
	size_t size;
	char *data;
	int ret;

	ret = file_read(path, &data, &size);
	if (ret)
		return ret;
	ret = elf_open(&view, data, size, &problem);
	if (ret)
		goto out;
	for (i = 1; i < view.nr_sections; i++) {
		if (!insmod_knows_section(&view.sections[i]))
			mp_error(mp,
				 "%s: section %s of type %#x: insmod of Linux 2.4 cannot take it",
				 path, elf_section_name(&view, i), view.sections[i].sh_type);
		finish_relocations(mp, path, &view, i);
	}
	text.data = data;
	text.length = size;
	if (!modpost_errors(mp))
		ret = file_write(path, &text);
out:
	free(data);
	return ret;
}
