/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JSON document written as it comes, indented for people. */
#ifndef RING3_JSON_H
#define RING3_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH 16

struct json {
	FILE *out;
	unsigned int depth;
	bool filled[JSON_DEPTH]; /* something was written at this depth */
};

/* key is NULL for elements of an array and for the document itself. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
/* NULL is written as null. Bytes that are not UTF-8 become \xHH, as /dev/kmsg shows them. */
void json_string(struct json *json, const char *key, const char *value);
void json_string_length(struct json *json, const char *key, const char *value, size_t length);
void json_number(struct json *json, const char *key, int64_t value);
void json_unsigned(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
/* Elements that another writer made, at the depth of the ones here. */
void json_elements(struct json *json, const char *text, size_t size);
/* A string: numbers of JSON end at 2^53. */
void json_address(struct json *json, const char *key, uint64_t value);

#endif
