// SPDX-License-Identifier: GPL-2.0-or-later
/* The files for people, and for tools that read text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/depmod_output.h"
#include "tools/kmod/log.h"

const char *depmod_next_info(const struct module *module, const char *key, size_t *position)
{
	size_t length = strlen(key);
	struct fact fact;

	while (facts_next(&module->facts, FACTS_INFO, position, &fact))
		if (*fact.text == *key && !strncmp(fact.text, key, length) &&
		    fact.text[length] == '=')
			return fact.text + length + 1;
	return NULL;
}

int depmod_make_dep(const struct depmod *depmod, struct buffer *out)
{
	const struct buffer *lines = &depmod->lines;

	buffer_add(out, lines->data, lines->size);
	for (size_t i = 1; i <= depmod->modules.count && !out->failed; i++)
		out->data[depmod->line_starts[i] - 1] = '\n';
	return 0;
}

/* "HEADkey value" */
static void add_line(struct buffer *out, const char *head, const char *key, const char *value)
{
	buffer_add_text(out, head);
	buffer_add_text(out, key);
	buffer_add_byte(out, ' ');
	buffer_add_text(out, value);
	buffer_add_byte(out, '\n');
}

int depmod_make_alias(const struct depmod *depmod, struct buffer *out)
{
	const struct modules *modules = &depmod->modules;
	const char *alias;

	buffer_add_text(out, "# Aliases extracted from modules themselves.\n");
	for (size_t i = 0; i < modules->count; i++) {
		const struct module *module = modules->modules[i];

		for (size_t at = 0; (alias = depmod_next_info(module, "alias", &at));)
			add_line(out, "alias ", alias, module->name);
	}
	return 0;
}

static int make_soft(const struct depmod *depmod, struct buffer *out, const char *key,
		     const char *head)
{
	const struct modules *modules = &depmod->modules;
	const char *value;

	buffer_add_text(out, head);
	for (size_t i = 0; i < modules->count; i++)
		for (size_t at = 0; (value = depmod_next_info(modules->modules[i], key, &at));)
			buffer_printf(out, "%s %s %s\n", key, modules->modules[i]->name, value);
	return 0;
}

int depmod_make_softdep(const struct depmod *depmod, struct buffer *out)
{
	return make_soft(depmod, out, "softdep",
			 "# Soft dependencies extracted from modules themselves.\n");
}

int depmod_make_weakdep(const struct depmod *depmod, struct buffer *out)
{
	return make_soft(depmod, out, "weakdep",
			 "# Weak dependencies extracted from modules themselves.\n");
}

static int by_owner_and_name(const void *left, const void *right)
{
	const struct symbol *a = *(const struct symbol *const *)left;
	const struct symbol *b = *(const struct symbol *const *)right;

	if (a->owner != b->owner)
		return a->owner->priority < b->owner->priority ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* The symbols of modules, by module and name: kmod's order is that of its hash table. */
static const struct symbol **sort_symbols(const struct symbols *symbols, size_t *count)
{
	const struct symbol **sorted = calloc(symbols->count + 1, sizeof(struct symbol *));

	*count = 0;
	if (!sorted)
		return NULL;
	for (size_t i = 0; i < symbols->capacity; i++)
		if (symbols->symbols[i].name && symbols->symbols[i].owner)
			sorted[(*count)++] = &symbols->symbols[i];
	qsort(sorted, *count, sizeof(*sorted), by_owner_and_name);
	return sorted;
}

int depmod_make_symbols(const struct depmod *depmod, struct buffer *out)
{
	size_t count;
	const struct symbol **sorted = sort_symbols(&depmod->symbols, &count);

	if (!sorted)
		return -ENOMEM;
	buffer_add_text(out, "# Aliases for symbols, used by symbol_request().\n");
	for (size_t i = 0; i < count; i++)
		add_line(out, "alias symbol:", sorted[i]->name, sorted[i]->owner->name);
	free(sorted);
	return 0;
}

/* The device node that the aliases of a module speak of. */
struct node {
	const char *name;
	char type; /* 'c', 'b', '\0': unknown */
	unsigned int major, minor;
};

static struct node find_node(const struct module *module)
{
	struct node node = {0};
	unsigned int major, minor;
	const char *alias;

	for (size_t at = 0; (alias = depmod_next_info(module, "alias", &at));) {
		if (!strncmp(alias, "devname:", strlen("devname:")))
			node.name = alias + strlen("devname:");
		else if (sscanf(alias, "char-major-%u-%u", &major, &minor) == 2)
			node = (struct node){node.name, 'c', major, minor};
		else if (sscanf(alias, "block-major-%u-%u", &major, &minor) == 2)
			node = (struct node){node.name, 'b', major, minor};
		if (node.name && node.type)
			break;
	}
	return node;
}

int depmod_make_devname(const struct depmod *depmod, struct buffer *out)
{
	const struct modules *modules = &depmod->modules;

	for (size_t i = 0; i < modules->count; i++) {
		const char *module = modules->modules[i]->name;
		struct node node = find_node(modules->modules[i]);

		if (!node.name)
			continue;
		if (!node.type) {
			error("Module '%s' has devname (%s) but lacks major and minor information."
			      " Ignoring.",
			      module, node.name);
			continue;
		}
		if (!out->size)
			buffer_add_text(out,
					"# Device nodes to trigger on-demand module loading.\n");
		buffer_printf(out, "%s %s %c%u:%u\n", module, node.name, node.type, node.major,
			      node.minor);
	}
	return 0;
}
