// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DWARF entries of a relocatable object. Names of constants and numbers of
 * sections are those of the DWARF 5 standard. Every read is checked: the
 * object may be anybody's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "dwarf.h"

struct dwarf_unit {
	size_t start, first, end; /* header, first entry, what follows the unit */
	unsigned int version, address_size;
	size_t abbrev_offset;
	const uint8_t **abbrevs; /* by code: where its tag stands; NULL: no such code */
	size_t nr_abbrevs;
	bool shares_abbrevs; /* with the unit before */
};

/* Some ten seconds of work. What the builtin kernel exports takes 15,000 at most for an object. */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define MAX_READS 1000000
#else
#define MAX_READS 100000000
#endif

struct cursor {
	const uint8_t *data;
	size_t size, at;
	bool failed;
};

/* DW_FORM_*, section 7.5.6 */
enum {
	FORM_ADDR = 0x01,
	FORM_BLOCK2 = 0x03,
	FORM_BLOCK4,
	FORM_DATA2,
	FORM_DATA4,
	FORM_DATA8,
	FORM_STRING,
	FORM_BLOCK,
	FORM_BLOCK1,
	FORM_DATA1,
	FORM_FLAG,
	FORM_SDATA,
	FORM_STRP,
	FORM_UDATA,
	FORM_REF_ADDR,
	FORM_REF1,
	FORM_REF2,
	FORM_REF4,
	FORM_REF8,
	FORM_REF_UDATA,
	FORM_INDIRECT,
	FORM_SEC_OFFSET,
	FORM_EXPRLOC,
	FORM_FLAG_PRESENT,
	FORM_DATA16 = 0x1e,
	FORM_LINE_STRP,
	FORM_REF_SIG8,
	FORM_IMPLICIT_CONST,
	FORM_LOCLISTX,
	FORM_RNGLISTX,
};

/* DW_AT_*, section 7.5.4 */
enum {
	AT_NAME = 0x03,
	AT_BYTE_SIZE = 0x0b,
	AT_BIT_OFFSET = 0x0c,
	AT_BIT_SIZE = 0x0d,
	AT_CONST_VALUE = 0x1c,
	AT_UPPER_BOUND = 0x2f,
	AT_ABSTRACT_ORIGIN = 0x31,
	AT_COUNT = 0x37,
	AT_DATA_MEMBER_LOCATION = 0x38,
	AT_DECLARATION = 0x3c,
	AT_ENCODING = 0x3e,
	AT_SPECIFICATION = 0x47,
	AT_TYPE = 0x49,
	AT_DATA_BIT_OFFSET = 0x6b,
};

static uint64_t read_bytes(struct cursor *cursor, size_t size)
{
	uint64_t value = 0;

	if (cursor->failed || size > cursor->size - cursor->at) {
		cursor->failed = true;
		return 0;
	}
	memcpy(&value, cursor->data + cursor->at, size < 8 ? size : 8);
	cursor->at += size;
	return value;
}

static void skip_bytes(struct cursor *cursor, uint64_t size)
{
	if (cursor->failed || size > cursor->size - cursor->at)
		cursor->failed = true;
	else
		cursor->at += size;
}

