// SPDX-License-Identifier: GPL-2.0-or-later
/* The state of a run: its log, its memory, its modules and their symbols. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

struct modpost *modpost_new(const struct modpost_options *options)
{
	struct modpost *mp = calloc(1, sizeof(*mp));

	if (!mp)
		return NULL;
	mp->options = *options;
	mp->modules_end = &mp->modules;
	return mp;
}

void modpost_free(struct modpost *mp)
{
	struct mp_module *module;
	struct arena_block *block;

	if (!mp)
		return;
	for (module = mp->modules; module; module = module->next)
		text_release(&module->aliases);
	while ((block = mp->arena)) {
		mp->arena = block->next;
		free(block);
	}
	free(mp);
}

unsigned int modpost_errors(const struct modpost *mp)
{
	return mp->errors;
}

static void log_text(struct modpost *mp, const char *severity, const char *format, va_list args)
{
	struct text text = {};
	char message[2048];

	vsnprintf(message, sizeof(message), format, args);
	if (mp->options.scheme24)
		scheme24_word(message);
	text_printf(&text, "%s%s%s", severity, *severity ? ": modpost: " : "", message);
	if (text.failed)
		; /* without memory there is little to say */
	else if (mp->options.log)
		mp->options.log(mp->options.context, text.data);
	else
		fprintf(stderr, "%s\n", text.data);
	text_release(&text);
}

void mp_error(struct modpost *mp, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_text(mp, "ERROR", format, args);
	va_end(args);
	mp->errors++;
}

void mp_fatal(struct modpost *mp, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_text(mp, mp->options.since_6_6 ? "ERROR" : "FATAL", format, args);
	va_end(args);
	mp->errors++;
}

void mp_warn(struct modpost *mp, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_text(mp, "WARNING", format, args);
	va_end(args);
}

void mp_note(struct modpost *mp, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_text(mp, "", format, args);
	va_end(args);
}

void *mp_alloc(struct modpost *mp, size_t size)
{
	struct arena_block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		return NULL;
	block->next = mp->arena;
	mp->arena = block;
	return block->data;
}

char *mp_strndup(struct modpost *mp, const char *string, size_t length)
{
	char *copy = mp_alloc(mp, length + 1);

	return copy ? memcpy(copy, string, length) : NULL;
}

/* FNV-1a. */
static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261u;

	while (*name)
		hash = (hash ^ (unsigned char)*name++) * 16777619u;
	return hash;
}

static struct mp_symbol **bucket_of(struct modpost *mp, const char *name)
{
	return &mp->buckets[hash_of(name) % SYMBOL_BUCKETS];
}

/* Where the first module of a name is linked in, or the end where one may be. */
static struct mp_module **module_link(struct modpost *mp, const char *name)
{
	struct mp_module **link = &mp->module_buckets[hash_of(name) % MODULE_BUCKETS];

	while (*link && strcmp((*link)->name, name))
		link = &(*link)->hash_next;
	return link;
}

struct mp_module *mp_module_new(struct modpost *mp, const char *name, size_t length)
{
	struct mp_module *module = mp_alloc(mp, sizeof(*module)), **link;
	const char *slash;

	if (!module || !(module->name = mp_strndup(mp, name, length)))
		return NULL;
	slash = strrchr(module->name, '/');
	module->base = slash ? slash + 1 : module->name;
	module->is_kernel = !strcmp(module->name, "vmlinux");
	module->gpl_compatible = true; /* a missing licence is an error of its own */
	module->exports.end = &module->exports.first;
	module->imports.end = &module->imports.first;
	*mp->modules_end = module;
	mp->modules_end = &module->next;
	link = module_link(mp, module->name);
	if (!*link)
		*link = module;
	return module;
}

struct mp_module *mp_module_find(struct modpost *mp, const char *name)
{
	return *module_link(mp, name);
}

struct mp_symbol *mp_export_find(struct modpost *mp, const char *name)
{
	struct mp_symbol *symbol;

	for (symbol = *bucket_of(mp, name); symbol; symbol = symbol->hash_next)
		if (!strcmp(symbol->name, name))
			return symbol;
	return NULL;
}

static struct mp_symbol *symbol_new(struct modpost *mp, struct symbol_list *list, const char *name)
{
	struct mp_symbol *symbol = mp_alloc(mp, sizeof(*symbol));

	if (!symbol || !(symbol->name = mp_strndup(mp, name, strlen(name))))
		return NULL;
	symbol->namespace = "";
	*list->end = symbol;
	list->end = &symbol->next;
	return symbol;
}

/*
 * Of two modules built outside of the tree, both may export a symbol: they may
 * be alternatives. Only the kernel's own cannot be taken over.
 */
static bool is_export_conflict(const struct modpost *mp, const struct mp_symbol *previous,
			       const struct mp_module *module)
{
	return !mp->options.external || previous->module->is_kernel || previous->module == module;
}

struct mp_symbol *mp_export_add(struct modpost *mp, struct mp_module *module, const char *name,
				bool gpl_only, const char *namespace)
{
	struct mp_symbol *previous = mp_export_find(mp, name);
	struct mp_symbol *symbol, **bucket;

	if (previous && is_export_conflict(mp, previous, module))
		mp_error(mp, "%s: '%s' exported twice. Previous export was in %s%s", module->name,
			 name, previous->module->name, previous->module->is_kernel ? "" : ".ko");
	symbol = symbol_new(mp, &module->exports, name);
	if (!symbol || !(symbol->namespace = mp_strndup(mp, namespace, strlen(namespace))))
		return NULL;
	symbol->module = module;
	symbol->gpl_only = gpl_only;
	bucket = bucket_of(mp, name);
	symbol->hash_next = *bucket;
	*bucket = symbol;
	return symbol;
}

struct mp_symbol *mp_import_add(struct modpost *mp, struct mp_module *module, const char *name,
				bool weak)
{
	struct mp_symbol *symbol = symbol_new(mp, &module->imports, name);

	if (symbol)
		symbol->weak = weak;
	return symbol;
}

int name_list_add(struct modpost *mp, struct name_list *list, const char *name)
{
	const char **names;

	if (name_list_has(list, name))
		return 0;
	if (list->count == list->room) {
		list->room = 2 * list->room + 8;
		names = mp_alloc(mp, list->room * sizeof(*names));
		if (!names)
			return -ENOMEM;
		if (list->count)
			memcpy(names, list->names, list->count * sizeof(*names));
		list->names = names;
	}
	name = mp_strndup(mp, name, strlen(name));
	if (!name)
		return -ENOMEM;
	list->names[list->count++] = name;
	return 0;
}

bool name_list_has(const struct name_list *list, const char *name)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (!strcmp(list->names[i], name))
			return true;
	return false;
}
