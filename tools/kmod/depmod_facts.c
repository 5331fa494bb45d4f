// SPDX-License-Identifier: GPL-2.0-or-later
/* What depmod wants to know of a module file, packed. */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/modfile.h"

#define CRC_PREFIX  "__crc_"
/* A symbol's record: hash, crc, is_weak, text. Another's: text. */
#define SYMBOL_HEAD (2 * sizeof(uint32_t) + 1)

/* Multiplies as FNV-1a does, eight bytes at a time; the upper half of a product is well mixed. */
uint32_t hash_bytes(const char *bytes, size_t size)
{
	uint64_t hash = size, word;

	for (; size >= sizeof(word); bytes += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	for (word = 0; size; size--)
		word = word << 8 | (uint8_t)*bytes++;
	return (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15) >> 32;
}

uint32_t hash_text(const char *text)
{
	return hash_bytes(text, strlen(text));
}

static size_t head_size(enum fact_list list)
{
	return list == FACTS_INFO ? 0 : SYMBOL_HEAD;
}

bool facts_next(const struct facts *facts, enum fact_list list, size_t *position, struct fact *fact)
{
	size_t start = list ? facts->ends[list - 1] : 0;
	const char *record = facts->data + start + *position;

	if (*position >= facts->ends[list] - start)
		return false;
	*fact = (struct fact){.text = record + head_size(list)};
	if (list != FACTS_INFO) {
		memcpy(&fact->hash, record, sizeof(fact->hash));
		memcpy(&fact->crc, record + sizeof(fact->hash), sizeof(fact->crc));
		fact->is_weak = fact->text[-1];
	}
	*position += fact->text - record + strlen(fact->text) + 1;
	return true;
}

bool facts_are_whole(const struct facts *facts, size_t size)
{
	size_t at = 0, length;

	for (enum fact_list list = 0; list < NR_FACT_LISTS; list++) {
		if (facts->ends[list] < at || facts->ends[list] > size)
			return false;
		while (at < facts->ends[list]) {
			if (facts->ends[list] - at <= head_size(list))
				return false;
			at += head_size(list);
			length = strnlen(facts->data + at, facts->ends[list] - at);
			if (length == facts->ends[list] - at)
				return false;
			at += length + 1;
		}
	}
	return at == size;
}

static void add_symbol(struct buffer *out, const char *name, size_t length, uint32_t hash,
		       uint32_t crc, bool is_weak)
{
	char *record = buffer_extend(out, SYMBOL_HEAD + length + 1);

	if (!record)
		return;
	memcpy(record, &hash, sizeof(hash));
	memcpy(record + sizeof(hash), &crc, sizeof(crc));
	record[SYMBOL_HEAD - 1] = is_weak;
	memcpy(record + SYMBOL_HEAD, name, length + 1);
}

static void add_export(struct buffer *out, const char *name, uint32_t crc)
{
	size_t length = strlen(name);

	add_symbol(out, name, length, hash_bytes(name, length), crc, false);
}

static void add_info(struct buffer *out, const struct modfile *file)
{
	struct modfile_section modinfo;
	struct modfile_field field;
	size_t position = 0;

	if (!modfile_find_section(file, ".modinfo", &modinfo))
		return;
	while (modfile_next_field(&modinfo, &position, &field)) {
		if ((field.key_length != 5 || memcmp(field.key, "alias", 5)) &&
		    (field.key_length != 7 ||
		     (memcmp(field.key, "softdep", 7) && memcmp(field.key, "weakdep", 7))))
			continue;
		buffer_add(out, field.key, field.key_length);
		buffer_add_byte(out, '=');
		buffer_add(out, field.value, field.value_length);
		buffer_add_byte(out, '\0');
	}
}

/* The CRC is the symbol's value, or since Linux 4.9 lies where the symbol is. */
static uint32_t crc_of(const struct modfile *file, const struct modfile_symbol *symbol)
{
	struct modfile_section section;

	if (symbol->section == SHN_ABS || symbol->section == SHN_UNDEF ||
	    !modfile_section(file, symbol->section, &section))
		return symbol->value;
	if (symbol->value > section.size || section.size - symbol->value < sizeof(uint32_t))
		return 0;
	return modfile_integer(file, section.data + symbol->value, sizeof(uint32_t));
}

/* Where there are no CRCs of symbols, their names alone. */
static void add_exported_names(struct buffer *out, const struct modfile *file)
{
	struct modfile_section section;
	const char *text;
	size_t length;

	if (!modfile_find_section(file, "__ksymtab_strings", &section))
		return;
	text = (const char *)section.data;
	for (size_t at = 0; at < section.size; at += length + 1) {
		length = strnlen(text + at, section.size - at);
		if (length && length < section.size - at)
			add_export(out, text + at, 0);
	}
}

/* What __versions says a module needs, by name. */
struct needed {
	struct needed_name {
		const char *name; /* NULL: free */
		size_t length;
		uint32_t hash, crc;
		bool is_known;         /* it is among the imports */
	} * names;                     /* owned; open addressing */
	size_t capacity;               /* a power of two */
	struct needed_name **in_order; /* behind names: as __versions has them */
	size_t count;
};

static struct needed_name *needed_slot(const struct needed *needed, const char *name, uint32_t hash)
{
	size_t i = hash & (needed->capacity - 1);

	while (needed->names[i].name &&
	       (needed->names[i].hash != hash || strcmp(needed->names[i].name, name)))
		i = (i + 1) & (needed->capacity - 1);
	return &needed->names[i];
}

static int needed_load(struct needed *needed, const struct modfile *file,
		       const struct modfile_section *versions)
{
	struct modfile_version version;
	struct needed_name *slot;
	size_t position = 0;
	uint32_t hash;

	/* A record has 64 bytes: half of the slots stay free, and one at least. */
	for (needed->capacity = 2; needed->capacity < versions->size / 32;)
		needed->capacity *= 2;
	needed->names = calloc(needed->capacity, sizeof(*needed->names) + sizeof(slot));
	if (!needed->names)
		return -ENOMEM;
	needed->in_order = (struct needed_name **)(needed->names + needed->capacity);
	while (versions->data && modfile_next_version(file, versions, &position, &version)) {
		hash = hash_bytes(version.name, version.length);
		slot = needed_slot(needed, version.name, hash);
		*slot = (struct needed_name){version.name, version.length, hash, version.crc,
					     false};
		needed->in_order[needed->count++] = slot;
	}
	return 0;
}

static void add_import(struct buffer *out, const struct needed *needed,
		       const struct modfile_symbol *symbol)
{
	size_t length = strlen(symbol->name);
	uint32_t hash = hash_bytes(symbol->name, length);
	struct needed_name *slot = needed_slot(needed, symbol->name, hash);

	/* of a free slot, the CRC is 0 */
	slot->is_known = true;
	add_symbol(out, symbol->name, length, hash, slot->crc, symbol->bind == STB_WEAK);
}

/* The symbol table: what the file defines for others, and what it needs. */
static void add_from_table(struct buffer *exports, struct buffer *imports,
			   const struct modfile *file, const struct needed *needed)
{
	struct modfile_symbols symbols;
	struct modfile_symbol symbol;

	modfile_symbols(file, &symbols);
	for (size_t i = 1; i < symbols.count; i++) {
		if (!modfile_symbol(&symbols, i, &symbol) || !*symbol.name)
			continue;
		if (*symbol.name == *CRC_PREFIX &&
		    !strncmp(symbol.name, CRC_PREFIX, strlen(CRC_PREFIX)))
			add_export(exports, symbol.name + strlen(CRC_PREFIX),
				   crc_of(file, &symbol));
		else if (symbol.section == SHN_UNDEF &&
			 (symbol.bind == STB_GLOBAL || symbol.bind == STB_WEAK))
			add_import(imports, needed, &symbol);
	}
	if (!exports->size)
		add_exported_names(exports, file);
}

/* What __versions alone has: the kernel's loader itself needs module_layout. */
static void add_unknown(struct buffer *imports, const struct needed *needed)
{
	struct needed_name *slot;

	for (size_t i = 0; i < needed->count; i++) {
		slot = needed->in_order[i];
		if (!slot->is_known)
			add_symbol(imports, slot->name, slot->length, slot->hash, slot->crc, false);
		slot->is_known = true;
	}
}

static int read_facts(struct facts *facts, const struct modfile *file)
{
	struct modfile_section versions = {0};
	struct buffer out = {0}, exports = {0};
	struct needed needed = {0};
	int error;

	modfile_find_section(file, "__versions", &versions);
	error = needed_load(&needed, file, &versions);
	if (!error) {
		add_info(&out, file);
		facts->ends[FACTS_INFO] = out.size;
		add_from_table(&exports, &out, file, &needed);
		add_unknown(&out, &needed);
		facts->ends[FACTS_IMPORTS] = out.size;
		buffer_add(&out, exports.data, exports.size);
		facts->ends[FACTS_EXPORTS] = out.size;
		facts->data = out.data;
		if (out.failed || exports.failed)
			error = -ENOMEM;
	}
	buffer_release(&exports);
	free(needed.names);
	return error;
}

int facts_read(struct facts *facts, const char *path, struct stat *status)
{
	struct modfile_room room;
	struct modfile file;
	int error = modfile_open_in(&file, path, &room);

	*facts = (struct facts){0};
	*status = room.status;
	if (!error)
		error = read_facts(facts, &file);
	modfile_close(&file);
	if (error) {
		free(facts->data);
		*facts = (struct facts){.error = error};
	}
	return error;
}
