// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a module exports, as its image says, and what the kernel exports: names
 * that carry a version, as with CONFIG_MODVERSIONS of 2.4.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "scheme24/internal.h"

/*
 * Exports of the builtin kernel that take or give today's struct module, or are
 * of today's parameters: no module of 2.4 can use them.
 */
static const char *const others[] = {
	"__module_address",
	"__module_get",
	"__module_put_and_kthread_exit",
	"__module_text_address",
	"__symbol_get",
	"__symbol_get_gpl",
	"__symbol_put",
	"find_module",
	"kernel_param_lock",
	"kernel_param_unlock",
	"module_layout",
	"module_put",
	"module_refcount",
	"register_module_notifier",
	"symbol_put_addr",
	"try_module_get",
	"unregister_module_notifier",
};

static bool is_offered(const char *name)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(name, others[i]))
			return false;
	return strncmp(name, "param_", 6) != 0;
}

static int by_value(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;

	return a->address < b->address ? -1 : a->address > b->address;
}

/* For call traces and kallsyms: the object's symbols are those that lie in it. */
static int name_addresses(struct object *object, const struct module24 *module)
{
	object->nr_symbols = 0;
	free(object->symbols);
	object->symbols = calloc(module->nr_symbols + 1, sizeof(*object->symbols));
	if (!object->symbols)
		return -ENOMEM;
	for (unsigned int i = 0; i < module->nr_symbols; i++) {
		const struct symbol24 *from = &module->symbols[i];

		if (from->value - object->core_base >= module->size)
			continue;
		object->symbols[object->nr_symbols++] = (struct symbol){
			.address = from->value,
			.name = from->name - object->strings,
			.type = STT_FUNC,
			.binding = STB_GLOBAL,
			.code = 'T',
			.part = PART_TEXT,
			.order = i,
		};
	}
	qsort(object->symbols, object->nr_symbols, sizeof(struct symbol), by_value);
	return 0;
}

/*
 * Where the names stand in the image; a copy, which the module cannot write, is
 * what counts. Tables need not be aligned.
 */
static int copy_names(struct r3_module *module, const struct r3_24_module *header)
{
	const char *memory = (const char *)module_header(module);
	const char *table = memory + (header->syms - module->handle);
	struct module24 *own = module->scheme24;
	struct object *object = module->object;

	for (unsigned int i = 0; i < header->nsyms; i++) {
		struct r3_24_symbol symbol;
		uint64_t offset;

		memcpy(&symbol, table + i * sizeof(symbol), sizeof(symbol));
		offset = symbol.name - module->handle;
		if (offset >= header->size || !memchr(memory + offset, 0, header->size - offset)) {
			box_printk(module->box, 3, "init_module: mod->syms[%u].name out of bounds.",
				   i);
			return -EINVAL;
		}
		own->symbols[i] = (struct symbol24){symbol.value, object->strings + offset};
	}
	own->nr_symbols = header->nsyms;
	memcpy(object->strings, memory, header->size);
	return 0;
}

int symbols_read(struct r3_module *module, const struct r3_24_module *header)
{
	struct module24 *own =
		realloc(module->scheme24, sizeof(*own) + header->nsyms * sizeof(own->symbols[0]));
	struct object *object = module->object;
	int error;

	if (!own)
		return -ENOMEM;
	module->scheme24 = own;
	own->nr_symbols = 0;
	error = header->nsyms ? copy_names(module, header) : 0;
	return error ? error : name_addresses(object, own);
}

/* ---- the kernel's ---- */

static int by_name(const void *left, const void *right)
{
	const struct symbol24 *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* As EXPORT_SYMBOL() spells it: GPLONLY_name_Rversion. */
static int add_export(struct kernel_symbols *symbols, const struct export *export)
{
	const char *prefix = export->gpl_only ? "GPLONLY_" : "";
	char *name;
	int length;

	if (export->has_crc)
		length = asprintf(&name, "%s%s_R%08x", prefix, export->name, export->crc);
	else
		length = asprintf(&name, "%s%s", prefix, export->name);
	if (length < 0)
		return -ENOMEM;
	symbols->symbols[symbols->count++] = (struct symbol24){export->address, name};
	return 0;
}

/* insmod takes it as the sign that names have versions. */
static int add_using_versions(struct kernel_symbols *symbols)
{
	char *name = strdup("Using_Versions");

	if (!name)
		return -ENOMEM;
	symbols->symbols[symbols->count++] = (struct symbol24){1, name};
	return 0;
}

static int add_exports(struct kernel_symbols *symbols, struct r3_box *box)
{
	bool versions = false;
	int error = 0;

	for (const struct object *object = box->objects; object; object = object->next) {
		for (unsigned int i = 0; !object->module && i < object->nr_exports; i++) {
			if (!is_offered(object->exports[i].name))
				continue;
			versions |= object->exports[i].has_crc;
			error = add_export(symbols, &object->exports[i]);
			if (error)
				return error;
		}
	}
	return versions ? add_using_versions(symbols) : 0;
}

static void release(struct kernel_symbols *symbols)
{
	for (unsigned int i = 0; i < symbols->count; i++)
		free((char *)symbols->symbols[i].name);
	free(symbols->symbols);
	free(symbols);
}

static struct kernel_symbols *read_exports(struct r3_box *box)
{
	struct kernel_symbols *symbols = calloc(1, sizeof(*symbols));
	size_t room = 1;

	if (!symbols)
		return NULL;
	for (const struct object *object = box->objects; object; object = object->next)
		room += object->module ? 0 : object->nr_exports;
	symbols->symbols = calloc(room, sizeof(*symbols->symbols));
	if (!symbols->symbols || add_exports(symbols, box)) {
		release(symbols);
		return NULL;
	}
	qsort(symbols->symbols, symbols->count, sizeof(*symbols->symbols), by_name);
	return symbols;
}

const struct kernel_symbols *kernel_symbols(struct r3_box *box)
{
	module_lock(box);
	if (!box->kernel_symbols24)
		box->kernel_symbols24 = read_exports(box);
	module_unlock(box);
	return box->kernel_symbols24;
}

void scheme24_free(struct r3_box *box)
{
	if (box->kernel_symbols24)
		release(box->kernel_symbols24);
}