/* LEB128, section 7.6 */
static uint64_t read_leb(struct cursor *cursor, bool is_signed)
{
	uint64_t value = 0, byte;
	unsigned int shift = 0;

	do {
		byte = read_bytes(cursor, 1);
		if (shift < 64)
			value |= (byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80 && !cursor->failed);
	if (is_signed && byte & 0x40 && shift < 64)
		value |= ~0ull << shift;
	return value;
}

static const char *read_string(struct cursor *cursor)
{
	const char *string = (const char *)cursor->data + cursor->at;
	const uint8_t *end;

	end = cursor->failed ? NULL : memchr(string, 0, cursor->size - cursor->at);
	if (!end) {
		cursor->failed = true;
		return NULL;
	}
	cursor->at = end + 1 - cursor->data;
	return string;
}

static int compare_relocations(const void *a, const void *b)
{
	const Elf64_Rela *first = a, *second = b;

	return first->r_offset < second->r_offset ? -1 : first->r_offset > second->r_offset;
}

/* A number of .debug_info that the linker is to fill in: its relocation has it. */
static uint64_t read_relocated(const struct dwarf *dwarf, struct cursor *cursor, size_t size)
{
	const Elf64_Rela key = {.r_offset = cursor->at}, *relocation;
	uint64_t value = read_bytes(cursor, size);
	size_t symbol;

	if (!dwarf->nr_relocations)
		return value;
	relocation = bsearch(&key, dwarf->relocations, dwarf->nr_relocations, sizeof(key),
			     compare_relocations);
	if (!relocation)
		return value;
	symbol = ELF64_R_SYM(relocation->r_info);
	if (symbol >= dwarf->view->nr_symbols) {
		cursor->failed = true;
		return 0;
	}
	return dwarf->view->symbols[symbol].st_value + relocation->r_addend;
}

static const char *string_at(const struct dwarf_section *section, uint64_t offset)
{
	if (offset >= section->size || !memchr(section->data + offset, 0, section->size - offset))
		return NULL;
	return (const char *)section->data + offset;
}

struct attribute_value {
	uint64_t number; /* constants, flags; of references: offset in .debug_info */
	const char *string;
	bool is_reference;
};

static bool read_reference(struct cursor *cursor, const struct dwarf_unit *unit, uint64_t form,
			   struct attribute_value *value)
{
	static const uint8_t sizes[] = {1, 2, 4, 8};

	if (form == FORM_REF_UDATA)
		value->number = read_leb(cursor, false);
	else if (form >= FORM_REF1 && form <= FORM_REF8)
		value->number = read_bytes(cursor, sizes[form - FORM_REF1]);
	else
		return false;
	value->number += unit->start;
	value->is_reference = true;
	return true;
}

static bool read_constant(struct cursor *cursor, uint64_t form, int64_t implicit,
			  struct attribute_value *value)
{
	switch (form) {
	case FORM_DATA1:
	case FORM_FLAG:
		value->number = read_bytes(cursor, 1);
		return true;
	case FORM_DATA2:
		value->number = read_bytes(cursor, 2);
		return true;
	case FORM_DATA4:
		value->number = read_bytes(cursor, 4);
		return true;
	case FORM_DATA8:
		value->number = read_bytes(cursor, 8);
		return true;
	case FORM_SDATA:
		value->number = read_leb(cursor, true);
		return true;
	case FORM_UDATA:
		value->number = read_leb(cursor, false);
		return true;
	case FORM_FLAG_PRESENT:
		value->number = 1;
		return true;
	case FORM_IMPLICIT_CONST:
		value->number = implicit;
		return true;
	default:
		return false;
	}
}

/* What no type is made of: stepped over. */
static bool skip_value(struct cursor *cursor, const struct dwarf_unit *unit, uint64_t form)
{
	switch (form) {
	case FORM_ADDR:
		skip_bytes(cursor, unit->address_size);
		return true;
	case FORM_BLOCK1:
		skip_bytes(cursor, read_bytes(cursor, 1));
		return true;
	case FORM_BLOCK2:
		skip_bytes(cursor, read_bytes(cursor, 2));
		return true;
	case FORM_BLOCK4:
		skip_bytes(cursor, read_bytes(cursor, 4));
		return true;
	case FORM_BLOCK:
	case FORM_EXPRLOC:
		skip_bytes(cursor, read_leb(cursor, false));
		return true;
	case FORM_DATA16:
		skip_bytes(cursor, 16);
		return true;
	case FORM_REF_SIG8:
		skip_bytes(cursor, 8);
		return true;
	case FORM_SEC_OFFSET:
		skip_bytes(cursor, 4);
		return true;
	case FORM_LOCLISTX:
	case FORM_RNGLISTX:
		read_leb(cursor, false);
		return true;
	default:
		return false;
	}
}

static void read_value(const struct dwarf *dwarf, const struct dwarf_unit *unit,
		       struct cursor *cursor, uint64_t form, int64_t implicit,
		       struct attribute_value *value)
{
	memset(value, 0, sizeof(*value));
	switch (form) {
	case FORM_STRING:
		value->string = read_string(cursor);
		return;
	case FORM_STRP:
		value->string = string_at(&dwarf->str, read_relocated(dwarf, cursor, 4));
		return;
	case FORM_LINE_STRP:
		value->string = string_at(&dwarf->line_str, read_relocated(dwarf, cursor, 4));
		return;
	case FORM_REF_ADDR:
		value->number = read_relocated(dwarf, cursor, 4);
		value->is_reference = true;
		return;
	}
	if (!read_reference(cursor, unit, form, value) &&
	    !read_constant(cursor, form, implicit, value) && !skip_value(cursor, unit, form))
		cursor->failed = true;
}

static void set_attribute(struct dwarf_entry *entry, uint64_t attribute,
			  const struct attribute_value *value, size_t *origin)
{
	switch (attribute) {
	case AT_NAME:
		entry->name = value->string;
		break;
	case AT_TYPE:
		entry->type = value->is_reference ? value->number : 0;
		break;
	case AT_BYTE_SIZE:
		entry->byte_size = value->number;
		break;
	case AT_ENCODING:
		entry->encoding = value->number;
		break;
	case AT_DATA_MEMBER_LOCATION:
		entry->location = value->number;
		entry->has_location = true;
		break;
	case AT_BIT_SIZE:
		entry->bit_size = value->number;
		entry->has_bits = true;
		break;
	case AT_BIT_OFFSET:
	case AT_DATA_BIT_OFFSET:
		entry->bit_offset = value->number;
		break;
	case AT_CONST_VALUE:
		entry->value = value->number;
		break;
	case AT_UPPER_BOUND:
	case AT_COUNT:
		entry->count = value->number + (attribute == AT_UPPER_BOUND);
		entry->has_count = true;
		break;
	case AT_DECLARATION:
		entry->is_declaration = value->number;
		break;
	case AT_ABSTRACT_ORIGIN:
	case AT_SPECIFICATION:
		*origin = value->number;
		break;
	}
}

static const struct dwarf_unit *unit_of(const struct dwarf *dwarf, size_t offset)
{
	size_t low = 0, high = dwarf->nr_units;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct dwarf_unit *unit = &dwarf->units[middle];

		if (offset < unit->start)
			high = middle;
		else if (offset >= unit->end)
			low = middle + 1;
		else
			return offset >= unit->first ? unit : NULL;
	}
	return NULL;
}

