// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections of an object, and what is added to them. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/modutils/object.h"

/* Room for one more entry. */
static bool reserve(struct object *object, void *array, size_t *capacity, size_t count, size_t size)
{
	size_t wanted = *capacity ? 2 * *capacity : 32;
	void *grown;

	if (count < *capacity)
		return true;
	grown = reallocarray(*(void **)array, wanted, size);
	if (!grown) {
		object->failed = true;
		return false;
	}
	*(void **)array = grown;
	*capacity = wanted;
	return true;
}

/*
 * The image's order, that of modutils: what is kept after init first; of that
 * code, read-only data, data, and memory that holds zeroes last.
 */
static unsigned int priority(const struct section *section)
{
	size_t length = strlen(section->name);
	bool is_init = section->name[0] == '.' && length == strlen(".text.init") &&
		       !strcmp(section->name + length - strlen(".init"), ".init");

	return (is_init ? 0 : 16) + (section->flags & SHF_WRITE ? 0 : 8) +
	       (section->flags & SHF_EXECINSTR ? 4 : 0) + (section->is_bss ? 0 : 2);
}

static void sort_in(struct object *object, struct section *section)
{
	struct section **place = object->sorted;

	while (*place && priority(*place) >= priority(section))
		place = &(*place)->next;
	section->next = *place;
	*place = section;
	section->is_loaded = true;
}

static struct section *new_section(struct object *object, const char *name)
{
	size_t capacity = object->sections_capacity;
	struct section *section;

	if (!reserve(object, &object->sections, &capacity, object->nr_sections,
		     sizeof(*object->sections)))
		return NULL;
	object->sections_capacity = capacity;
	section = calloc(1, sizeof(*section));
	if (!section) {
		object->failed = true;
		return NULL;
	}
	section->name = name;
	section->index = object->nr_sections;
	object->sections[object->nr_sections++] = section;
	return section;
}

static int read_sections(struct object *object)
{
	const struct elf_view *view = &object->view;

	for (unsigned int i = 0; i < view->nr_sections; i++) {
		const Elf64_Shdr *header = &view->sections[i];
		struct section *section = new_section(object, elf_section_name(view, i));
		const void *data = elf_section_data(view, i);

		if (!section)
			return -ENOMEM;
		section->flags = header->sh_flags;
		section->align = header->sh_addralign;
		section->size = section->capacity = header->sh_size;
		section->is_bss = header->sh_type == SHT_NOBITS;
		if (!(header->sh_flags & SHF_ALLOC))
			continue;
		/* gcc has no other way to write .modinfo: insmod alone reads it */
		if (!strcmp(section->name, ".modinfo"))
			continue;
		if (data && header->sh_size) {
			section->contents = malloc(header->sh_size);
			if (!section->contents)
				return -ENOMEM;
			memcpy(section->contents, data, header->sh_size);
		}
		sort_in(object, section);
	}
	return 0;
}

/* What modutils said of a file that is none of its own; the rest is elf_open()'s. */
static int check_kind(const struct object *object, const void *data, size_t size)
{
	Elf64_Ehdr header;

	if (size < sizeof(header)) {
		tell_error(object->messages, "error reading ELF header: it is cut off");
		return -ENOEXEC;
	}
	memcpy(&header, data, sizeof(header));
	if (memcmp(header.e_ident, ELFMAG, SELFMAG)) {
		tell_error(object->messages, "%s is not an ELF file", object->messages->from);
		return -ENOEXEC;
	}
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
	    header.e_ident[EI_VERSION] != EV_CURRENT || header.e_machine != EM_X86_64) {
		tell_error(object->messages, "ELF file %s not for this architecture",
			   object->messages->from);
		return -ENOEXEC;
	}
	if (header.e_type != ET_REL) {
		tell_error(object->messages, "ELF file %s not a relocatable object",
			   object->messages->from);
		return -ENOEXEC;
	}
	return 0;
}

/* Of the scheme since 2.6: it has no init_module() that insmod could look for. */
static int check_scheme(const struct object *object)
{
	if (!object->view.this_module)
		return 0;
	tell_error(object->messages,
		   "this is a module of Linux 2.6 or later, which the kernel links");
	tell_hint(object->messages, "build it with: ring3 build --scheme 2.4");
	return -ENOEXEC;
}

int object_read(struct object *object, const void *data, size_t size, struct messages *messages)
{
	struct elf_problem problem = {};
	int error;

	*object = (struct object){.messages = messages, .prefix = ""};
	object->sorted = &object->first;
	error = check_kind(object, data, size);
	if (error)
		return error;
	error = elf_open(&object->view, data, size, &problem);
	if (error) {
		tell_error(messages, "%s", *problem.message ? problem.message : strerror(-error));
		if (*problem.advice)
			tell_hint(messages, "%s", problem.advice);
		return -ENOEXEC;
	}
	error = check_scheme(object);
	if (!error)
		error = read_sections(object);
	if (!error)
		error = object_read_symbols(object);
	return error;
}

void object_release(struct object *object)
{
	for (unsigned int i = 0; i < object->nr_sections; i++) {
		free(object->sections[i]->contents);
		free(object->sections[i]);
	}
	for (size_t i = 0; i < object->nr_symbols; i++)
		free(object->symbols[i]);
	for (size_t i = 0; i < object->nr_texts; i++)
		free(object->texts[i]);
	free(object->sections);
	free(object->symbols);
	free(object->by_index);
	free(object->patches);
	free(object->texts);
}

