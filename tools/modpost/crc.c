// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Versions of exported symbols, where no genksyms has made them: the CRC-32 of
 * a text that spells the symbol's type out, as the object's debugging
 * information gives it. A structure is spelled out where it first occurs, with
 * each member's type and place; a structure that the exporter's source only
 * declares is "{?}". So, as with genksyms, a change to any structure that a
 * caller could reach changes the CRC. Names of parameters do not count, names
 * of members do. What assembly defines has no type: its CRC is of its name.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "dwarf.h"
#include "internal.h"

/* More than any type of C that people write; an end to loops in damaged input. */
#define MAX_DEPTH   2000
#define MAX_ENTRIES 1000000

struct signature {
	struct dwarf *dwarf;
	uint32_t crc;
	unsigned int depth, nr_entries;
	/* Structures that were spelled out: their offsets hashed, each with its number. */
	struct seen {
		size_t offset; /* 0: a free place */
		size_t number;
	} * seen;
	size_t nr_seen, room; /* room is a power of two */
	int error;
};

/* CRC-32 of IEEE 802.3, least significant bit first, as genksyms'. */
static uint32_t crc32_update(uint32_t crc, const char *data, size_t length)
{
	unsigned int bit;

	while (length--) {
		crc ^= (uint8_t)*data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

__attribute__((format(printf, 2, 3))) static void add(struct signature *signature,
						      const char *format, ...)
{
	char text[1024];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (length > (int)sizeof(text) - 1)
		length = sizeof(text) - 1;
	signature->crc = crc32_update(signature->crc, text, length);
}

static void add_type(struct signature *signature, size_t offset);

static struct seen *seen_place(const struct signature *signature, size_t offset)
{
	size_t i = offset * 0x9e3779b97f4a7c15ull >> 32;

	for (;; i++) {
		struct seen *place = &signature->seen[i & (signature->room - 1)];

		if (!place->offset || place->offset == offset)
			return place;
	}
}

static int grow_seen(struct signature *signature)
{
	struct seen *old = signature->seen;
	size_t i, old_room = signature->room;

	signature->room = old_room ? 2 * old_room : 64;
	signature->seen = calloc(signature->room, sizeof(*signature->seen));
	for (i = 0; signature->seen && i < old_room; i++)
		if (old[i].offset)
			*seen_place(signature, old[i].offset) = old[i];
	free(old);
	return signature->seen ? 0 : -ENOMEM;
}

/* Has this structure been spelled out? If not, it will be now. */
static bool is_seen(struct signature *signature, size_t offset, size_t *number)
{
	struct seen *place;

	if (2 * signature->nr_seen >= signature->room && grow_seen(signature)) {
		signature->room = signature->nr_seen = 0;
		signature->error = -ENOMEM;
		return true;
	}
	place = seen_place(signature, offset);
	*number = place->number;
	if (place->offset)
		return true;
	*place = (struct seen){offset, signature->nr_seen++};
	return false;
}

static void add_members(struct signature *signature, const struct dwarf_entry *entry)
{
	struct dwarf_entry member;
	size_t at = entry->next;

	if (!entry->has_children)
		return;
	while (dwarf_next_child(signature->dwarf, &at, &member)) {
		if (member.tag == TAG_ENUMERATOR) {
			add(signature, "%s=%lld,", member.name ? member.name : "",
			    (long long)member.value);
		} else if (member.tag == TAG_MEMBER) {
			add(signature, "%s@%llu", member.name ? member.name : "",
			    (unsigned long long)member.location);
			if (member.has_bits)
				add(signature, "/%llu+%llu", (unsigned long long)member.bit_offset,
				    (unsigned long long)member.bit_size);
			add(signature, ":");
			add_type(signature, member.type);
			add(signature, ";");
		}
	}
}

static void add_aggregate(struct signature *signature, const struct dwarf_entry *entry)
{
	const char *kind = entry->tag == TAG_STRUCTURE ? "struct"
			   : entry->tag == TAG_UNION   ? "union"
						       : "enum";
	size_t number = 0;

	add(signature, "%s %s", kind, entry->name ? entry->name : "");
	if (entry->is_declaration) {
		add(signature, "{?}");
	} else if (is_seen(signature, entry->offset, &number)) {
		if (!entry->name)
			add(signature, "#%zu", number);
	} else {
		add(signature, "{");
		add_members(signature, entry);
		add(signature, "}%llu", (unsigned long long)entry->byte_size);
	}
}

/* "(int,*char,...)->long" */
static void add_function(struct signature *signature, const struct dwarf_entry *entry)
{
	struct dwarf_entry parameter;
	size_t at = entry->next;

	add(signature, "(");
	while (entry->has_children && dwarf_next_child(signature->dwarf, &at, &parameter)) {
		if (parameter.tag == TAG_PARAMETER) {
			add_type(signature, parameter.type);
			add(signature, ",");
		} else if (parameter.tag == TAG_UNSPECIFIED_PARAMETERS) {
			add(signature, "...");
		}
	}
	add(signature, ")->");
	add_type(signature, entry->type);
}

static void add_array(struct signature *signature, const struct dwarf_entry *entry)
{
	struct dwarf_entry range;
	size_t at = entry->next;

	while (entry->has_children && dwarf_next_child(signature->dwarf, &at, &range)) {
		if (range.tag == TAG_SUBRANGE && range.has_count)
			add(signature, "[%llu]", (unsigned long long)range.count);
		else if (range.tag == TAG_SUBRANGE)
			add(signature, "[]");
	}
	add_type(signature, entry->type);
}

static void add_entry(struct signature *signature, const struct dwarf_entry *entry)
{
	switch (entry->tag) {
	case TAG_BASE:
		/* Compilers name them differently ("long int", "long"). */
		add(signature, "%llu/%llu", (unsigned long long)entry->byte_size,
		    (unsigned long long)entry->encoding);
		break;
	case TAG_POINTER:
		add(signature, "*");
		add_type(signature, entry->type);
		break;
	case TAG_CONST:
		add(signature, "const ");
		add_type(signature, entry->type);
		break;
	case TAG_VOLATILE:
		add(signature, "volatile ");
		add_type(signature, entry->type);
		break;
	case TAG_TYPEDEF:
	case TAG_RESTRICT:
	case TAG_ATOMIC:
		add_type(signature, entry->type);
		break;
	case TAG_STRUCTURE:
	case TAG_UNION:
	case TAG_ENUMERATION:
		add_aggregate(signature, entry);
		break;
	case TAG_ARRAY:
		add_array(signature, entry);
		break;
	case TAG_SUBROUTINE_TYPE:
	case TAG_SUBPROGRAM:
		add_function(signature, entry);
		break;
	case TAG_VARIABLE:
		add(signature, "=");
		add_type(signature, entry->type);
		break;
	default:
		add(signature, "?%x", entry->tag);
	}
}

static void add_type(struct signature *signature, size_t offset)
{
	struct dwarf_entry entry;

	if (!offset) {
		add(signature, "void");
	} else if (signature->error || signature->depth >= MAX_DEPTH ||
		   signature->nr_entries++ >= MAX_ENTRIES ||
		   !dwarf_read(signature->dwarf, offset, &entry)) {
		if (!signature->error)
			signature->error = -EINVAL;
	} else {
		signature->depth++;
		add_entry(signature, &entry);
		signature->depth--;
	}
}

/* The CRC of what an entry declares, under its name. */
static int crc_of_entry(struct dwarf *dwarf, const struct dwarf_entry *entry, uint32_t *crc)
{
	struct signature signature = {.dwarf = dwarf, .crc = ~0u};

	add(&signature, "%s", entry->name);
	add_entry(&signature, entry);
	free(signature.seen);
	*crc = ~signature.crc;
	return signature.error;
}

static int set_crc(struct modpost *mp, const struct mp_module *module, struct dwarf *dwarf,
		   const struct dwarf_entry *entry)
{
	struct mp_symbol *symbol;
	int ret;

	if ((entry->tag != TAG_SUBPROGRAM && entry->tag != TAG_VARIABLE) || !entry->name)
		return 0;
	symbol = mp_export_find(mp, entry->name);
	if (!symbol || symbol->module != module || symbol->has_crc)
		return 0;
	ret = crc_of_entry(dwarf, entry, &symbol->crc);
	symbol->has_crc = !ret;
	return ret == -ENOMEM ? ret : 0;
}

static void set_crc_of_name(struct mp_module *module)
{
	struct mp_symbol *symbol;

	for (symbol = module->exports.first; symbol; symbol = symbol->next) {
		if (symbol->has_crc)
			continue;
		symbol->crc = ~crc32_update(~0u, symbol->name, strlen(symbol->name));
		symbol->has_crc = true;
	}
}

int crc_compute(struct modpost *mp, struct mp_module *module, const struct elf_view *view)
{
	const struct dwarf_unit *unit = NULL;
	struct dwarf_entry entry, child;
	struct dwarf dwarf;
	size_t at;
	int ret;

	if (!module->exports.first)
		return 0;
	ret = dwarf_open(&dwarf, view);
	if (ret)
		return ret == -ENOMEM ? ret : 0; /* check.c tells which exports have none */
	while (!ret && dwarf_next_unit(&dwarf, &unit, &entry)) {
		at = entry.has_children ? entry.next : 0;
		while (!ret && dwarf_next_child(&dwarf, &at, &child))
			ret = set_crc(mp, module, &dwarf, &child);
	}
	dwarf_close(&dwarf);
	if (!ret)
		set_crc_of_name(module);
	return ret;
}