/* *origin: the entry that this one completes, 0: none. */
static bool read_entry(struct dwarf *dwarf, size_t offset, struct dwarf_entry *entry,
		       size_t *origin)
{
	const struct dwarf_unit *unit = unit_of(dwarf, offset);
	struct cursor cursor = {dwarf->info.data, unit ? unit->end : 0, offset, !unit};
	struct cursor abbrev = {dwarf->abbrev.data, dwarf->abbrev.size, 0, false};
	uint64_t code = read_leb(&cursor, false), attribute, form;
	struct attribute_value value;
	int64_t implicit;

	memset(entry, 0, sizeof(*entry));
	*origin = 0;
	if (++dwarf->nr_reads > MAX_READS)
		return false;
	entry->unit = unit;
	entry->offset = offset;
	entry->next = cursor.at;
	if (cursor.failed || !code)
		return !cursor.failed;
	if (code >= unit->nr_abbrevs || !unit->abbrevs[code])
		return false;
	abbrev.at = unit->abbrevs[code] - abbrev.data;
	entry->tag = read_leb(&abbrev, false);
	entry->has_children = read_bytes(&abbrev, 1);
	while (!abbrev.failed && !cursor.failed) {
		attribute = read_leb(&abbrev, false);
		form = read_leb(&abbrev, false);
		if (!attribute && !form)
			break;
		implicit = form == FORM_IMPLICIT_CONST ? (int64_t)read_leb(&abbrev, true) : 0;
		if (form == FORM_INDIRECT)
			form = read_leb(&cursor, false);
		read_value(dwarf, unit, &cursor, form, implicit, &value);
		set_attribute(entry, attribute, &value, origin);
	}
	entry->next = cursor.at;
	return !abbrev.failed && !cursor.failed;
}