struct section *object_find_section(const struct object *object, const char *name)
{
	for (unsigned int i = 1; i < object->nr_sections; i++)
		if (!strcmp(object->sections[i]->name, name))
			return object->sections[i];
	return NULL;
}

static struct section *new_loaded(struct object *object, const char *name, uint64_t align,
				  uint64_t size)
{
	struct section *section = new_section(object, name);

	if (!section)
		return NULL;
	section->flags = SHF_WRITE | SHF_ALLOC;
	section->align = align;
	object_extend(object, section, size);
	return section;
}

struct section *object_add_section(struct object *object, const char *name, uint64_t align,
				   uint64_t size)
{
	struct section *section = new_loaded(object, name, align, size);

	if (section)
		sort_in(object, section);
	return section;
}

struct section *object_add_first_section(struct object *object, const char *name, uint64_t align,
					 uint64_t size)
{
	struct section *section = new_loaded(object, name, align, size);

	if (!section)
		return NULL;
	section->next = object->first;
	section->is_loaded = true;
	object->first = section;
	object->sorted = &section->next;
	return section;
}

uint64_t object_extend(struct object *object, struct section *section, uint64_t size)
{
	uint64_t offset = section->size, wanted = offset + size;
	uint8_t *grown;

	if (size > ELF_MAX_ALLOC || wanted > ELF_MAX_ALLOC) {
		object->failed = true;
		return offset;
	}
	if (section->contents || (!offset && !section->is_bss)) {
		if (!section->contents || wanted > section->capacity) {
			uint64_t capacity = wanted < 64 ? 64 : 2 * wanted;

			grown = realloc(section->contents, capacity);
			if (!grown) {
				object->failed = true;
				return offset;
			}
			section->contents = grown;
			section->capacity = capacity;
		}
		memset(section->contents + offset, 0, size);
	}
	section->size = wanted;
	return offset;
}

uint8_t *object_bytes(struct object *object, struct section *section, uint64_t offset,
		      uint64_t size)
{
	if (offset > section->size || size > section->size - offset)
		return NULL;
	if (!section->contents) {
		section->contents = calloc(1, section->size ? section->size : 1);
		section->capacity = section->size;
		if (!section->contents) {
			object->failed = true;
			return NULL;
		}
	}
	return section->contents + offset;
}

static void add_patch(struct object *object, struct patch patch)
{
	if (reserve(object, &object->patches, &object->patches_capacity, object->nr_patches,
		    sizeof(patch)))
		object->patches[object->nr_patches++] = patch;
}

void object_patch_symbol(struct object *object, struct section *section, uint64_t offset,
			 const struct symbol *symbol)
{
	add_patch(object, (struct patch){.section = section, .offset = offset, .symbol = symbol});
}

void object_patch_text(struct object *object, struct section *section, uint64_t offset,
		       const char *text)
{
	size_t size = strlen(text) + 1;
	struct patch patch = {.section = section, .offset = offset};
	uint8_t *copy;

	if (!object->strings)
		object->strings = object_find_section(object, ".kstrtab");
	if (!object->strings || !object->strings->is_loaded)
		object->strings = object_add_section(object, ".kstrtab", 1, 0);
	if (!object->strings)
		return;
	patch.string = object_extend(object, object->strings, size);
	copy = object_bytes(object, object->strings, patch.string, size);
	if (copy)
		memcpy(copy, text, size);
	add_patch(object, patch);
}

const char *object_text(struct object *object, const char *format, ...)
{
	va_list list;
	char *text;
	int length;

	if (!reserve(object, &object->texts, &object->texts_capacity, object->nr_texts,
		     sizeof(*object->texts)))
		return NULL;
	va_start(list, format);
	length = vasprintf(&text, format, list);
	va_end(list);
	if (length < 0) {
		object->failed = true;
		return NULL;
	}
	object->texts[object->nr_texts++] = text;
	return text;
}

/* The section of that name may be loaded or not. */
static const char *modinfo_bounds(const struct object *object, const char **end)
{
	const struct elf_view *view = &object->view;
	unsigned int index = elf_find_section(view, ".modinfo", false);
	const char *text = elf_section_data(view, index);
	size_t size = text ? view->sections[index].sh_size : 0;

	/* what does not end in NUL is no string */
	while (size && text[size - 1])
		size--;
	if (!size)
		return NULL;
	*end = text + size;
	return text;
}

const char *object_modinfo_string(const struct object *object, const char *previous)
{
	const char *end, *text = modinfo_bounds(object, &end);

	if (!text)
		return NULL;
	if (previous)
		text = previous + strlen(previous);
	while (text < end && !*text)
		text++;
	return text < end ? text : NULL;
}

const char *object_modinfo_next(const struct object *object, const char *tag, const char *previous)
{
	size_t length = strlen(tag);

	while ((previous = object_modinfo_string(object, previous)))
		if (!strncmp(previous, tag, length) && previous[length] == '=')
			return previous + length + 1;
	return NULL;
}

bool object_is_gpl(const struct object *object, const char **license)
{
	*license = object_modinfo(object, "license");
	return *license && license_is_gpl_compatible(*license);
}
