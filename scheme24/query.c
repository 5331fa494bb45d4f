// SPDX-License-Identifier: GPL-2.0-or-later
/* query_module() and get_kernel_syms(). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "scheme24/internal.h"

/* ---- answers ---- */

static int add_bytes(struct query_reply *reply, const void *data, size_t size)
{
	char *grown = realloc(reply->data, reply->length + size);

	if (!grown)
		return -ENOMEM;
	memcpy(grown + reply->length, data, size);
	reply->data = grown;
	reply->length += size;
	return 0;
}

static int add_name(struct query_reply *reply, const char *name)
{
	int error = add_bytes(reply, name, strlen(name) + 1);

	reply->count += !error;
	return error;
}

static int query_modules(struct r3_box *box, struct query_reply *reply)
{
	int error = 0;

	for (struct r3_module *module = box->modules; module && !error; module = module->next)
		error = add_name(reply, module->name);
	return error;
}

static int query_deps(const struct r3_module *module, struct query_reply *reply)
{
	int error = 0;

	for (const struct module_use *use = module->sources; use && !error; use = use->next)
		error = add_name(reply, use->source->name);
	return error;
}

static int query_refs(const struct r3_module *module, struct query_reply *reply)
{
	int error = 0;

	for (const struct module_use *use = module->users; use && !error; use = use->next_user)
		error = add_name(reply, use->user->name);
	return error;
}

/* First the table, then the names that it points to. */
static int query_symbols(const struct symbol24 *symbols, unsigned int count,
			 struct query_reply *reply)
{
	size_t size = count * sizeof(struct r3_24_symbol), at = size;
	struct r3_24_symbol *table;
	char *data;

	for (unsigned int i = 0; i < count; i++)
		size += strlen(symbols[i].name) + 1;
	data = malloc(size + 1);
	if (!data)
		return -ENOMEM;
	table = (struct r3_24_symbol *)data;
	for (unsigned int i = 0; i < count; i++) {
		size_t length = strlen(symbols[i].name) + 1;

		table[i] = (struct r3_24_symbol){symbols[i].value, at};
		memcpy(data + at, symbols[i].name, length);
		at += length;
	}
	*reply = (struct query_reply){data, size, count};
	return 0;
}

static int query_kernel_symbols(struct r3_box *box, struct query_reply *reply)
{
	const struct kernel_symbols *symbols = kernel_symbols(box);

	return symbols ? query_symbols(symbols->symbols, symbols->count, reply) : -ENOMEM;
}

static int query_info(const struct r3_module *module, struct query_reply *reply)
{
	const struct r3_24_info info = {
		.addr = module->handle,
		.size = module->scheme24->size,
		.flags = module_header(module)->flags,
		.usecount = module24_can_unload(module) ? -1 : *module->usecount,
	};
	int error = add_bytes(reply, &info, sizeof(info));

	reply->count = sizeof(info);
	return error;
}

/* module NULL: the kernel. */
static int answer(struct r3_box *box, const struct r3_module *module, int which,
		  struct query_reply *reply)
{
	const bool silent = module && !can_query(module);

	switch (which) {
	case 0:
		return 0;
	case R3_QM_MODULES:
		return query_modules(box, reply);
	case R3_QM_SYMBOLS:
		if (!module)
			return query_kernel_symbols(box, reply);
		return silent ? 0
			      : query_symbols(module->scheme24->symbols,
					      module->scheme24->nr_symbols, reply);
	case R3_QM_DEPS:
	case R3_QM_REFS:
	case R3_QM_INFO:
		if (!module)
			return r3_fail(-EINVAL, "the kernel itself has no use count and no users");
		break;
	default:
		return r3_fail(-EINVAL, "query_module() knows no query %d", which);
	}
	if (which == R3_QM_INFO)
		return query_info(module, reply);
	if (silent)
		return 0;
	return which == R3_QM_DEPS ? query_deps(module, reply) : query_refs(module, reply);
}

int scheme24_query(struct r3_box *box, const char *name, int which, struct query_reply *reply)
{
	const struct r3_module *module = NULL;
	int error = 0;

	*reply = (struct query_reply){0};
	module_lock(box);
	if (name) {
		module = module_find(box, name);
		error = module ? 0 : r3_fail(-ENOENT, "there is no module %s", name);
	}
	if (!error)
		error = answer(box, module, which, reply);
	module_unlock(box);
	if (error)
		free(reply->data);
	return error;
}

/* ---- get_kernel_syms() ---- */

struct table {
	struct r3_24_kernel_symbol *entries;
	size_t count, room;
};

static int add_entry(struct table *table, uint64_t value, const char *mark, const char *name)
{
	struct r3_24_kernel_symbol *entry;

	if (table->count == table->room) {
		size_t room = 2 * table->room + 256;

		entry = realloc(table->entries, room * sizeof(*entry));
		if (!entry)
			return -ENOMEM;
		table->entries = entry;
		table->room = room;
	}
	entry = &table->entries[table->count++];
	*entry = (struct r3_24_kernel_symbol){.value = value};
	snprintf(entry->name, sizeof(entry->name), "%s%s", mark, name);
	return 0;
}

static int add_entries(struct table *table, uint64_t owner, const char *name,
		       const struct symbol24 *symbols, unsigned int count)
{
	int error = add_entry(table, owner, "#", name);

	for (unsigned int i = 0; i < count && !error; i++)
		error = add_entry(table, symbols[i].value, "", symbols[i].name);
	return error;
}

long scheme24_kernel_symbols(struct r3_box *box, struct r3_24_kernel_symbol **result)
{
	const struct kernel_symbols *symbols = kernel_symbols(box);
	int error = symbols ? 0 : -ENOMEM;
	struct table table = {0};

	module_lock(box);
	for (struct r3_module *module = box->modules; module && !error; module = module->next)
		if (can_query(module))
			error = add_entries(&table, module->handle, module->name,
					    module->scheme24->symbols,
					    module->scheme24->nr_symbols);
	module_unlock(box);
	if (!error)
		error = add_entries(&table, 0, "", symbols->symbols, symbols->count);
	if (error) {
		free(table.entries);
		return error;
	}
	*result = table.entries;
	return table.count;
}
