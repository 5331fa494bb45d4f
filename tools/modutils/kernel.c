// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <ring3/scheme24.h>
#include "tools/modutils/kernel.h"

/* Enough for most: for what a module tells, and the kernel. */
#define MODULE_ROOM 2048u
#define KERNEL_ROOM 32768u
#define MAX_SIZE    (64u << 20) /* no kernel has so much to tell */

struct answer {
	char *buffer; /* owned */
	size_t size;
	size_t count; /* what *result is: entries */
};

/* Ask with a larger buffer as long as ENOSPC says so. */
static int ask(const struct module_calls *calls, const char *name, int which, struct answer *answer)
{
	size_t size = name ? MODULE_ROOM : KERNEL_ROOM, wanted = 0;
	int error;

	for (;;) {
		/* one byte more, which stays zero: names end */
		char *grown = realloc(answer->buffer, size + 1);

		if (!grown)
			return -ENOMEM;
		answer->buffer = grown;
		memset(grown, 0, size + 1);
		error = calls->query(calls->context, name, which, grown, size, &wanted);
		if (error != -ENOSPC)
			break;
		if (size >= MAX_SIZE)
			return -ENOSPC;
		size = wanted > size && wanted < MAX_SIZE ? wanted : 2 * size;
	}
	answer->size = size;
	answer->count = wanted;
	return error;
}

/* Names one after the other: how many there really are, -EPROTO. */
static int check_names(const struct answer *answer)
{
	const char *end = answer->buffer + answer->size, *name = answer->buffer;

	for (size_t i = 0; i < answer->count; i++) {
		if (name >= end)
			return -EPROTO;
		name += strlen(name) + 1;
	}
	return 0;
}

static int read_symbols(const struct module_calls *calls, const char *name,
			struct kernel_symbols *symbols)
{
	struct answer answer = {};
	const struct r3_24_symbol *from;
	int error = ask(calls, name, R3_QM_SYMBOLS, &answer);

	symbols->buffer = answer.buffer;
	if (error)
		return error;
	if (answer.count > answer.size / sizeof(*from))
		return -EPROTO;
	from = symbols->buffer;
	symbols->list = calloc(answer.count ? answer.count : 1, sizeof(*symbols->list));
	if (!symbols->list)
		return -ENOMEM;
	for (size_t i = 0; i < answer.count; i++) {
		if (from[i].name > answer.size) /* where it is in the buffer */
			return -EPROTO;
		symbols->list[i].name = answer.buffer + from[i].name;
		symbols->list[i].value = from[i].value;
	}
	symbols->count = answer.count;
	return 0;
}

static int read_holders(const struct module_calls *calls, struct kernel_module *module)
{
	struct answer answer = {};
	int error = ask(calls, module->name, R3_QM_REFS, &answer);

	if (!error)
		error = check_names(&answer);
	module->holders = answer.buffer;
	module->nr_holders = error ? 0 : answer.count;
	return error;
}

static int read_module(struct kernel_module *module, const struct module_calls *calls,
		       unsigned int what, struct messages *messages)
{
	const char *call = "QM_INFO";
	struct r3_24_info info;
	size_t size;
	int error =
		calls->query(calls->context, module->name, R3_QM_INFO, &info, sizeof(info), &size);

	if (!error) {
		module->address = info.addr;
		module->size = info.size;
		module->flags = info.flags;
		module->use_count = info.usecount;
	}
	if (!error && what & KERNEL_HOLDERS) {
		call = "QM_REFS";
		error = read_holders(calls, module);
	}
	if (!error && what & KERNEL_SYMBOLS) {
		call = "QM_SYMBOLS";
		error = read_symbols(calls, module->name, &module->symbols);
	}
	if (error == -ENOENT) {
		module->is_gone = true;
		module->flags = R3_24_DELETED;
		return 0;
	}
	if (error)
		tell_error(messages, "module %s: %s: %s", module->name, call, strerror(-error));
	return error;
}

static int read_modules(struct kernel *kernel, const struct module_calls *calls, unsigned int what,
			struct messages *messages)
{
	struct answer answer = {};
	int error = ask(calls, NULL, R3_QM_MODULES, &answer);
	const char *name;

	if (!error)
		error = check_names(&answer);
	kernel->names = answer.buffer;
	if (error) {
		tell_error(messages, "QM_MODULES: %s", strerror(-error));
		if (error == -ENOSYS)
			tell_hint(messages,
				  "this kernel links modules itself, as all do since Linux "
				  "2.6; a box with --scheme 2.4 has query_module()");
		return error;
	}
	kernel->modules = calloc(answer.count ? answer.count : 1, sizeof(*kernel->modules));
	if (!kernel->modules)
		return -ENOMEM;
	kernel->nr_modules = answer.count;
	name = kernel->names;
	for (size_t i = 0; i < answer.count && !error; i++) {
		kernel->modules[i].name = name;
		name += strlen(name) + 1;
		error = read_module(&kernel->modules[i], calls, what, messages);
	}
	return error;
}

int kernel_read(struct kernel *kernel, const struct module_calls *calls, unsigned int what,
		struct messages *messages)
{
	int error;

	*kernel = (struct kernel){};
	error = read_modules(kernel, calls, what, messages);
	if (error || !(what & KERNEL_SYMBOLS))
		return error;
	error = read_symbols(calls, NULL, &kernel->symbols);
	if (error)
		tell_error(messages, "kernel: QM_SYMBOLS: %s", strerror(-error));
	return error;
}

void kernel_release(struct kernel *kernel)
{
	for (size_t i = 0; i < kernel->nr_modules; i++) {
		free(kernel->modules[i].symbols.list);
		free(kernel->modules[i].symbols.buffer);
		free(kernel->modules[i].holders);
	}
	free(kernel->modules);
	free(kernel->names);
	free(kernel->symbols.list);
	free(kernel->symbols.buffer);
	*kernel = (struct kernel){};
}

struct kernel_module *kernel_find(const struct kernel *kernel, const char *name)
{
	for (size_t i = 0; i < kernel->nr_modules; i++)
		if (!kernel->modules[i].is_gone && !strcmp(kernel->modules[i].name, name))
			return &kernel->modules[i];
	return NULL;
}

int kernel_each_holder(const struct kernel_module *module,
		       int (*visit)(void *context, const char *name), void *context)
{
	const char *name = module->holders;
	int result = 0;

	for (size_t i = 0; i < module->nr_holders && !result; i++) {
		result = visit(context, name);
		name += strlen(name) + 1;
	}
	return result;
}
