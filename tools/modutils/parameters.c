// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parameters are variables of the object, found by their symbol; MODULE_PARM
 * leaves their type in .modinfo. Values are stored before the kernel sees them.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/modutils/link.h"
#include "tools/modutils/parameters.h"

/* One that is being set. */
struct target {
	struct link *link;
	const char *name;
	struct parm parm;
	struct section *section;
	uint64_t start, offset, end; /* of the variable, of the next value */
};

static size_t size_of(const struct parm *parm)
{
	switch (parm->type) {
	case 'b':
		return 1;
	case 'h':
		return 2;
	case 'i':
		return 4;
	case 'c':
		return parm->size;
	default: /* l, and the pointer of an s */
		return 8;
	}
}

/* Where the next value goes. NULL: the variable ends before, which was told. */
static uint8_t *next_place(struct target *target)
{
	struct object *object = &target->link->object;
	uint64_t size = size_of(&target->parm), offset = target->offset;
	uint8_t *place = NULL;

	if (offset <= target->end && size <= target->end - offset)
		place = object_bytes(object, target->section, offset, size);
	if (!place)
		tell_error(target->link->messages,
			   "values for %s go beyond the end of the variable", target->name);
	target->offset += size;
	return place;
}

static char escaped(const char **input)
{
	static const char letters[] = "abefnrt", values[] = "\a\b\033\f\n\r\t";
	const char *letter;
	int value = 0, digits = 0;

	if (**input >= '0' && **input <= '7') {
		for (; digits < 3 && **input >= '0' && **input <= '7'; digits++)
			value = value * 8 + *(*input)++ - '0';
		return value;
	}
	letter = **input ? strchr(letters, **input) : NULL;
	value = letter ? values[letter - letters] : **input;
	if (**input)
		(*input)++;
	return value;
}

/* A string's text: in quotes with C's escapes, or up to a comma. NULL: the quotes do not end. */
static char *read_text(struct target *target, const char **input)
{
	char *text = malloc(strlen(*input) + 1);
	size_t length = strcspn(*input, ",");

	if (!text) {
		target->link->object.failed = true;
		return NULL;
	}
	if (**input != '"') {
		memcpy(text, *input, length);
		text[length] = '\0';
		*input += length;
		return text;
	}
	length = 0;
	for ((*input)++; **input && **input != '"';) {
		char letter = *(*input)++;

		text[length++] = letter == '\\' ? escaped(input) : letter;
	}
	text[length] = '\0';
	if (**input == '"') {
		(*input)++;
		return text;
	}
	free(text);
	tell_error(target->link->messages, "improperly terminated string argument for %s",
		   target->name);
	return NULL;
}

static int set_text(struct target *target, const char **input)
{
	char *text = read_text(target, input);
	uint64_t offset = target->offset;
	uint8_t *place;
	int error = 0;

	if (!text)
		return -EINVAL;
	if (target->parm.type == 'c' && strlen(text) >= target->parm.size) {
		tell_error(target->link->messages, "string too long for %s (max %lu)", target->name,
			   target->parm.size - 1);
		error = -EINVAL;
	} else {
		place = next_place(target);
		if (!place)
			error = -EINVAL;
		else if (target->parm.type == 's')
			object_patch_text(&target->link->object, target->section, offset, text);
		else
			strcpy((char *)place, text);
	}
	free(text);
	return error;
}

static int set_number(struct target *target, const char **input)
{
	char *end;
	unsigned long value = strtoul(*input, &end, 0);
	uint8_t *place = next_place(target);

	if (!place)
		return -EINVAL;
	memcpy(place, &value, size_of(&target->parm)); /* too large ones lose their upper bits */
	*input = end;
	return 0;
}

static int set_values(struct target *target, const char *input)
{
	const struct parm *parm = &target->parm;
	struct messages *messages = target->link->messages;
	unsigned long count = 1;
	int error;

	while (*input) {
		error = parm->type == 's' || parm->type == 'c' ? set_text(target, &input)
							       : set_number(target, &input);
		if (error)
			return error;
		while (isspace((unsigned char)*input))
			input++;
		if (!*input)
			break;
		if (*input != ',') {
			tell_error(messages, "invalid argument syntax for %s: '%c'", target->name,
				   *input);
			return -EINVAL;
		}
		input++;
		if (++count > parm->max && parm->max) {
			tell_error(messages, "too many values for %s (max %lu)", target->name,
				   parm->max);
			return -EINVAL;
		}
	}
	if (count < parm->min) {
		tell_error(messages, "too few values for %s (min %lu)", target->name, parm->min);
		return -EINVAL;
	}
	return 0;
}

