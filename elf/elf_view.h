/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bounds-checked view of one relocatable object. No policy: see loader/. */
#ifndef RING3_ELF_VIEW_H
#define RING3_ELF_VIEW_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_view {
	const uint8_t *data;
	size_t size;
	const Elf64_Ehdr *header;
	const Elf64_Shdr *sections;
	unsigned int nr_sections;
	const char *section_names; /* NUL-terminated table, size checked */
	size_t section_names_size;
	unsigned int symtab; /* section index, 0: none */
	const Elf64_Sym *symbols;
	size_t nr_symbols;
	const char *strings; /* of the symbol table; ends in NUL */
	size_t strings_size;
	unsigned int modinfo; /* section index of .modinfo, 0: none */
};

/* Why an object was refused: Linux's log line, and what to do about it. */
struct elf_problem {
	char message[256]; /* as Linux logs it, without newline; "" if it logs nothing */
	char advice[256];
};

/*
 * Check headers, section table, section bounds, string tables, every symbol's
 * name and the indices that relocation sections name. After it returned 0,
 * every accessor below is safe on any index it accepts. -ENOEXEC otherwise.
 * data must outlive the view and be 8-byte aligned. Source of the checks: elf_validity_check of Linux.
 */
int elf_open(struct elf_view *view, const void *data, size_t size, struct elf_problem *problem);

const char *elf_section_name(const struct elf_view *view, unsigned int index);
/* Index of the first section of that name; with alloc_only, SHF_ALLOC is required. 0: none. */
unsigned int elf_find_section(const struct elf_view *view, const char *name, bool alloc_only);
/* Contents; NULL for SHT_NOBITS. */
const void *elf_section_data(const struct elf_view *view, unsigned int index);
const char *elf_symbol_name(const struct elf_view *view, const Elf64_Sym *symbol);

/*
 * The value of the next "tag=value" of .modinfo after previous (a value that
 * this function returned; NULL: the first). NULL if there is none.
 */
const char *elf_modinfo_next(const struct elf_view *view, const char *tag, const char *previous);
static inline const char *elf_modinfo(const struct elf_view *view, const char *tag)
{
	return elf_modinfo_next(view, tag, NULL);
}

/* elf/image.c: a module file in memory, decompressed, its appended signature split off. */
enum image_compression { IMAGE_PLAIN, IMAGE_GZIP, IMAGE_XZ, IMAGE_ZSTD };
struct module_image {
	uint8_t *data; /* owned; 8-byte aligned */
	size_t size;   /* of the ELF part */
	enum image_compression compression;
	bool is_signed;	/* a signature was appended; it lies at data + size */
	size_t signature_size; /* PKCS#7 blob only */
};
/* Bounds on what a compressed file may expand to. */
#define IMAGE_MAX_SIZE ((size_t)512 << 20)
/*
 * Read a module. -errno of open and read; EINVAL for what finit_module refuses
 * (directory, empty file); EBADMSG for a malformed appended signature; ENOPKG
 * for one that is not PKCS#7. problem may be NULL.
 */
int image_read_file(struct module_image *image, const char *path, struct elf_problem *problem);
int image_read_memory(struct module_image *image, const void *data, size_t size,
		      struct elf_problem *problem);
void image_release(struct module_image *image);

#endif
