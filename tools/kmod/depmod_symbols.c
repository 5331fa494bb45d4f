// SPDX-License-Identifier: GPL-2.0-or-later
/* Who defines a symbol. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/log.h"

#define FIRST_CAPACITY 4096 /* a power of two */
#define MAP_PREFIX     "__ksymtab_"

static struct symbol *slot_of(const struct symbols *symbols, const char *name, uint32_t hash)
{
	size_t i = hash & (symbols->capacity - 1);

	while (symbols->symbols[i].name &&
	       (symbols->symbols[i].hash != hash || strcmp(symbols->symbols[i].name, name)))
		i = (i + 1) & (symbols->capacity - 1);
	return &symbols->symbols[i];
}

static int grow(struct symbols *symbols)
{
	struct symbols grown = *symbols;

	grown.capacity = symbols->capacity ? 2 * symbols->capacity : FIRST_CAPACITY;
	grown.symbols = calloc(grown.capacity, sizeof(*grown.symbols));
	if (!grown.symbols)
		return -ENOMEM;
	for (size_t i = 0; i < symbols->capacity; i++)
		if (symbols->symbols[i].name)
			*slot_of(&grown, symbols->symbols[i].name, symbols->symbols[i].hash) =
				symbols->symbols[i];
	free(symbols->symbols);
	*symbols = grown;
	return 0;
}

/* Of two that define a symbol, the later one does. */
static int add(struct symbols *symbols, const struct symbol *symbol)
{
	struct symbol *slot;

	if (2 * (symbols->count + 1) > symbols->capacity && grow(symbols))
		return -ENOMEM;
	slot = slot_of(symbols, symbol->name, symbol->hash);
	symbols->count += !slot->name;
	*slot = *symbol;
	return 0;
}

const struct symbol *symbols_find(const struct symbols *symbols, const char *name, uint32_t hash)
{
	const struct symbol *slot;

	if (!symbols->count)
		return NULL;
	slot = slot_of(symbols, name, hash);
	return slot->name ? slot : NULL;
}

int symbols_load_modules(struct symbols *symbols, const struct modules *modules, char prefix)
{
	struct symbol symbol;
	struct fact fact;
	int error;

	for (size_t i = 0; i < modules->count; i++) {
		for (size_t at = 0;
		     facts_next(&modules->modules[i]->facts, FACTS_EXPORTS, &at, &fact);) {
			symbol = (struct symbol){fact.text, fact.crc, modules->modules[i],
						 fact.hash};
			if (prefix && *symbol.name == prefix)
				symbol.hash = hash_text(++symbol.name);
			error = add(symbols, &symbol);
			if (error)
				return error;
		}
	}
	return 0;
}

/* Until all are read, where the name lies among the names is all that is known. */
struct pending {
	size_t name;
	uint32_t crc;
};

static void keep_name(struct symbols *symbols, struct buffer *pending, const char *name,
		      char prefix, uint32_t crc)
{
	struct pending one = {symbols->kernel_names.size, crc};

	if (prefix && *name == prefix)
		name++;
	buffer_add(&symbols->kernel_names, name, strlen(name) + 1);
	buffer_add(pending, &one, sizeof(one));
}

/* A line of Module.symvers: CRC, name, where it is defined, ... */
static void parse_symvers(struct symbols *symbols, struct buffer *pending, char *line,
			  const struct depmod_options *options, unsigned int number)
{
	const char *version, *name, *where;
	unsigned long crc;
	char *rest, *end;

	version = strtok_r(line, " \t", &rest);
	name = strtok_r(NULL, " \t", &rest);
	where = strtok_r(NULL, " \t", &rest);
	if (!where || strcmp(where, "vmlinux"))
		return;
	errno = 0;
	crc = strtoul(version, &end, 16);
	if (*end || errno)
		error("%s:%u Invalid symbol version %s: %s", options->symvers, number, version,
		      strerror(EINVAL));
	else
		keep_name(symbols, pending, name, options->prefix, crc);
}

/* A line of System.map: address, type, name. */
static void parse_map(struct symbols *symbols, struct buffer *pending, char *line,
		      const struct depmod_options *options, unsigned int number)
{
	char *first = strchr(line, ' '), *second = first ? strchr(first + 1, ' ') : NULL;
	char *name = second ? second + 1 : NULL;

	/* kmod shows the line as it is, with its end. */
	if (!name) {
		error("%s:%u: invalid line: %s\n", options->system_map, number, line);
		return;
	}
	if (options->prefix && *name == options->prefix)
		name++;
	if (!strncmp(name, MAP_PREFIX, strlen(MAP_PREFIX)))
		keep_name(symbols, pending, name + strlen(MAP_PREFIX), '\0', 0);
}

static int add_pending(struct symbols *symbols, const struct buffer *pending)
{
	const struct pending *from = (const struct pending *)pending->data;
	struct symbol symbol = {0};
	int error = 0;

	if (pending->failed || symbols->kernel_names.failed)
		return -ENOMEM;
	for (size_t i = 0; i < pending->size / sizeof(*from) && !error; i++) {
		symbol.name = symbols->kernel_names.data + from[i].name;
		symbol.hash = hash_text(symbol.name);
		symbol.crc = from[i].crc;
		error = add(symbols, &symbol);
	}
	return error;
}

int symbols_load_kernel(struct symbols *symbols, const struct depmod_options *options)
{
	const char *path = options->symvers ? options->symvers : options->system_map;
	struct buffer pending = {0};
	unsigned int number = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	FILE *file;
	int error;

	if (!path)
		return 0;
	file = fopen(path, "re");
	if (!file) {
		error = -errno;
		log_message(LOG_CRIT, "could not load %s: %s", path, strerror(-error));
		return error;
	}
	while ((length = getline(&line, &room, file)) > 0) {
		number++;
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		if (options->symvers)
			parse_symvers(symbols, &pending, line, options, number);
		else
			parse_map(symbols, &pending, line, options, number);
	}
	free(line);
	fclose(file);
	error = add_pending(symbols, &pending);
	buffer_release(&pending);
	return error;
}

void symbols_release(struct symbols *symbols)
{
	free(symbols->symbols);
	buffer_release(&symbols->kernel_names);
	*symbols = (struct symbols){0};
}
