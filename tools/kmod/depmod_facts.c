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

uint32_t hash_bytes(const char *bytes, size_t size)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (uint8_t)bytes[i]) * 16777619u;
	return hash;
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

static void add_symbol(struct buffer *out, const char *name, uint32_t hash, uint32_t crc,
		       bool is_weak)
{
	buffer_add(out, &hash, sizeof(hash));
	buffer_add(out, &crc, sizeof(crc));
	buffer_add_byte(out, is_weak);
	buffer_add(out, name, strlen(name) + 1);
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
			add_symbol(out, text + at, hash_text(text + at), 0, false);
	}
}

/* The symbols of one module that it needs, by name. */
struct needed {
	const char **names; /* open addressing */
	uint32_t *crcs;     /* of __versions, beside names */
	bool *seen;         /* has the symbol table got it? */
	size_t capacity;    /* a power of two */
};

static size_t needed_slot(const struct needed *needed, const char *name, uint32_t hash)
{
	size_t i = hash & (needed->capacity - 1);

	while (needed->names[i] && strcmp(needed->names[i], name))
		i = (i + 1) & (needed->capacity - 1);
	return i;
}

/* What __versions says. */
static int needed_load(struct needed *needed, const struct modfile *file,
		       const struct modfile_section *versions)
{
	struct modfile_version version;
	size_t position = 0, slot;

	/* A record has 64 bytes: half of the slots stay free, and one at least. */
	for (needed->capacity = 2; needed->capacity < versions->size / 32;)
		needed->capacity *= 2;
	needed->names = calloc(needed->capacity,
			       sizeof(*needed->names) + sizeof(*needed->crcs) + sizeof(bool));
	if (!needed->names)
		return -ENOMEM;
	needed->crcs = (uint32_t *)(needed->names + needed->capacity);
	needed->seen = (bool *)(needed->crcs + needed->capacity);
	while (versions->data && modfile_next_version(file, versions, &position, &version)) {
		slot = needed_slot(needed, version.name, hash_text(version.name));
		needed->names[slot] = version.name;
		needed->crcs[slot] = version.crc;
	}
	return 0;
}

static void add_import(struct buffer *out, const struct needed *needed,
		       const struct modfile_symbol *symbol)
{
	uint32_t hash = hash_text(symbol->name);
	size_t slot = needed_slot(needed, symbol->name, hash);

	needed->seen[slot] = needed->names[slot];
	add_symbol(out, symbol->name, hash, needed->names[slot] ? needed->crcs[slot] : 0,
		   symbol->bind == STB_WEAK);
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
		    !strncmp(symbol.name, CRC_PREFIX, strlen(CRC_PREFIX))) {
			const char *name = symbol.name + strlen(CRC_PREFIX);

			add_symbol(exports, name, hash_text(name), crc_of(file, &symbol), false);
		} else if (symbol.section == SHN_UNDEF &&
			   (symbol.bind == STB_GLOBAL || symbol.bind == STB_WEAK)) {
			add_import(imports, needed, &symbol);
		}
	}
	if (!exports->size)
		add_exported_names(exports, file);
}

/* What __versions alone has: the kernel's loader itself needs module_layout. */
static void add_from_versions(struct buffer *imports, const struct modfile *file,
			      const struct modfile_section *versions, const struct needed *needed)
{
	struct modfile_version version;
	size_t position = 0, slot;
	uint32_t hash;

	while (versions->data && modfile_next_version(file, versions, &position, &version)) {
		hash = hash_text(version.name);
		slot = needed_slot(needed, version.name, hash);
		if (!needed->seen[slot])
			add_symbol(imports, version.name, hash, version.crc, false);
		needed->seen[slot] = true;
	}
}

static int read_facts(struct facts *facts, const struct modfile *file)
{
	struct modfile_section versions = {0};
	struct buffer out = {0}, imports = {0}, exports = {0};
	struct needed needed = {0};
	int error;

	modfile_find_section(file, "__versions", &versions);
	error = needed_load(&needed, file, &versions);
	if (!error) {
		add_info(&out, file);
		add_from_table(&exports, &imports, file, &needed);
		add_from_versions(&imports, file, &versions, &needed);
		facts->ends[FACTS_INFO] = out.size;
		buffer_add(&out, exports.data, exports.size);
		facts->ends[FACTS_EXPORTS] = out.size;
		buffer_add(&out, imports.data, imports.size);
		facts->ends[FACTS_IMPORTS] = out.size;
		facts->data = out.data;
		if (out.failed || exports.failed || imports.failed)
			error = -ENOMEM;
	}
	buffer_release(&exports);
	buffer_release(&imports);
	free(needed.names);
	return error;
}

int facts_read(struct facts *facts, int fd)
{
	struct modfile file;
	int error;

	*facts = (struct facts){0};
	error = modfile_read(&file, fd);
	if (!error)
		error = modfile_parse(&file);
	if (!error)
		error = read_facts(facts, &file);
	modfile_close(&file);
	if (error) {
		free(facts->data);
		*facts = (struct facts){.error = error};
	}
	return error;
}
