/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A real module in memory, for tests that take it apart. */
#ifndef ELF_FIXTURE_H
#define ELF_FIXTURE_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

struct ko {
	uint8_t *data; /* malloc'ed with exactly size bytes, so that ASan sees each step beyond */
	size_t size;
};

/* Read a module; exits if it cannot. */
struct ko ko_load(const char *path);
/* Read the one that ko_copy() copies. */
void ko_read(const char *path);
/* A fresh copy of it. */
struct ko ko_copy(void);
size_t ko_size(void); /* of the module as it was built */
void ko_free(struct ko *ko);
/* Keep the first size bytes, or add bytes of value. */
void ko_resize(struct ko *ko, size_t size, uint8_t value);
void ko_append(struct ko *ko, const void *data, size_t size);

Elf64_Ehdr *ko_header(const struct ko *ko);
/* A section's header by name; fails the test if there is none. */
Elf64_Shdr *ko_section(const struct ko *ko, const char *name);
unsigned int ko_index(const struct ko *ko, const char *name);
char *ko_name(const struct ko *ko, const char *name); /* the name itself, to rename it */
void *ko_contents(const struct ko *ko, const char *name);

#endif
