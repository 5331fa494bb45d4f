// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "elf/image.h"
#include "tools/kmod/modfile.h"

/* A field of a structure that exists in two widths. */
#define FIELD(file, bytes, type, name)                                                             \
	((file)->is_64 ? modfile_integer(file, (bytes) + offsetof(Elf64_##type, name),             \
					 sizeof(((Elf64_##type *)0)->name))                        \
		       : modfile_integer(file, (bytes) + offsetof(Elf32_##type, name),             \
					 sizeof(((Elf32_##type *)0)->name)))
#define SIZE_OF(file, type) ((file)->is_64 ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

/* What kmod wants to see of a file before it says more than that it is invalid. */
#define SMALLEST_FILE       6

static int expand(struct modfile *file)
{
	const uint8_t *packed = file->data;
	size_t packed_size = file->size;
	uint8_t *data;
	int error;

	error = image_decompress(file->compression, packed, packed_size, IMAGE_MAX_SIZE, &data,
				 &file->size, NULL);
	munmap((void *)packed, packed_size);
	file->data = error ? NULL : data;
	file->is_mapped = false;
	return error;
}

static int map(struct modfile *file, int fd, const struct stat *status)
{
	void *data;

	if (S_ISDIR(status->st_mode))
		return -EISDIR;
	if (!S_ISREG(status->st_mode) || status->st_size < SMALLEST_FILE)
		return -EINVAL;
	data = mmap(NULL, status->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	file->data = data;
	file->size = status->st_size;
	file->is_mapped = true;
	file->compression = image_compression_of(data, status->st_size);
	return file->compression == IMAGE_PLAIN ? 0 : expand(file);
}

int modfile_read(struct modfile *file, int fd)
{
	struct stat status;

	*file = (struct modfile){0};
	return fstat(fd, &status) ? -errno : map(file, fd, &status);
}

/* Read what is missing of the blocks from first to last. */
static bool read_blocks(const struct modfile *file, size_t first, size_t last)
{
	struct modfile_room *room = file->room;
	size_t start, end;

	while (first <= last && room->is_read[first])
		first++;
	while (first < last && room->is_read[last])
		last--;
	if (first > last)
		return true;
	start = first * MODFILE_BLOCK;
	end = (last + 1) * MODFILE_BLOCK < file->size ? (last + 1) * MODFILE_BLOCK : file->size;
	if (pread(room->fd, room->bytes + start, end - start, start) != (ssize_t)(end - start))
		return false;
	memset(room->is_read + first, true, last - first + 1);
	return true;
}

bool modfile_has(const struct modfile *file, size_t offset, size_t size)
{
	if (offset > file->size || size > file->size - offset)
		return false;
	if (!file->room || !size)
		return true;
	return read_blocks(file, offset / MODFILE_BLOCK, (offset + size - 1) / MODFILE_BLOCK);
}

/* The room's fd, for a file that is small and not compressed; else the file is mapped. */
static int enter(struct modfile *file, struct modfile_room *room)
{
	size_t size = room->status.st_size;

	if (!S_ISREG(room->status.st_mode) || size < SMALLEST_FILE || size > sizeof(room->bytes))
		return map(file, room->fd, &room->status);
	*file = (struct modfile){.data = room->bytes, .size = size, .room = room};
	memset(room->is_read, false, sizeof(room->is_read));
	if (!modfile_has(file, 0, 1))
		return -EIO;
	if (image_compression_of(file->data, size < MODFILE_BLOCK ? size : MODFILE_BLOCK) ==
	    IMAGE_PLAIN)
		return 0;
	file->room = NULL;
	return map(file, room->fd, &room->status);
}

/* O_NONBLOCK: opening a pipe nobody writes to must not wait. */
static int open_file(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/* What was read, or an error, becomes a file with its sections, or nothing. */
static int parse_or_close(struct modfile *file, int error)
{
	if (!error)
		error = modfile_parse(file);
	if (error)
		modfile_close(file);
	return error;
}

int modfile_open_in(struct modfile *file, const char *path, struct modfile_room *room)
{
	int fd = open_file(path), error;

	*file = (struct modfile){0};
	room->status = (struct stat){0};
	if (fd < 0)
		return -errno;
	room->fd = fd;
	error = fstat(fd, &room->status) ? -errno : enter(file, room);
	if (!file->room)
		close(fd);
	return parse_or_close(file, error);
}

int modfile_parse(struct modfile *file)
{
	struct modfile_section names;
	uint64_t entry;

	if (!modfile_has(file, 0, EI_NIDENT) || file->size == EI_NIDENT ||
	    memcmp(file->data, ELFMAG, SELFMAG))
		return -ENOEXEC;
	file->is_64 = file->data[EI_CLASS] == ELFCLASS64;
	file->is_big_endian = file->data[EI_DATA] == ELFDATA2MSB;
	if ((!file->is_64 && file->data[EI_CLASS] != ELFCLASS32) ||
	    (!file->is_big_endian && file->data[EI_DATA] != ELFDATA2LSB) ||
	    !modfile_has(file, 0, SIZE_OF(file, Ehdr)))
		return -EINVAL;

	file->section_table = FIELD(file, file->data, Ehdr, e_shoff);
	file->nr_sections = FIELD(file, file->data, Ehdr, e_shnum);
	entry = FIELD(file, file->data, Ehdr, e_shentsize);
	if (entry != SIZE_OF(file, Shdr) ||
	    !modfile_has(file, file->section_table, file->nr_sections * entry) ||
	    !modfile_section(file, FIELD(file, file->data, Ehdr, e_shstrndx), &names) ||
	    !names.data)
		return -EINVAL;
	file->names = (const char *)names.data;
	file->names_size = names.size;
	return 0;
}

int modfile_open(struct modfile *file, const char *path)
{
	int fd = open_file(path), error;

	*file = (struct modfile){0};
	if (fd < 0)
		return -errno;
	error = modfile_read(file, fd);
	close(fd);
	return parse_or_close(file, error);
}

int modfile_open_memory(struct modfile *file, const void *data, size_t size)
{
	uint8_t *copy;
	int error;

	*file = (struct modfile){.size = size, .compression = image_compression_of(data, size)};
	if (file->compression == IMAGE_PLAIN) {
		copy = malloc(size ?: 1);
		if (copy)
			memcpy(copy, data, size);
		error = copy ? 0 : -ENOMEM;
	} else {
		error = image_decompress(file->compression, data, size, IMAGE_MAX_SIZE, &copy,
					 &file->size, NULL);
	}
	if (!error)
		file->data = copy;
	return parse_or_close(file, error);
}

void modfile_close(struct modfile *file)
{
	if (file->room)
		close(file->room->fd);
	else if (file->is_mapped)
		munmap((void *)file->data, file->size);
	else
		free((void *)file->data);
	*file = (struct modfile){0};
}

/* Without its data; its offset, if it has a place in the file, and its size are in *offset and
 * size. */
static bool section_header(const struct modfile *file, unsigned int index,
			   struct modfile_section *section, uint64_t *offset)
{
	const uint8_t *entry = file->data + file->section_table + index * SIZE_OF(file, Shdr);
	uint64_t name;

	if (index >= file->nr_sections)
		return false;
	name = FIELD(file, entry, Shdr, sh_name);
	*offset = FIELD(file, entry, Shdr, sh_offset);
	*section = (struct modfile_section){
		.name = name < file->names_size ? file->names + name : "",
		.size = FIELD(file, entry, Shdr, sh_size),
		.type = FIELD(file, entry, Shdr, sh_type),
		.link = FIELD(file, entry, Shdr, sh_link),
		.info = FIELD(file, entry, Shdr, sh_info),
		.flags = FIELD(file, entry, Shdr, sh_flags),
		.address = FIELD(file, entry, Shdr, sh_addr),
		.entry_size = FIELD(file, entry, Shdr, sh_entsize),
		.flags_offset = entry - file->data +
				(file->is_64 ? offsetof(Elf64_Shdr, sh_flags)
					     : offsetof(Elf32_Shdr, sh_flags)),
	};
	return true;
}

bool modfile_section(const struct modfile *file, unsigned int index,
		     struct modfile_section *section)
{
	uint64_t offset;

	if (!section_header(file, index, section, &offset))
		return false;
	if (section->type != SHT_NOBITS && section->type != SHT_NULL &&
	    modfile_has(file, offset, section->size))
		section->data = file->data + offset;
	else
		section->size = 0;
	return true;
}

bool modfile_find_section(const struct modfile *file, const char *name,
			  struct modfile_section *section)
{
	size_t length = strlen(name) + 1, left;

	for (unsigned int i = 1; i < file->nr_sections; i++) {
		const uint8_t *entry = file->data + file->section_table + i * SIZE_OF(file, Shdr);
		uint64_t offset = FIELD(file, entry, Shdr, sh_name);

		left = offset < file->names_size ? file->names_size - offset : 0;
		if (left >= length && !memcmp(file->names + offset, name, length))
			return modfile_section(file, i, section);
	}
	return false;
}

bool modfile_next_field(const struct modfile_section *modinfo, size_t *position,
			struct modfile_field *field)
{
	const char *text = (const char *)modinfo->data, *equals;
	size_t at = *position, length;

	while (at < modinfo->size && !text[at])
		at++;
	if (at >= modinfo->size)
		return false;
	length = strnlen(text + at, modinfo->size - at);
	equals = memchr(text + at, '=', length);
	*field = (struct modfile_field){.key = text + at, .key_length = length, .value = ""};
	if (equals) {
		field->key_length = equals - field->key;
		field->value = equals + 1;
		field->value_length = length - field->key_length - 1;
	}
	*position = at + length;
	return true;
}

bool field_has_key(const struct modfile_field *field, const char *key)
{
	return field->key_length == strlen(key) && !memcmp(field->key, key, field->key_length);
}

bool modfile_next_value(const struct modfile *file, const char *key, size_t *position,
			struct modfile_field *field)
{
	struct modfile_section modinfo;

	if (!modfile_find_section(file, ".modinfo", &modinfo))
		return false;
	while (modfile_next_field(&modinfo, position, field))
		if (field_has_key(field, key))
			return true;
	return false;
}

char *modfile_copy_value(const struct modfile *file, const char *key)
{
	struct modfile_field field;
	size_t position = 0;

	if (!modfile_next_value(file, key, &position, &field))
		return NULL;
	return strndup(field.value, field.value_length);
}

bool modfile_symbols(const struct modfile *file, struct modfile_symbols *symbols)
{
	struct modfile_section table, strings;
	uint64_t offset;

	*symbols = (struct modfile_symbols){.file = file};
	for (unsigned int i = 1; section_header(file, i, &table, &offset); i++) {
		if (table.type != SHT_SYMTAB)
			continue;
		modfile_section(file, i, &table);
		if (!table.data)
			continue;
		if (!modfile_section(file, table.link, &strings) || !strings.size ||
		    strings.data[strings.size - 1])
			return false;
		symbols->entries = table.data;
		symbols->count = table.size / SIZE_OF(file, Sym);
		symbols->strings = (const char *)strings.data;
		symbols->strings_size = strings.size;
		return true;
	}
	return false;
}

bool modfile_symbol(const struct modfile_symbols *symbols, size_t index,
		    struct modfile_symbol *symbol)
{
	const struct modfile *file = symbols->file;
	const uint8_t *entry = symbols->entries + index * SIZE_OF(file, Sym);
	uint64_t name = FIELD(file, entry, Sym, st_name);
	uint8_t info = FIELD(file, entry, Sym, st_info);

	if (name >= symbols->strings_size)
		return false;
	*symbol = (struct modfile_symbol){
		.name = symbols->strings + name,
		.value = FIELD(file, entry, Sym, st_value),
		.section = FIELD(file, entry, Sym, st_shndx),
		.bind = ELF64_ST_BIND(info), /* the same in both widths */
		.type = ELF64_ST_TYPE(info),
	};
	return true;
}

/* linux/module.h, struct modversion_info: an unsigned long, and a name that fills up 64 bytes */
#define VERSION_SIZE 64

bool modfile_next_version(const struct modfile *file, const struct modfile_section *versions,
			  size_t *position, struct modfile_version *version)
{
	size_t word = file->is_64 ? sizeof(uint64_t) : sizeof(uint32_t);
	const uint8_t *record, *end;

	if (versions->size < VERSION_SIZE || *position > versions->size - VERSION_SIZE)
		return false;
	record = versions->data + *position;
	end = memchr(record + word, 0, VERSION_SIZE - word);
	if (!end)
		return false;
	version->crc = modfile_integer(file, record, word);
	version->name = (const char *)record + word;
	version->length = end - record - word;
	*position += VERSION_SIZE;
	return true;
}
