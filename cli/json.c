// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/json.h"

/* Length of the UTF-8 sequence at text (RFC 3629, section 4); 0 if it is none. */
static size_t utf8_length(const unsigned char *text, size_t left)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t length, i;

	if (text[0] < 0x80)
		return 1;
	if (text[0] >= 0xc2 && text[0] <= 0xdf)
		length = 2;
	else if ((text[0] & 0xf0) == 0xe0)
		length = 3;
	else if (text[0] >= 0xf0 && text[0] <= 0xf4)
		length = 4;
	else
		return 0;
	if (text[0] == 0xe0)
		low = 0xa0;
	else if (text[0] == 0xed)
		high = 0x9f;
	else if (text[0] == 0xf0)
		low = 0x90;
	else if (text[0] == 0xf4)
		high = 0x8f;
	if (left < length || text[1] < low || text[1] > high)
		return 0;
	for (i = 2; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

static void write_character(FILE *out, unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		fputc('\\', out);
		fputc(c, out);
		break;
	case '\n':
		fputs("\\n", out);
		break;
	case '\t':
		fputs("\\t", out);
		break;
	default:
		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
}

static void write_string(FILE *out, const char *value, size_t size)
{
	const unsigned char *text = (const unsigned char *)value;
	size_t i = 0, length;

	fputc('"', out);
	while (i < size) {
		length = utf8_length(text + i, size - i);
		if (length == 0) {
			fprintf(out, "\\\\x%02x", text[i++]);
		} else if (length == 1) {
			write_character(out, text[i++]);
		} else {
			fwrite(text + i, 1, length, out);
			i += length;
		}
	}
	fputc('"', out);
}

static void indent(struct json *json)
{
	if (json->depth == 0)
		return;
	if (json->filled[json->depth])
		fputc(',', json->out);
	json->filled[json->depth] = true;
	fprintf(json->out, "\n%*s", (int)json->depth * 2, "");
}

static void start(struct json *json, const char *key)
{
	indent(json);
	if (key) {
		write_string(json->out, key, strlen(key));
		fputs(": ", json->out);
	}
}

void json_open(struct json *json, const char *key, char bracket)
{
	start(json, key);
	fputc(bracket, json->out);
	if (++json->depth >= JSON_DEPTH)
		abort();
	json->filled[json->depth] = false;
}

void json_close(struct json *json, char bracket)
{
	bool filled = json->filled[json->depth--];

	if (filled)
		fprintf(json->out, "\n%*s", (int)json->depth * 2, "");
	fputc(bracket, json->out);
	if (json->depth == 0)
		fputc('\n', json->out);
}

void json_string_length(struct json *json, const char *key, const char *value, size_t length)
{
	start(json, key);
	write_string(json->out, value, length);
}

void json_string(struct json *json, const char *key, const char *value)
{
	if (value) {
		json_string_length(json, key, value, strlen(value));
		return;
	}
	start(json, key);
	fputs("null", json->out);
}

void json_number(struct json *json, const char *key, int64_t value)
{
	start(json, key);
	fprintf(json->out, "%" PRId64, value);
}

void json_unsigned(struct json *json, const char *key, uint64_t value)
{
	start(json, key);
	fprintf(json->out, "%" PRIu64, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
	start(json, key);
	fputs(value ? "true" : "false", json->out);
}

void json_address(struct json *json, const char *key, uint64_t value)
{
	start(json, key);
	fprintf(json->out, "\"0x%" PRIx64 "\"", value);
}

void json_elements(struct json *json, const char *text, size_t size)
{
	if (size == 0)
		return;
	fwrite(text, 1, size, json->out);
	json->filled[json->depth] = true;
}
