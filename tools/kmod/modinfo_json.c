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

static bool same_key(const struct modfile_field *a, const struct modfile_field *b)
{
	return a->key_length == b->key_length && !memcmp(a->key, b->key, a->key_length);
}

/* Every other field: its key, and all of its values in their order. */
static int write_fields(struct json *json, const struct fields *fields)
{
	size_t count = fields->count - (fields->is_signed ? NR_SIGNATURE_FIELDS : 0);
	bool *written = calloc(count ?: 1, sizeof(*written));
	const struct modfile_field *list = fields->list;
	int error = 0;
	char *key;

	if (!written)
		return -ENOMEM;
	json_open(json, "fields", '{');
	for (size_t i = 0; i < count; i++) {
		if (written[i] || has_own_place(&list[i]))
			continue;
		key = strndup(list[i].key, list[i].key_length);
		if (!key) {
			error = -ENOMEM;
			break;
		}
		json_open(json, key, '[');
		free(key);
		for (size_t j = i; j < count; j++) {
			if (written[j] || !same_key(&list[i], &list[j]))
				continue;
			json_string_length(json, NULL, list[j].value, list[j].value_length);
			written[j] = true;
		}
		json_close(json, ']');
	}
	json_close(json, '}');
	free(written);
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
