// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tools/kmod/fields.h"
#include "tools/kmod/log.h"

static int add(struct fields *fields, const struct modfile_field *field)
{
	struct modfile_field *list;
	size_t room = fields->room ? 2 * fields->room : 64;

	if (fields->count == fields->room) {
		list = reallocarray(fields->list, room, sizeof(*list));
		if (!list)
			return -ENOMEM;
		fields->list = list;
		fields->room = room;
	}
	fields->list[fields->count++] = *field;
	return 0;
}

static int add_bytes(struct fields *fields, const char *key, const void *value, size_t length)
{
	return add(fields, &(struct modfile_field){.key = key,
						   .key_length = strlen(key),
						   .value = value ? value : "",
						   .value_length = value ? length : 0});
}

#define HEX_LINE  20 /* bytes */
#define HEX_BREAK "\n\t\t"

char *fields_in_hex(const struct pkcs7_bytes *bytes, bool in_lines)
{
	static const char digits[] = "0123456789ABCDEF";
	char *text = malloc(bytes->size * 3 + bytes->size / HEX_LINE * strlen(HEX_BREAK) + 1);
	char *at = text;

	if (!text)
		return NULL;
	for (size_t i = 0; i < bytes->size; i++) {
		*at++ = digits[bytes->data[i] >> 4];
		*at++ = digits[bytes->data[i] & 15];
		if (i + 1 == bytes->size)
			break;
		*at++ = ':';
		if (in_lines && (i + 1) % HEX_LINE == 0)
			at = stpcpy(at, HEX_BREAK);
	}
	*at = '\0';
	return text;
}

static int add_signature(struct fields *fields)
{
	const struct signature *signature = &fields->signature;
	int error;

	fields->key_text = fields_in_hex(&signature->key, true);
	fields->signature_text = fields_in_hex(&signature->value, true);
	if (!fields->key_text || !fields->signature_text)
		return -ENOMEM;
	error = add_bytes(fields, "sig_id", signature->id, strlen(signature->id));
	if (!error) /* kmod's ends where a C string does */
		error = add_bytes(fields, "signer", signature->signer.data,
				  strnlen((const char *)signature->signer.data ?: "",
					  signature->signer.size));
	if (!error)
		error = add_bytes(fields, "sig_key", fields->key_text, strlen(fields->key_text));
	if (!error)
		error = add_bytes(fields, "sig_hashalgo", signature->digest,
				  strlen(signature->digest));
	if (!error)
		error = add_bytes(fields, "signature", fields->signature_text,
				  strlen(fields->signature_text));
	return error;
}

static int read_fields(struct fields *fields, struct pkcs7_reader *pkcs7)
{
	struct modfile_section modinfo;
	struct modfile_field field;
	size_t position = 0;
	int error = 0;

	if (!modfile_find_section(&fields->file, ".modinfo", &modinfo))
		return -ENOENT;
	while (!error && modfile_next_field(&modinfo, &position, &field))
		error = add(fields, &field);
	fields->is_signed = !error && signature_read(&fields->file, pkcs7, &fields->signature);
	return fields->is_signed ? add_signature(fields) : error;
}

int fields_of_file(struct fields *fields, const char *path, struct fields_reader *reader)
{
	int error;

	*fields = (struct fields){0};
	error = modfile_open_in(&fields->file, path, &reader->room);
	if (!error)
		error = read_fields(fields, &reader->pkcs7);
	if (error)
		fields_free(fields);
	return error;
}

int fields_of_memory(struct fields *fields, const void *data, size_t size,
		     struct pkcs7_reader *pkcs7)
{
	int error;

	*fields = (struct fields){0};
	error = modfile_open_memory(&fields->file, data, size);
	if (!error)
		error = read_fields(fields, pkcs7);
	if (error)
		fields_free(fields);
	return error;
}

/* The whole file, and its size. */
static int read_all(const char *path, char **text, size_t *size)
{
	FILE *in = fopen(path, "re");
	size_t room = 0;
	ssize_t got;
	int error = 0;

	*text = NULL;
	*size = 0;
	if (!in)
		return -errno;
	errno = 0;
	got = getdelim(text, &room, EOF, in); /* no byte is EOF: all of it is one line */
	if (got >= 0)
		*size = got;
	else if (ferror(in))
		error = -errno;
	fclose(in);
	return error;
}

int fields_of_builtin(struct fields *fields, const char *directory, const char *name)
{
	size_t size, length = strlen(name), position = 0;
	struct modfile_section text;
	struct modfile_field field;
	char path[PATH_MAX];
	int error;

	*fields = (struct fields){0};
	if (snprintf(path, sizeof(path), "%s/modules.builtin.modinfo", directory) >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	error = read_all(path, &fields->builtin, &size);
	if (error)
		return error;
	/* "module.key=value", each ended by a NUL as in .modinfo */
	text = (struct modfile_section){.data = (const uint8_t *)fields->builtin, .size = size};
	while (!error && modfile_next_field(&text, &position, &field)) {
		if (field.key_length <= length || field.key[length] != '.' ||
		    memcmp(field.key, name, length))
			continue;
		field.key += length + 1;
		field.key_length -= length + 1;
		error = add(fields, &field);
	}
	if (!error && !fields->count)
		error = -ENOSYS;
	if (error)
		fields_free(fields);
	return error;
}

void fields_free(struct fields *fields)
{
	free(fields->list);
	free(fields->builtin);
	free(fields->key_text);
	free(fields->signature_text);
	signature_release(&fields->signature);
	modfile_close(&fields->file);
	*fields = (struct fields){0};
}

static int compare_names(const void *left, const void *right)
{
	const struct parameter *a = left, *b = right;

	if (a->name_length != b->name_length)
		return a->name_length < b->name_length ? -1 : 1;
	return memcmp(a->name, b->name, a->name_length);
}

/* The one of that name; next, if it is the first. NULL: no memory. */
static struct parameter *find_parameter(void **tree, struct parameter *next, const char *name,
					size_t length)
{
	void *node;

	*next = (struct parameter){.name = name, .name_length = length};
	node = tsearch(next, tree, compare_names);
	return node ? *(struct parameter **)node : NULL;
}

static void keep(void *parameter)
{
}

int fields_parameters(const struct fields *fields, struct parameter **list, size_t *count)
{
	const struct modfile_field *field;
	struct parameter *parameter;
	void *tree = NULL;
	const char *colon;
	size_t length;
	bool is_type;

	*count = 0;
	*list = calloc(fields->count + 1, sizeof(**list));
	parameter = *list;
	for (size_t i = 0; i < fields->count && parameter; i++) {
		field = &fields->list[i];
		is_type = field_has_key(field, "parmtype");

		if (!is_type && !field_has_key(field, "parm"))
			continue;
		colon = memchr(field->value, ':', field->value_length);
		if (!colon) {
			error("Found invalid \"%.*s=%.*s\": missing ':'", (int)field->key_length,
			      field->key, (int)field->value_length, field->value);
			continue;
		}
		length = colon - field->value;
		parameter = find_parameter(&tree, &(*list)[*count], field->value, length);
		if (!parameter)
			break;
		*count += parameter == *list + *count;
		length = field->value_length - length - 1;
		if (is_type) {
			parameter->type = colon + 1;
			parameter->type_length = length;
		} else {
			parameter->description = colon + 1;
			parameter->description_length = length;
		}
	}
	tdestroy(tree, keep);
	if (parameter)
		return 0;
	free(*list);
	*list = NULL;
	return -ENOMEM;
}