bool dwarf_read(struct dwarf *dwarf, size_t offset, struct dwarf_entry *entry)
{
	struct dwarf_entry first;
	size_t origin, ignored;

	if (!read_entry(dwarf, offset, entry, &origin))
		return false;
	if (origin && read_entry(dwarf, origin, &first, &ignored)) {
		if (!entry->name)
			entry->name = first.name;
		if (!entry->type)
			entry->type = first.type;
	}
	return true;
}

/* What follows an entry and everything in it; 0: cannot be read. */
static size_t after_subtree(struct dwarf *dwarf, const struct dwarf_entry *entry)
{
	unsigned int depth = entry->has_children;
	struct dwarf_entry inner;
	size_t at = entry->next, origin;

	while (depth) {
		if (!read_entry(dwarf, at, &inner, &origin))
			return 0;
		at = inner.next;
		if (!inner.tag)
			depth--;
		else if (inner.has_children)
			depth++;
	}
	return at;
}

bool dwarf_next_child(struct dwarf *dwarf, size_t *at, struct dwarf_entry *child)
{
	if (!*at || !dwarf_read(dwarf, *at, child) || !child->tag)
		return false;
	*at = after_subtree(dwarf, child);
	return true;
}

bool dwarf_next_unit(struct dwarf *dwarf, const struct dwarf_unit **unit, struct dwarf_entry *entry)
{
	*unit = *unit ? *unit + 1 : dwarf->units;
	return *unit < dwarf->units + dwarf->nr_units && dwarf_read(dwarf, (*unit)->first, entry);
}

static bool read_section(struct dwarf *dwarf, const char *name, struct dwarf_section *section)
{
	unsigned int index = elf_find_section(dwarf->view, name, false);

	if (!index || dwarf->view->sections[index].sh_flags & SHF_COMPRESSED)
		return false;
	section->data = elf_section_data(dwarf->view, index);
	section->size = section->data ? dwarf->view->sections[index].sh_size : 0;
	return section->data;
}

/* Others, as DWARF 5's indices into tables, need sections that we do not read. */
static bool is_known_form(uint64_t form)
{
	return form == FORM_ADDR || (form >= FORM_BLOCK2 && form <= FORM_FLAG_PRESENT) ||
	       (form >= FORM_DATA16 && form <= FORM_RNGLISTX);
}

/* Room for an abbreviation of this code. */
static int make_room(struct dwarf_unit *unit, uint64_t code)
{
	size_t count = 2 * code + 64;
	const uint8_t **abbrevs;

	if (code < unit->nr_abbrevs)
		return 0;
	abbrevs = realloc(unit->abbrevs, count * sizeof(*abbrevs));
	if (!abbrevs)
		return -ENOMEM;
	memset(abbrevs + unit->nr_abbrevs, 0, (count - unit->nr_abbrevs) * sizeof(*abbrevs));
	unit->abbrevs = abbrevs;
	unit->nr_abbrevs = count;
	return 0;
}

static bool skip_abbrev(struct cursor *cursor)
{
	uint64_t attribute, form;

	read_leb(cursor, false);
	read_bytes(cursor, 1);
	do {
		attribute = read_leb(cursor, false);
		form = read_leb(cursor, false);
		if (form && !is_known_form(form))
			return false;
		if (form == FORM_IMPLICIT_CONST)
			read_leb(cursor, true);
	} while ((attribute || form) && !cursor->failed);
	return true;
}

/* Where each abbreviation of a table stands, by its code (section 7.5.3). */
static int read_abbrevs(const struct dwarf *dwarf, struct dwarf_unit *unit, size_t *work)
{
	struct cursor cursor = {dwarf->abbrev.data, dwarf->abbrev.size, unit->abbrev_offset,
				unit->abbrev_offset > dwarf->abbrev.size};
	uint64_t code, nr_codes = 0;

	while ((code = read_leb(&cursor, false)) && !cursor.failed) {
		if (code > 2 * ++nr_codes + 64)
			return -EINVAL; /* compilers count from 1 */
		if (make_room(unit, code))
			return -ENOMEM;
		unit->abbrevs[code] = cursor.data + cursor.at;
		if (!skip_abbrev(&cursor))
			return -EINVAL;
	}
	/* Tables do not overlap, but for damage. */
	*work += cursor.at - unit->abbrev_offset;
	return cursor.failed || *work > 2 * dwarf->abbrev.size ? -EINVAL : 0;
}

