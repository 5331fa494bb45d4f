// SPDX-License-Identifier: GPL-2.0-or-later
/* What the binary indexes hold. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/depmod_output.h"
#include "tools/kmod/log.h"
#include "tools/kmod/name.h"

/* index_add(), which fails for memory only: of bad keys, it is said that they are left out. */
static int add_key(struct index_entries *entries, const char *key, const char *value,
		   uint32_t priority)
{
	int error = index_add(entries, key, value, priority);

	if (error != -EINVAL)
		return error;
	warning("Left out of the index, since it is not ASCII or too long: %.64s", key);
	return 0;
}

#define TEXTS_SIZE ((size_t)64 << 10)

/* Memory for size bytes more. */
static char *texts_extend(struct texts *texts, size_t size)
{
	size_t room = size > TEXTS_SIZE ? size : TEXTS_SIZE;
	struct text *text = texts->first;

	if (!text || text->size - text->used < size) {
		text = malloc(sizeof(*text) + room);
		if (!text)
			return NULL;
		*text = (struct text){.next = texts->first, .size = room};
		texts->first = text;
	}
	text->used += size;
	return text->text + text->used - size;
}

/* A copy of both texts, joined. */
static const char *keep_text(struct texts *texts, const char *first, const char *second)
{
	size_t length = strlen(first), size = strlen(second) + 1;
	char *copy = texts_extend(texts, length + size);

	if (!copy)
		return NULL;
	memcpy(copy, first, length);
	memcpy(copy + length, second, size);
	return copy;
}

void texts_release(struct texts *texts)
{
	struct text *text, *next;

	for (text = texts->first; text; text = next) {
		next = text->next;
		free(text);
	}
}

/* The alias as indexes have it; NULL if it is to be left out, which was said, or no memory. */
static const char *index_alias(struct texts *texts, const char *alias, int *error)
{
	char name[PATH_MAX];
	const char *kept;

	*error = 0;
	switch (name_of_alias(alias, name)) {
	case 0:
		kept = keep_text(texts, "", name);
		*error = kept ? 0 : -ENOMEM;
		return kept;
	case -EINVAL:
		warning("Unmatched bracket in %s", alias);
		return NULL;
	default:
		warning("Left out of the index, since it is too long: %.64s", alias);
		return NULL;
	}
}

int depmod_collect_dep(const struct depmod *depmod, struct index_entries *entries,
		       struct texts *texts)
{
	const struct modules *modules = &depmod->modules;
	int error = 0;

	for (size_t i = 0; i < modules->count && !error; i++)
		error = add_key(entries, modules->modules[i]->name,
				depmod->lines.data + depmod->line_starts[i],
				modules->modules[i]->priority);
	return error;
}

int depmod_collect_alias(const struct depmod *depmod, struct index_entries *entries,
			 struct texts *texts)
{
	const struct modules *modules = &depmod->modules;
	const char *alias;
	int error = 0;

	for (size_t i = 0; i < modules->count && !error; i++) {
		const struct module *module = modules->modules[i];

		for (size_t at = 0; !error && (alias = depmod_next_info(module, "alias", &at));) {
			alias = index_alias(texts, alias, &error);
			if (alias)
				error = add_key(entries, alias, module->name, module->priority);
		}
	}
	return error;
}

int depmod_collect_symbols(const struct depmod *depmod, struct index_entries *entries,
			   struct texts *texts)
{
	const struct symbols *symbols = &depmod->symbols;
	const struct symbol *symbol;
	const char *key;
	int error = 0;

	for (size_t i = 0; i < symbols->capacity && !error; i++) {
		symbol = &symbols->symbols[i];
		if (!symbol->name || !symbol->owner)
			continue;
		key = keep_text(texts, "symbol:", symbol->name);
		error = key ? add_key(entries, key, symbol->owner->name, symbol->owner->priority)
			    : -ENOMEM;
	}
	return error;
}

/* A file of the release's directory, opened; NULL: said that it is missing. */
static FILE *open_input(const struct depmod *depmod, const char *name)
{
	char path[PATH_MAX + NAME_MAX + 2];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", depmod->options.input, name);
	file = fopen(path, "re");
	if (!file)
		warning("could not open %s at %s: %s", name, depmod->options.input,
			strerror(errno));
	return file;
}

int depmod_collect_builtin(const struct depmod *depmod, struct index_entries *entries,
			   struct texts *texts)
{
	FILE *file = open_input(depmod, "modules.builtin");
	char name[PATH_MAX], *line = NULL;
	const char *kept;
	size_t room = 0;
	int error = 0;

	if (!file)
		return -ENOENT;
	while (!error && getline(&line, &room, file) > 0) {
		/* kmod shows and takes lines with their end. */
		if (!isalpha((unsigned char)*line)) {
			error("Invalid modules.builtin line: %s", line);
			continue;
		}
		name_from_path(line, name);
		kept = keep_text(texts, "", name);
		error = kept ? add_key(entries, kept, "", 0) : -ENOMEM;
	}
	fclose(file);
	free(line);
	return error;
}

#define ALIAS_KEY ".alias="

/* modules.builtin.modinfo: "module.key=value", NUL-terminated. */
int depmod_collect_builtin_alias(const struct depmod *depmod, struct index_entries *entries,
				 struct texts *texts)
{
	FILE *file = open_input(depmod, "modules.builtin.modinfo");
	char *line = NULL, *dot;
	const char *alias, *name;
	size_t room = 0;
	ssize_t size; /* with the NUL, unless the file ends without */
	int error = 0;

	if (!file)
		return -ENOENT;
	while (!error && (size = getdelim(&line, &room, '\0', file)) > 0) {
		dot = strchr(line, '.');
		if (!dot || dot == line || strncmp(dot, ALIAS_KEY, strlen(ALIAS_KEY)) ||
		    !dot[strlen(ALIAS_KEY)] || line[size - 1])
			continue;
		*dot = '\0';
		alias = index_alias(texts, dot + strlen(ALIAS_KEY), &error);
		if (!alias)
			continue;
		name = keep_text(texts, "", line);
		error = name ? add_key(entries, alias, name, 0) : -ENOMEM;
	}
	fclose(file);
	free(line);
	return error;
}
