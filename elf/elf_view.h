/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bounds-checked view of one relocatable object. No policy: see loader/. */
#ifndef RING3_ELF_VIEW_H
#define RING3_ELF_VIEW_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* linux/moduleparam.h: 64 - sizeof(unsigned long), in every release. With the NUL. */
#define MODULE_NAME_LEN 56

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
	unsigned int modinfo;     /* section index of .modinfo, 0: none */
	unsigned int this_module; /* of .gnu.linkonce.this_module, 0: none */
};

/* Why an object was refused: Linux's log line, and what to do about it. */
struct elf_problem {
	char message[256]; /* as Linux logs it, without newline; "" if it logs nothing */
	char advice[256];
};

/* Bounds that elf_open puts on SHF_ALLOC sections: one's alignment, all of them together. */
#define ELF_MAX_ALIGN ((uint64_t)1 << 20)
#define ELF_MAX_ALLOC ((uint64_t)1 << 31)

/*
 * Check headers, section table, section bounds, string tables, every symbol's
 * name and every relocation's indices. After it returned 0, every accessor
 * below is safe on any index. -ENOEXEC otherwise, or -ENOMEM if the sections
 * together exceed ELF_MAX_ALLOC (Linux's allocation fails). data must outlive
 * the view and be 8-byte aligned; problem may be NULL. The checks, their order
 * and messages are those of Linux's elf_validity_check(); what Linux trusts
 * and we do not is checked after them.
 *
 * Not checked, since Linux refuses it later and otherwise: st_shndx, SHN_COMMON,
 * relocation types and the width of their places, WRITE|EXEC sections.
 */
int elf_open(struct elf_view *view, const void *data, size_t size, struct elf_problem *problem);

/*
 * What makes an object a module: symbols and a struct module. -ENOEXEC with the
 * lines of Linux's setup_load_info().
 */
int elf_check_module(const struct elf_view *view, struct elf_problem *problem);
/* "name" of .modinfo, else the name in struct module, else NULL. */
const char *elf_module_name(const struct elf_view *view);

const char *elf_section_name(const struct elf_view *view, unsigned int index);
/* Index of the first section of that name; with alloc_only, SHF_ALLOC is required. 0: none. */
unsigned int elf_find_section(const struct elf_view *view, const char *name, bool alloc_only);
/*
 * Contents; NULL for SHT_NOBITS, SHT_NULL and an index that is none. Aligned to
 * the section's sh_addralign, up to 8, in SHF_ALLOC sections.
 */
const void *elf_section_data(const struct elf_view *view, unsigned int index);
const char *elf_symbol_name(const struct elf_view *view, const Elf64_Sym *symbol);

/*
 * The relocations that section index holds for its SHF_ALLOC section sh_info.
 * NULL with *count 0 for any other section, also for those that Linux passes
 * over. Their symbol indices are valid, r_offset is at most the size of the
 * section sh_info (the arch checks the width).
 */
const Elf64_Rela *elf_relocations(const struct elf_view *view, unsigned int index, size_t *count);

/*
 * The value of the next "tag=value" of .modinfo after previous (a value that
 * this function returned; NULL: the first). NULL if there is none.
 */
const char *elf_modinfo_next(const struct elf_view *view, const char *tag, const char *previous);
static inline const char *elf_modinfo(const struct elf_view *view, const char *tag)
{
	return elf_modinfo_next(view, tag, NULL);
}

/* A value of .modinfo's license, by Linux's rule. */
bool license_is_gpl_compatible(const char *license);

/* elf/image.c: a module file in memory, decompressed, its appended signature split off. */
enum image_compression { IMAGE_PLAIN, IMAGE_GZIP, IMAGE_XZ, IMAGE_ZSTD };
struct module_image {
	uint8_t *data; /* owned; 8-byte aligned */
	size_t size;   /* of the ELF part */
	enum image_compression compression;
	bool is_signed;        /* a signature was appended; it lies at data + size */
	size_t signature_size; /* PKCS#7 blob only */
	/*
	 * Linux's verdict before any cryptography: 0 if is_signed, -ENODATA: no
	 * signature, -ENOPKG: not PKCS#7 (both load, tainted, unless signatures
	 * are enforced), -EBADMSG: malformed (fatal). The loader judges it, since
	 * a load that ignores versions or vermagic ignores signatures as well.
	 */
	int signature_error;
	const char *signature_message; /* Linux's line about it, "" if it logs nothing */
};
/* Bound on a module file and on what it may expand to. */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define IMAGE_MAX_SIZE ((size_t)16 << 20)
#else
#define IMAGE_MAX_SIZE ((size_t)512 << 20)
#endif
/*
 * Read a module. -errno of open and read; EINVAL for what finit_module refuses
 * (directory, pipe, device, empty file) and for compressed data that does not
 * decompress; ETXTBSY while the file is open for writing; EFBIG for what is or gets too big. From
 * memory, ENOEXEC for less than an ELF header, as init_module. problem may be
 * NULL; its message is empty for what Linux does not log. On failure *image is
 * empty and needs no release.
 */
int image_read_file(struct module_image *image, const char *path, struct elf_problem *problem);
int image_read_memory(struct module_image *image, const void *data, size_t size,
		      struct elf_problem *problem);
/*
 * finit_module's descriptor, EBADF if it is not open for reading; expand:
 * decompress what is compressed. Memory is taken over, and never expanded.
 */
int image_read_descriptor(struct module_image *image, int fd, bool expand,
			  struct elf_problem *problem);
int image_adopt_memory(struct module_image *image, void *data, size_t size,
		       struct elf_problem *problem);
void image_release(struct module_image *image);

#endif