static int check_type(const struct target *target)
{
	const struct parm *parm = &target->parm;

	if (!parm->type || !strchr("bhilsc", parm->type)) {
		tell_error(target->link->messages, "unknown parameter type '%c' for %s",
			   parm->type ? parm->type : ' ', target->name);
		return -EINVAL;
	}
	if (parm->type == 'c' && !parm->size) {
		tell_error(target->link->messages,
			   "parameter type 'c' for %s must be followed by the maximum size",
			   target->name);
		return -EINVAL;
	}
	return 0;
}

/* The variable, and how far it reaches. */
static int find_variable(struct target *target)
{
	struct object *object = &target->link->object;
	const struct symbol *symbol = object_find_symbol(object, target->name);

	if (!symbol || symbol->place != PLACE_SECTION ||
	    !object->sections[symbol->index]->is_loaded) {
		tell_error(target->link->messages, "symbol for parameter %s not found",
			   target->name);
		return -EINVAL;
	}
	target->section = object->sections[symbol->index];
	target->start = target->offset = symbol->value;
	target->end = target->section->size;
	if (symbol->size && symbol->value <= target->end &&
	    symbol->size < target->end - symbol->value)
		target->end = symbol->value + symbol->size;
	return 0;
}

static int set_parameter(struct link *link, const char *argument)
{
	struct object *object = &link->object;
	const char *value = strchr(argument, '=');
	const char *name, *tag, *type;
	struct target target = {.link = link};
	int error;

	if (!value) /* insmod never minded */
		return 0;
	name = object_text(object, "%.*s", (int)(value - argument), argument);
	tag = object_text(object, "parm_%.*s", (int)(value - argument), argument);
	if (!name || !tag)
		return -ENOMEM;
	type = object_modinfo(object, tag);
	if (!type) {
		tell_error(link->messages, "invalid parameter %s", tag);
		return -EINVAL;
	}
	target.name = name;
	parm_parse(type, &target.parm);
	error = find_variable(&target);
	if (!error && value[1])
		error = check_type(&target);
	if (!error)
		error = set_values(&target, value + 1);
	if (!error)
		tell_step(link->messages, "insmod", "parameter",
			  "%-32s into %s, offset 0x%lx, type %s", argument, target.section->name,
			  (unsigned long)target.start, type);
	return error;
}

int set_parameters(struct link *link)
{
	char *const *argument = link->insert->arguments;
	int error = 0;

	for (; argument && *argument && !error; argument++)
		error = set_parameter(link, *argument);
	return error;
}

/* Is the module's own definition of one right? Some wrong ones were accepted for 2.2's sake. */
static void check_parameter(struct link *link, const char *name, const char *type)
{
	struct messages *messages = link->messages;
	const char *path = messages->from;
	struct parm parm;

	parm_parse(type, &parm);
	if (!object_find_symbol(&link->object, name))
		tell_warning(messages, "Warning: %s symbol for parameter %s not found", path, name);
	else if (parm.max < parm.min)
		tell_warning(messages, "Warning: %s parameter %s has max < min!", path, name);
	else if (!parm.type)
		tell_warning(messages, "%s parameter %s has no format character!", path, name);
	else if (!strchr("bhilsc", parm.type))
		tell_warning(messages, "%s parameter %s has unknown format character '%c'", path,
			     name, parm.type);
	else if (parm.type == 'c' && !parm.size)
		tell_warning(messages, "%s parameter %s has no size after 'c'!", path, name);
	else if (*parm.rest == 'p' && parm.type == 's')
		tell_error(messages, "parameter %s is invalid persistent string", name);
	else if (*parm.rest && *parm.rest != 'p')
		tell_warning(messages, "%s parameter %s has unknown format modifier '%c'", path,
			     name, *parm.rest);
}

void check_parameters(struct link *link)
{
	struct object *object = &link->object;

	for (const char *string = object_modinfo_string(object, NULL); string;
	     string = object_modinfo_string(object, string)) {
		size_t length = parm_is(string);
		const char *name;

		if (!length)
			continue;
		if (!string[5 + length]) {
			tell_error(link->messages, "parameter %s found with no value", string);
			return;
		}
		name = object_text(object, "%.*s", (int)length, string + 5);
		if (name)
			check_parameter(link, name, string + 5 + length + 1);
	}
}
