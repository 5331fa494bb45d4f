// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/modinfo_json.h"

/* The value of depends, of several too: the names between commas. */
static void write_depends(struct json *json, const struct fields *fields)
{
	json_open(json, "depends", '[');
	for (size_t i = 0; i < fields->count; i++) {
		const struct modfile_field *field = &fields->list[i];
		const char *at = field->value, *end = at + field->value_length, *comma;

		while (field_has_key(field, "depends") && at < end) {
			comma = memchr(at, ',', end - at) ?: end;
			json_string_length(json, NULL, at, comma - at);
			at = comma + 1;
		}
	}
	json_close(json, ']');
}

static int write_parameters(struct json *json, const struct fields *fields)
{
	struct parameter *list, *parameter;
	size_t count;
	int error = fields_parameters(fields, &list, &count);

	if (error)
		return error;
	json_open(json, "parameters", '[');
	for (parameter = list; parameter < list + count; parameter++) {
		json_open(json, NULL, '{');
		json_string_length(json, "name", parameter->name, parameter->name_length);
		if (parameter->type)
			json_string_length(json, "type", parameter->type, parameter->type_length);
		if (parameter->description)
			json_string_length(json, "description", parameter->description,
					   parameter->description_length);
		json_close(json, '}');
	}
	json_close(json, ']');
	free(list);
	return 0;
}

static int write_hex(struct json *json, const char *key, const struct pkcs7_bytes *bytes)
{
	char *text = fields_in_hex(bytes, false);

	if (!text)
		return -ENOMEM;
	json_string(json, key, text);
	free(text);
	return 0;
}

static int write_signature(struct json *json, const struct signature *signature)
{
	int error;

	json_open(json, "signature", '{');
	json_string(json, "type", signature->id);
	json_string_length(json, "signer", (const char *)signature->signer.data ?: "",
			   signature->signer.size);
	json_string(json, "digest", signature->digest);
	error = write_hex(json, "key", &signature->key);
	if (!error)
		error = write_hex(json, "value", &signature->value);
	json_close(json, '}');
	return error;
}

static bool has_own_place(const struct modfile_field *field)
{
	return field_has_key(field, "name") || field_has_key(field, "depends") ||
	       field_has_key(field, "parm") || field_has_key(field, "parmtype");
}

/* A field, and the first one of its key. */
struct place {
	const struct modfile_field *field, *first;
};

static int compare_keys(const struct modfile_field *a, const struct modfile_field *b)
{
	if (a->key_length != b->key_length)
		return a->key_length < b->key_length ? -1 : 1;
	return memcmp(a->key, b->key, a->key_length);
}

static int by_key(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = compare_keys(a->field, b->field);

	return order ? order : (a->field > b->field) - (a->field < b->field);
}

static int by_first(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->field > b->field) - (a->field < b->field);
}

/* Fields of one key behind the first of them, the first ones in their order: how many. */
static size_t group_fields(struct place *places, const struct fields *fields)
{
	size_t all = fields->count - (fields->is_signed ? NR_SIGNATURE_FIELDS : 0), count = 0;

	for (size_t i = 0; i < all; i++)
		if (!has_own_place(&fields->list[i]))
			places[count++].field = &fields->list[i];
	qsort(places, count, sizeof(*places), by_key);
	for (size_t i = 0; i < count; i++) {
		bool goes_on = i && !compare_keys(places[i - 1].field, places[i].field);

		places[i].first = goes_on ? places[i - 1].first : places[i].field;
	}
	qsort(places, count, sizeof(*places), by_first);
	return count;
}

/* Every other field: its key, and all of its values in their order. */
static int write_fields(struct json *json, const struct fields *fields)
{
	struct place *places = calloc(fields->count + 1, sizeof(*places));
	size_t count, i = 0;
	int error = 0;
	char *key;

	if (!places)
		return -ENOMEM;
	count = group_fields(places, fields);
	json_open(json, "fields", '{');
	while (i < count) {
		const struct modfile_field *first = places[i].first;

		key = strndup(first->key, first->key_length);
		if (!key) {
			error = -ENOMEM;
			break;
		}
		json_open(json, key, '[');
		free(key);
		for (; i < count && places[i].first == first; i++)
			json_string_length(json, NULL, places[i].field->value,
					   places[i].field->value_length);
		json_close(json, ']');
	}
	json_close(json, '}');
	free(places);
	return error;
}

/* Its own, not its file's. */
static void write_name(struct json *json, const char *name, const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++)
		if (field_has_key(&fields->list[i], "name")) {
			json_string_length(json, "name", fields->list[i].value,
					   fields->list[i].value_length);
			return;
		}
	json_string(json, "name", name);
}

int modinfo_json(struct json *json, const char *name, const char *filename,
		 const struct fields *fields)
{
	int error;

	json_open(json, NULL, '{');
	write_name(json, name, fields);
	json_string(json, "filename", filename);
	write_depends(json, fields);
	error = write_parameters(json, fields);
	if (!error)
		error = write_fields(json, fields);
	if (!error && fields->is_signed)
		error = write_signature(json, &fields->signature);
	json_close(json, '}');
	return error;
}
