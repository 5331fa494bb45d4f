// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules of kernel/params.c, as far as a module's parmtype tells them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/explain_parameters.h"
#include "tools/kmod/log.h"

static const struct number_type {
	const char *name;
	bool is_signed;
	unsigned int bits;
} number_types[] = {
	{"byte", false, 8}, {"short", true, 16},  {"ushort", false, 16},
	{"int", true, 32},  {"uint", false, 32},  {"hexint", false, 32},
	{"long", true, 64}, {"ulong", false, 64}, {"ullong", false, 64},
};

/* Linux's kstrtoull() and friends: no blanks, a base by its prefix. */
static bool is_number(const struct number_type *type, const char *text)
{
	unsigned int bits = type->bits - type->is_signed;
	bool negative = *text == '-';
	unsigned long long number, most;
	char *end;

	if (negative && !type->is_signed)
		return false;
	text += negative || *text == '+';
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	number = strtoull(text, &end, 0);
	most = (~0ULL >> (64 - bits)) + (negative ? 1 : 0);
	return !*end && !errno && number <= most;
}

static bool is_truth(const char *text)
{
	if (strchr("yYtT1nNfF0", *text) && *text)
		return true;
	return (*text == 'o' || *text == 'O') && text[1] && strchr("nNfF", text[1]);
}

static bool is_value(const char *type, const char *text)
{
	if (!strcmp(type, "bool") || !strcmp(type, "invbool"))
		return is_truth(text);
	for (size_t i = 0; i < sizeof(number_types) / sizeof(number_types[0]); i++)
		if (!strcmp(type, number_types[i].name))
			return is_number(&number_types[i], text);
	return true; /* a string, or a type of the module's own */
}

/* value may be a list; it is changed. */
static bool is_list(const char *type, char *value)
{
	char *part;

	while ((part = strsep(&value, ",")))
		if (!is_value(type, part))
			return false;
	return true;
}

/* In names '-' is '_' (parameqn). */
static bool same_name(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((a[i] == '-' ? '_' : a[i]) != (b[i] == '-' ? '_' : b[i]))
			return false;
	return true;
}

/* The type of the parameter, allocated; NULL: the module has none of that name. */
static char *find_type(const struct modfile *file, const char *name, size_t length)
{
	struct modfile_field field;
	size_t position = 0;

	while (modfile_next_value(file, "parmtype", &position, &field))
		if (field.value_length > length && field.value[length] == ':' &&
		    same_name(field.value, name, length))
			return strndup(field.value + length + 1, field.value_length - length - 1);
	return NULL;
}

static bool takes(const char *type, const char *value)
{
	static const char array[] = "array of ";
	bool is_array = !strncmp(type, array, strlen(array));
	const char *element = is_array ? type + strlen(array) : type;
	char *copy;
	bool taken;

	if (!is_array)
		return is_value(type, value);
	copy = strdup(value);
	taken = !copy || is_list(element, copy);
	free(copy);
	return taken;
}

bool explain_parameters(const struct modfile *file, char *const *arguments)
{
	const char *equals, *value;
	bool explained = false;
	size_t length;
	char *type;

	for (; *arguments && !explained; arguments++) {
		equals = strchr(*arguments, '=');
		length = equals ? (size_t)(equals - *arguments) : strlen(*arguments);
		value = equals ? equals + 1 : NULL;
		type = find_type(file, *arguments, length);
		if (type && !value && strcmp(type, "bool")) {
			hint("parameter '%s' needs a value, %.*s=VALUE; it is of type %s",
			     *arguments, (int)length, *arguments, type);
			explained = true;
		} else if (type && value && !takes(type, value)) {
			hint("parameter '%.*s' is of type %s, and '%s' is no such value",
			     (int)length, *arguments, type, value);
			explained = true;
		}
		free(type);
	}
	return explained;
}
