/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module file as the tools read it: of any architecture, word size and byte
 * order, and leniently. What is damaged is missing; nothing is read outside of
 * the file.
 */
#ifndef RING3_KMOD_MODFILE_H
#define RING3_KMOD_MODFILE_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include "elf/elf_view.h"

struct modfile {
	const uint8_t
		*data; /* the whole file, decompressed, with what is appended; modfile_has() */
	size_t size;
	enum image_compression compression;
	/* Whose data is: allocated, the file itself, or the room's, if that is not NULL. */
	bool is_mapped;
	struct modfile_room *room;
	bool is_64;
	bool is_big_endian;
	uint64_t section_table; /* offset */
	unsigned int nr_sections;
	const char *names; /* of sections; names_size bytes, NULL if there are none */
	size_t names_size;
};

/*
 * Where a small file, as most are, is read to, each part when it is asked for:
 * that costs less than to map it, above all where threads share the mappings.
 */
#define MODFILE_BLOCK 4096
struct modfile_room {
	int fd; /* of the file that is open in it */
	struct stat status;
	bool is_read[32]; /* of each block */
	uint8_t bytes[32 * MODFILE_BLOCK];
};

/*
 * -errno of open and read; -EISDIR; -EINVAL: not a regular file, empty or nearly
 * so, it does not decompress, is ELF of an unknown kind, or its sections or
 * their names lie outside of it; -ENOEXEC: not ELF.
 */
int modfile_open(struct modfile *file, const char *path);
/* The same with memory for it, which must outlive file; its status is there whatever fails behind.
 */
int modfile_open_in(struct modfile *file, const char *path, struct modfile_room *room);
/* The same from memory, of which a copy is made. */
int modfile_open_memory(struct modfile *file, const void *data, size_t size);
void modfile_close(struct modfile *file);

/*
 * The bytes of a file alone, whatever they are; modfile_close() ends it, too.
 * fd may be closed afterwards. modfile_parse() is the rest of modfile_open().
 */
int modfile_read(struct modfile *file, int fd);
int modfile_parse(struct modfile *file);

/* Are these bytes inside of the file? Then they are in data from now on, if they can be read. */
bool modfile_has(const struct modfile *file, size_t offset, size_t size);

struct modfile_section {
	const char *name;    /* in modfile.names; may lack its NUL at the end of names_size */
	const uint8_t *data; /* NULL: none, or outside of the file, or unreadable */
	size_t size;         /* 0 without data */
	uint32_t type, link, info;
	uint64_t flags, address, entry_size;
	size_t flags_offset; /* where sh_flags is in the file */
};

/* false: there is no such section. Section 0 is the null section. */
bool modfile_section(const struct modfile *file, unsigned int index,
		     struct modfile_section *section);
/* The first section of that name. */
bool modfile_find_section(const struct modfile *file, const char *name,
			  struct modfile_section *section);

/* "key=value" of .modinfo. Nothing here ends in NUL. */
struct modfile_field {
	const char *key, *value;
	size_t key_length, value_length; /* value_length is 0 if there is no '=' */
};
/* *position is 0 before the first call. false: no more, or no .modinfo. */
bool modfile_next_field(const struct modfile_section *modinfo, size_t *position,
			struct modfile_field *field);

bool field_has_key(const struct modfile_field *field, const char *key);
/* The same of the whole file, fields of that key alone. */
bool modfile_next_value(const struct modfile *file, const char *key, size_t *position,
			struct modfile_field *field);
/* The first value of the key, allocated; NULL: there is none. */
char *modfile_copy_value(const struct modfile *file, const char *key);

/* One entry of the symbol table; name ends in NUL. */
struct modfile_symbol {
	const char *name;
	uint64_t value;
	uint32_t section; /* st_shndx */
	uint8_t bind, type;
};
struct modfile_symbols {
	const struct modfile *file;
	const uint8_t *entries;
	size_t count;
	const char *strings; /* ends in NUL; NULL: there are no symbols */
	size_t strings_size;
};
/* false: there is no symbol table. */
bool modfile_symbols(const struct modfile *file, struct modfile_symbols *symbols);
/* index < symbols->count. false: the name lies outside of the strings. */
bool modfile_symbol(const struct modfile_symbols *symbols, size_t index,
		    struct modfile_symbol *symbol);

/* A record of __versions: the CRC that the module wants of a symbol. */
struct modfile_version {
	uint64_t crc;
	const char *name; /* ends in NUL */
	size_t length;    /* of name */
};
/* *position is 0 before the first call. false: no more, or no (readable) records. */
bool modfile_next_version(const struct modfile *file, const struct modfile_section *versions,
			  size_t *position, struct modfile_version *version);

/* An integer of 1, 2, 4 or 8 bytes in the file's byte order. */
static inline uint64_t modfile_integer(const struct modfile *file, const uint8_t *bytes,
				       size_t size)
{
	uint16_t half;
	uint32_t word;
	uint64_t giant;

	switch (size) {
	case sizeof(half):
		memcpy(&half, bytes, sizeof(half));
		return file->is_big_endian ? be16toh(half) : le16toh(half);
	case sizeof(word):
		memcpy(&word, bytes, sizeof(word));
		return file->is_big_endian ? be32toh(word) : le32toh(word);
	case sizeof(giant):
		memcpy(&giant, bytes, sizeof(giant));
		return file->is_big_endian ? be64toh(giant) : le64toh(giant);
	default:
		return *bytes;
	}
}

#endif
