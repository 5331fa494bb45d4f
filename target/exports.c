// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the release's kernel itself exports, from Module.symvers, as a hashed
 * table that is mapped: kernel lines are "0xCRC\tname\tvmlinux\tEXPORT_SYMBOL_GPL\tnamespace".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "target/internal.h"

struct export_header {
	char magic[8];
	uint32_t count, nr_buckets, strings_size, reserved;
	/* entries, buckets (uint32_t: index + 1), strings */
};
#define EXPORTS_MAGIC "r3exp 1"

struct export_entry {
	uint32_t name, next, crc;
	uint32_t namespace_gpl; /* offset of the namespace (0: none) << 1 | GPL only */
};

uint32_t symbol_hash(const char *name)
{
	uint32_t hash = 2166136261U;

	while (*name)
		hash = (hash ^ (uint8_t)*name++) * 16777619U;
	return hash;
}

struct export_table {
	struct export_entry *entries;
	uint32_t count, room;
	struct pool strings;
};

static int add_export(struct export_table *table, char **field)
{
	struct export_entry *entry;
	uint32_t namespace_at = 0;

	if (table->count == table->room) {
		uint32_t room = table->room ? table->room * 2 : 8192;

		entry = realloc(table->entries, room * sizeof(*entry));
		if (!entry)
			return -ENOMEM;
		table->entries = entry;
		table->room = room;
	}
	entry = &table->entries[table->count++];
	entry->crc = (uint32_t)strtoul(field[0], NULL, 16);
	entry->name = pool_add(&table->strings, field[1], strlen(field[1]));
	if (*field[4])
		namespace_at = pool_add(&table->strings, field[4], strlen(field[4]));
	entry->namespace_gpl = namespace_at << 1 | (strstr(field[3], "GPL") != NULL);
	return entry->name == UINT32_MAX || namespace_at == UINT32_MAX ? -ENOMEM : 0;
}

/* Cut a line into its five fields; missing ones are empty. */
static void split(char *line, char *field[5])
{
	for (unsigned int i = 0; i < 5; i++) {
		field[i] = line;
		line += strcspn(line, "\t");
		if (*line)
			*line++ = '\0';
	}
}

static int parse_exports(struct export_table *table, char *text)
{
	char *save = NULL, *field[5];
	int error = pool_add(&table->strings, "", 0) == UINT32_MAX ? -ENOMEM : 0;

	for (char *line = strtok_r(text, "\n", &save); line && !error;
	     line = strtok_r(NULL, "\n", &save)) {
		split(line, field);
		if (!strcmp(field[2], "vmlinux"))
			error = add_export(table, field);
	}
	return error;
}

static int write_exports(struct export_table *table, const char *path)
{
	struct export_header header = {.magic = EXPORTS_MAGIC, .count = table->count};
	uint32_t *buckets;
	size_t size, entries;
	char *image;
	int error;

	for (header.nr_buckets = 1; header.nr_buckets < table->count;)
		header.nr_buckets *= 2;
	header.strings_size = (uint32_t)table->strings.size;
	entries = table->count * sizeof(struct export_entry);
	size = sizeof(header) + entries + header.nr_buckets * sizeof(*buckets) +
	       table->strings.size;
	image = calloc(1, size);
	if (!image)
		return -ENOMEM;
	buckets = (uint32_t *)(image + sizeof(header) + entries);
	for (uint32_t i = 0; i < table->count; i++) {
		const char *name = table->strings.data + table->entries[i].name;
		uint32_t *bucket = &buckets[symbol_hash(name) & (header.nr_buckets - 1)];

		table->entries[i].next = *bucket;
		*bucket = i + 1;
	}
	memcpy(image, &header, sizeof(header));
	memcpy(image + sizeof(header), table->entries, entries);
	memcpy(buckets + header.nr_buckets, table->strings.data, table->strings.size);
	error = sealed_write(path, image, size);
	free(image);
	return error;
}

static int build_exports(struct target *target, const char *path)
{
	char *symvers = format_path("%s/Module.symvers", target->headers), *text = NULL;
	struct export_table table = {0};
	int error = symvers ? read_file(symvers, &text, NULL) : -ENOMEM;

	if (!error)
		error = parse_exports(&table, text);
	if (!error)
		error = write_exports(&table, path);
	if (error)
		r3_fail(error, "cannot use %s: %s", symvers ? symvers : "Module.symvers",
			strerror(-error));
	free(table.entries);
	free(table.strings.data);
	free(symvers);
	free(text);
	return error;
}

static bool exports_valid(const struct mapping *mapping)
{
	const struct export_header *header = mapping->data;

	return mapping->size >= sizeof(*header) &&
	       !memcmp(header->magic, EXPORTS_MAGIC, sizeof(header->magic)) &&
	       mapping->size == sizeof(*header) + header->strings_size +
					header->count * sizeof(struct export_entry) +
					header->nr_buckets * sizeof(uint32_t);
}

int exports_open(struct target *target)
{
	char *path = format_path("%s/exports", target->directory);
	int error = path ? sealed_map(path, &target->exports) : -ENOMEM;

	if (!error && !exports_valid(&target->exports)) {
		mapping_close(&target->exports);
		error = -EUCLEAN;
	}
	if (error == -ENOENT || error == -EUCLEAN) {
		error = build_exports(target, path);
		if (!error)
			error = sealed_map(path, &target->exports);
	}
	free(path);
	return error;
}

bool target_export(struct target *target, const char *symbol, struct target_export *info)
{
	const struct export_header *header = target->exports.data;
	const struct export_entry *entries;
	const uint32_t *buckets;
	const char *strings;

	if (target->builtin || !header)
		return false;
	entries = (const struct export_entry *)(header + 1);
	buckets = (const uint32_t *)(entries + header->count);
	strings = (const char *)(buckets + header->nr_buckets);
	for (uint32_t i = buckets[symbol_hash(symbol) & (header->nr_buckets - 1)]; i;
	     i = entries[i - 1].next) {
		const struct export_entry *entry = &entries[i - 1];
		uint32_t namespace = entry->namespace_gpl >> 1;

		if (strcmp(strings + entry->name, symbol))
			continue;
		if (info)
			*info = (struct target_export){
				.crc = entry->crc,
				.gpl_only = entry->namespace_gpl & 1,
				.namespace = namespace ? strings + namespace : NULL,
			};
		return true;
	}
	return false;
}