/* A unit's header, section 7.5.1; 32-bit DWARF, as compilers write it. */
static int read_unit(const struct dwarf *dwarf, struct cursor *cursor, struct dwarf_unit *unit,
		     size_t *abbrev_work)
{
	const struct dwarf_unit *previous = unit > dwarf->units ? unit - 1 : NULL;
	uint64_t type = 1 /* DW_UT_compile */, length;

	unit->start = cursor->at;
	length = read_bytes(cursor, 4);
	if (cursor->failed || length > cursor->size - cursor->at)
		return -EINVAL;
	unit->end = cursor->at + length;
	unit->version = read_bytes(cursor, 2);
	if (unit->version < 3 || unit->version > 5)
		return -EINVAL;
	if (unit->version == 5) {
		type = read_bytes(cursor, 1);
		unit->address_size = read_bytes(cursor, 1);
		unit->abbrev_offset = read_relocated(dwarf, cursor, 4);
	} else {
		unit->abbrev_offset = read_relocated(dwarf, cursor, 4);
		unit->address_size = read_bytes(cursor, 1);
	}
	if (cursor->failed || type != 1)
		return -EINVAL;
	unit->first = cursor->at;
	cursor->at = unit->end;
	if (previous && previous->abbrev_offset == unit->abbrev_offset) {
		unit->abbrevs = previous->abbrevs;
		unit->nr_abbrevs = previous->nr_abbrevs;
		unit->shares_abbrevs = true;
		return 0;
	}
	return read_abbrevs(dwarf, unit, abbrev_work);
}

static size_t count_units(const struct dwarf *dwarf)
{
	struct cursor cursor = {dwarf->info.data, dwarf->info.size, 0, false};
	size_t count = 0;

	for (; cursor.at < cursor.size && !cursor.failed; count++)
		skip_bytes(&cursor, read_bytes(&cursor, 4));
	return count;
}

static int read_units(struct dwarf *dwarf)
{
	struct cursor cursor = {dwarf->info.data, dwarf->info.size, 0, false};
	size_t count = count_units(dwarf), abbrev_work = 0;
	int ret = 0;

	dwarf->units = calloc(count + 1, sizeof(*dwarf->units));
	if (!dwarf->units)
		return -ENOMEM;
	while (cursor.at < cursor.size && !ret)
		ret = read_unit(dwarf, &cursor, &dwarf->units[dwarf->nr_units++], &abbrev_work);
	return ret;
}

static int read_relocations(struct dwarf *dwarf)
{
	unsigned int index = elf_find_section(dwarf->view, ".rela.debug_info", false);
	size_t size = index ? dwarf->view->sections[index].sh_size : 0;
	const void *data = index ? elf_section_data(dwarf->view, index) : NULL;
	Elf64_Rela *copy;

	if (!data || !size)
		return 0;
	copy = malloc(size);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, data, size);
	dwarf->nr_relocations = size / sizeof(*copy);
	qsort(copy, dwarf->nr_relocations, sizeof(*copy), compare_relocations);
	dwarf->relocations = copy;
	return 0;
}

int dwarf_open(struct dwarf *dwarf, const struct elf_view *view)
{
	int ret;

	memset(dwarf, 0, sizeof(*dwarf));
	dwarf->view = view;
	if (!read_section(dwarf, ".debug_info", &dwarf->info) ||
	    !read_section(dwarf, ".debug_abbrev", &dwarf->abbrev))
		return -ENOENT;
	read_section(dwarf, ".debug_str", &dwarf->str);
	read_section(dwarf, ".debug_line_str", &dwarf->line_str);
	ret = read_relocations(dwarf);
	if (!ret)
		ret = read_units(dwarf);
	if (ret)
		dwarf_close(dwarf);
	return ret;
}

void dwarf_close(struct dwarf *dwarf)
{
	while (dwarf->nr_units) {
		struct dwarf_unit *unit = &dwarf->units[--dwarf->nr_units];

		if (!unit->shares_abbrevs)
			free(unit->abbrevs);
	}
	free(dwarf->units);
	dwarf->units = NULL;
	free((void *)dwarf->relocations);
	dwarf->relocations = NULL;
}
