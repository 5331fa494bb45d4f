/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of DWARF 4 and 5 as it takes to know the types of a relocatable
 * object: entries, their tags, and those attributes that say what a type is.
 */
#ifndef RING3_MODPOST_DWARF_H
#define RING3_MODPOST_DWARF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "elf/elf_view.h"

/* DW_TAG_*, section 7.5.3 of the DWARF standard */
enum {
	TAG_ARRAY = 0x01,
	TAG_ENUMERATION = 0x04,
	TAG_PARAMETER = 0x05,
	TAG_MEMBER = 0x0d,
	TAG_POINTER = 0x0f,
	TAG_STRUCTURE = 0x13,
	TAG_SUBROUTINE_TYPE = 0x15,
	TAG_TYPEDEF = 0x16,
	TAG_UNION = 0x17,
	TAG_UNSPECIFIED_PARAMETERS = 0x18,
	TAG_SUBRANGE = 0x21,
	TAG_BASE = 0x24,
	TAG_CONST = 0x26,
	TAG_ENUMERATOR = 0x28,
	TAG_SUBPROGRAM = 0x2e,
	TAG_VARIABLE = 0x34,
	TAG_VOLATILE = 0x35,
	TAG_RESTRICT = 0x37,
	TAG_ATOMIC = 0x47,
};

struct dwarf_section {
	const uint8_t *data;
	size_t size;
};

struct dwarf_unit;

struct dwarf {
	const struct elf_view *view;
	struct dwarf_section info, abbrev, str, line_str;
	const Elf64_Rela *relocations; /* of .debug_info, by offset; the next ones are dropped */
	size_t nr_relocations;
	struct dwarf_unit *units; /* by offset */
	size_t nr_units;
	size_t nr_reads; /* of entries; there is an end to it, for damaged input */
};

/* One entry. What an attribute does not say is 0 or NULL. */
struct dwarf_entry {
	const struct dwarf_unit *unit;
	size_t offset;    /* of itself in .debug_info: its identity */
	size_t next;      /* of what follows: its first child, if it has any */
	unsigned int tag; /* 0: the end of a list of children */
	bool has_children;
	const char *name;
	size_t type; /* offset, 0: void */
	bool is_declaration;
	bool has_location, has_bits, has_count;
	uint64_t byte_size, encoding, location, bit_size, bit_offset, count, value;
};

/* -ENOENT: no debugging information; -EINVAL: none that can be read; -ENOMEM. */
int dwarf_open(struct dwarf *dwarf, const struct elf_view *view);
void dwarf_close(struct dwarf *dwarf);

/* false: there is no entry at that offset. */
bool dwarf_read(struct dwarf *dwarf, size_t offset, struct dwarf_entry *entry);
/*
 * Walk the children of an entry: child->next is where to go on, *at starts as
 * parent->next. false at the end. Grandchildren are stepped over.
 */
bool dwarf_next_child(struct dwarf *dwarf, size_t *at, struct dwarf_entry *child);
/* The units' own entries, in order; *unit starts as NULL. */
bool dwarf_next_unit(struct dwarf *dwarf, const struct dwarf_unit **unit,
		     struct dwarf_entry *entry);

#endif
