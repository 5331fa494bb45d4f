// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "elf_fixture.h"

static struct ko original;

struct ko ko_load(const char *path)
{
	FILE *file = path ? fopen(path, "rb") : NULL;
	struct ko ko = {0};
	long size = -1;

	if (file && !fseek(file, 0, SEEK_END))
		size = ftell(file);
	if (size > 0) {
		rewind(file);
		ko.data = malloc(size);
		ko.size = size;
	}
	if (!ko.data || fread(ko.data, 1, size, file) != (size_t)size) {
		fprintf(stderr, "cannot read the module %s\n", path ?: "(no argument)");
		exit(2);
	}
	fclose(file);
	return ko;
}

void ko_read(const char *path)
{
	original = ko_load(path);
}

struct ko ko_copy(void)
{
	struct ko ko = {.data = malloc(original.size), .size = original.size};

	assert_non_null(ko.data);
	memcpy(ko.data, original.data, ko.size);
	return ko;
}

size_t ko_size(void)
{
	return original.size;
}

void ko_free(struct ko *ko)
{
	free(ko->data);
}

void ko_resize(struct ko *ko, size_t size, uint8_t value)
{
	uint8_t *data = malloc(size ?: 1);

	assert_non_null(data);
	if (ko->size)
		memcpy(data, ko->data, size < ko->size ? size : ko->size);
	if (size > ko->size)
		memset(data + ko->size, value, size - ko->size);
	free(ko->data);
	*ko = (struct ko){.data = data, .size = size};
}

void ko_append(struct ko *ko, const void *data, size_t size)
{
	size_t end = ko->size;

	ko_resize(ko, end + size, 0);
	memcpy(ko->data + end, data, size);
}

Elf64_Ehdr *ko_header(const struct ko *ko)
{
	return (Elf64_Ehdr *)ko->data;
}

static Elf64_Shdr *sections(const struct ko *ko)
{
	return (Elf64_Shdr *)(ko->data + ko_header(ko)->e_shoff);
}

static char *name_of(const struct ko *ko, unsigned int index)
{
	Elf64_Shdr *names = &sections(ko)[ko_header(ko)->e_shstrndx];

	return (char *)ko->data + names->sh_offset + sections(ko)[index].sh_name;
}

unsigned int ko_index(const struct ko *ko, const char *name)
{
	unsigned int i;

	for (i = 1; i < ko_header(ko)->e_shnum; i++)
		if (!strcmp(name_of(ko, i), name))
			return i;
	fail_msg("the module has no section %s", name);
	return 0;
}

Elf64_Shdr *ko_section(const struct ko *ko, const char *name)
{
	return &sections(ko)[ko_index(ko, name)];
}

char *ko_name(const struct ko *ko, const char *name)
{
	return name_of(ko, ko_index(ko, name));
}

void *ko_contents(const struct ko *ko, const char *name)
{
	return ko->data + ko_section(ko, name)->sh_offset;
}
