/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A relocatable object while it is linked: its sections, which grow, and its symbols. */
#ifndef RING3_MODUTILS_OBJECT_H
#define RING3_MODUTILS_OBJECT_H

#include "elf/elf_view.h"
#include "tools/modutils/messages.h"

struct section {
	const char *name;
	uint64_t flags, align, size;
	uint64_t address; /* after layout_object(): the offset; after place_object(): the address */
	uint8_t *contents; /* owned, size bytes; NULL: all zero */
	uint64_t capacity;
	unsigned int index;
	bool is_bss;          /* it was SHT_NOBITS */
	bool is_loaded;       /* it is a part of the image */
	struct section *next; /* of those that are loaded, in the image's order */
};

enum place {
	PLACE_UNDEFINED,
	PLACE_SECTION, /* value is an offset in section index */
	PLACE_ABSOLUTE,
	PLACE_COMMON, /* value is the alignment */
	PLACE_KERNEL, /* value is the address */
	PLACE_MODULE, /* likewise, of module index */
};

struct symbol {
	const char *name;
	uint64_t value, size;
	enum place place;
	unsigned int index;
	uint8_t bind, type;
	bool is_shadowed;    /* a local one whose name stands for another */
	struct symbol *next; /* in its bucket */
};

/* What is stored when addresses are known. */
struct patch {
	struct section *section;
	uint64_t offset;
	const struct symbol *symbol; /* its address; NULL: that of the string at string */
	uint64_t string;
};

#define OBJECT_BUCKETS 512u

struct object {
	struct elf_view view;
	struct section **sections; /* the view's, by their index, then those that were added */
	unsigned int nr_sections, sections_capacity;
	struct section *first, **sorted; /* in the image's order; sorted: those after the first */
	struct symbol **symbols;         /* owned: all that there are */
	size_t nr_symbols, symbols_capacity;
	struct symbol **by_index; /* owned: what the view's symbols became */
	struct symbol *buckets[OBJECT_BUCKETS];
	struct section *strings; /* where texts are added; NULL: none were */
	struct patch *patches;
	size_t nr_patches, patches_capacity;
	char **texts; /* owned: names that were made */
	size_t nr_texts, texts_capacity;
	bool ignores_checksums; /* names are equal whatever version they end in */
	const char *prefix;     /* of checksums in names */
	bool failed;            /* there was no memory at some point */
	struct messages *messages;
};

/*
 * Read an object; data must stay until object_release(), which is due in any
 * case. -ENOEXEC after a message, -ENOMEM.
 */
int object_read(struct object *object, const void *data, size_t size, struct messages *messages);
void object_release(struct object *object);

struct section *object_find_section(const struct object *object, const char *name);
/* A new section that is loaded; NULL: no memory. */
struct section *object_add_section(struct object *object, const char *name, uint64_t align,
				   uint64_t size);
/* As that, in front of all others. */
struct section *object_add_first_section(struct object *object, const char *name, uint64_t align,
					 uint64_t size);
/* Zeroes at the section's end; where they begin. */
uint64_t object_extend(struct object *object, struct section *section, uint64_t size);
/* The section's bytes, for writing; NULL: no memory, or offset and size do not lie in it. */
uint8_t *object_bytes(struct object *object, struct section *section, uint64_t offset,
		      uint64_t size);

/* Let eight bytes hold a symbol's address, or that of a copy of text. */
void object_patch_symbol(struct object *object, struct section *section, uint64_t offset,
			 const struct symbol *symbol);
void object_patch_text(struct object *object, struct section *section, uint64_t offset,
		       const char *text);
/* A formatted text that lives as long as the object; NULL: no memory. */
__attribute__((format(printf, 2, 3))) const char *object_text(struct object *object,
							      const char *format, ...);

/* The next "tag=value" of .modinfo after previous (a value); NULL: no more. */
const char *object_modinfo_next(const struct object *object, const char *tag, const char *previous);
static inline const char *object_modinfo(const struct object *object, const char *tag)
{
	return object_modinfo_next(object, tag, NULL);
}
/* Every string of .modinfo: after previous (NULL: the first); NULL: no more. */
const char *object_modinfo_string(const struct object *object, const char *previous);
/* Its license's; *license is the text, or NULL. */
bool object_is_gpl(const struct object *object, const char **license);

/* ---- symbols.c ---- */
/* All symbols of the view; -ENOEXEC after a message. */
int object_read_symbols(struct object *object);
/* From now on names are compared without their checksums. */
void object_ignore_checksums(struct object *object);
struct symbol *object_find_symbol(const struct object *object, const char *name);
/* A symbol that the object did not have, or a definition of one that it has. NULL: no memory. */
struct symbol *object_add_symbol(struct object *object, const struct symbol *wanted);
/* Where it lies when the image is loaded. */
uint64_t object_symbol_address(const struct object *object, const struct symbol *symbol);
/* Is it in the image? */
bool object_symbol_is_loaded(const struct object *object, const struct symbol *symbol);
/* How many characters of a name stand before _R, prefix and eight digits; all: it has no version.
 */
size_t version_base_length(const char *name, const char *prefix);
size_t object_base_length(const struct object *object, const char *name);

/* ---- exports.c ---- */
/* The names that it exports, by a table or for lack of one: 0, or what a visit returned. */
int object_each_export(const struct object *object, int (*visit)(void *context, const char *name),
		       void *context);

#endif
