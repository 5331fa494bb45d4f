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
#include "tools/kmod/file.h"
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

/* Give back what was read, or allocated. */
static void release(const struct modfile *file)
{
	if (file->owner == MODFILE_MAPPED)
		munmap((void *)file->data, file->size);
	else if (file->owner == MODFILE_ALLOCATED)
		free((void *)file->data);
}

/* Take data, and expand it if it is compressed. */
static int take(struct modfile *file)
{
	struct modfile packed = *file;
	uint8_t *data;
	int error;

	file->compression = image_compression_of(file->data, file->size);
	if (file->compression == IMAGE_PLAIN)
		return 0;
	error = image_decompress(file->compression, packed.data, packed.size, IMAGE_MAX_SIZE, &data,
				 &file->size, NULL);
	release(&packed);
	file->data = error ? NULL : data;
	file->owner = MODFILE_ALLOCATED;
	return error;
}

static int map(struct modfile *file, int fd, size_t size)
{
	void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (data == MAP_FAILED)
		return -errno;
	*file = (struct modfile){.data = data, .size = size, .owner = MODFILE_MAPPED};
	return take(file);
}

int modfile_read(struct modfile *file, int fd, struct stat *status, struct modfile_room *room)
{
	size_t size;
	int error;

	*file = (struct modfile){0};
	if (fstat(fd, status))
		return -errno;
	if (S_ISDIR(status->st_mode))
		return -EISDIR;
	if (!S_ISREG(status->st_mode) || status->st_size < SMALLEST_FILE)
		return -EINVAL;
	size = status->st_size;
	if (!room || size > sizeof(room->bytes))
		return map(file, fd, size);
	error = file_read(fd, room->bytes, size);
	if (error)
		return error;
	*file = (struct modfile){.data = room->bytes, .size = size, .owner = MODFILE_BORROWED};
	return take(file);
}

int modfile_parse(struct modfile *file)
{
	struct modfile_section names;
	uint64_t entry;

	if (file->size <= EI_NIDENT || memcmp(file->data, ELFMAG, SELFMAG))
		return -ENOEXEC;
	file->is_64 = file->data[EI_CLASS] == ELFCLASS64;
	file->is_big_endian = file->data[EI_DATA] == ELFDATA2MSB;
	if ((!file->is_64 && file->data[EI_CLASS] != ELFCLASS32) ||
	    (!file->is_big_endian && file->data[EI_DATA] != ELFDATA2LSB) ||
	    file->size < SIZE_OF(file, Ehdr))
		return -EINVAL;

	file->section_table = FIELD(file, file->data, Ehdr, e_shoff);
	file->nr_sections = FIELD(file, file->data, Ehdr, e_shnum);
	entry = FIELD(file, file->data, Ehdr, e_shentsize);
	if (entry != SIZE_OF(file, Shdr) || file->section_table > file->size ||
	    file->nr_sections * entry > file->size - file->section_table ||
	    !modfile_section(file, FIELD(file, file->data, Ehdr, e_shstrndx), &names) ||
	    !names.data)
		return -EINVAL;
	file->names = (const char *)names.data;
	file->names_size = names.size;
	return 0;
}

int modfile_open(struct modfile *file, const char *path, struct modfile_room *room)
{
	/* O_NONBLOCK: opening a pipe nobody writes to must not wait */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), error;
	struct stat status;

	*file = (struct modfile){0};
	if (fd < 0)
		return -errno;
	error = modfile_read(file, fd, &status, room);
	close(fd);
	if (!error)
		error = modfile_parse(file);
	if (error)
		modfile_close(file);
	return error;
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
	if (!error) {
		file->data = copy;
		error = modfile_parse(file);
	}
	if (error)
		modfile_close(file);
	return error;
}

void modfile_close(struct modfile *file)
{
	release(file);
	*file = (struct modfile){0};
}

bool modfile_section(const struct modfile *file, unsigned int index,
		     struct modfile_section *section)
{
	const uint8_t *entry = file->data + file->section_table + index * SIZE_OF(file, Shdr);
	uint64_t offset, size, name;

	if (index >= file->nr_sections)
		return false;
	name = FIELD(file, entry, Shdr, sh_name);
	offset = FIELD(file, entry, Shdr, sh_offset);
	size = FIELD(file, entry, Shdr, sh_size);
	*section = (struct modfile_section){
		.name = name < file->names_size ? file->names + name : "",
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
	if (section->type != SHT_NOBITS && section->type != SHT_NULL && offset <= file->size &&
	    size <= file->size - offset) {
		section->data = file->data + offset;
		section->size = size;
	}
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

bool modfile_symbols(const struct modfile *file, struct modfile_symbols *symbols)
{
	struct modfile_section table, strings;

	*symbols = (struct modfile_symbols){.file = file};
	for (unsigned int i = 1; modfile_section(file, i, &table); i++) {
		if (table.type != SHT_SYMTAB || !table.data)
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
