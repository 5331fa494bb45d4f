// SPDX-License-Identifier: GPL-2.0-or-later
/* A C source as text: without comments, cut into words. */
#include "target/scan.h"

static size_t blank_quoted(char *text, size_t at, size_t size)
{
	char quote = text[at++];

	for (; at < size && text[at] != quote && text[at] != '\n'; at++) {
		if (text[at] == '\\' && at + 1 < size && text[at + 1] != '\n')
			text[at++] = ' ';
		text[at] = ' ';
	}
	return at;
}

void blank_comments(char *text, size_t size)
{
	for (size_t at = 0; at + 1 < size; at++) {
		if (text[at] == '\\' && text[at + 1] == '\n')
			text[at] = text[at + 1] = ' ';
	}
	for (size_t at = 0; at < size; at++) {
		if (text[at] == '"' || text[at] == '\'') {
			at = blank_quoted(text, at, size);
		} else if (text[at] == '/' && text[at + 1] == '/') {
			for (; at < size && text[at] != '\n'; at++)
				text[at] = ' ';
		} else if (text[at] == '/' && text[at + 1] == '*') {
			const char *end = strstr(text + at + 2, "*/");
			size_t stop = end ? (size_t)(end - text) + 2 : size;

			for (; at < stop; at++) {
				if (text[at] != '\n')
					text[at] = ' ';
			}
			at--;
		}
	}
}

size_t skip_block(const char *text, size_t at, size_t size)
{
	int depth = 0;

	for (; at < size; at++) {
		/* column 0, in the kernel's style, ends a definition whatever we counted */
		if (text[at] == '}' && at && text[at - 1] == '\n')
			return at + 1;
		if (text[at] == '"' || text[at] == '\'') {
			char quote = text[at++];

			while (at < size && text[at] != quote && text[at] != '\n')
				at++;
			continue;
		}
		depth += (text[at] == '{') - (text[at] == '}');
		if (!depth)
			return at + 1;
	}
	return size;
}

size_t next_token(const char *text, size_t at, size_t size, struct token *token)
{
	while (at < size && isspace((unsigned char)text[at]))
		at++;
	*token = (struct token){.at = text + at,
				.first_column = at < size && (!at || text[at - 1] == '\n')};
	if (at >= size)
		return at;
	if (is_word(text[at])) {
		while (at < size && is_word(text[at]))
			at++;
	} else if (text[at] == '"' || text[at] == '\'') {
		char quote = text[at++];

		while (at < size && text[at] != quote && text[at] != '\n')
			at++;
		at += at < size;
	} else {
		at++;
	}
	token->length = (uint32_t)(text + at - token->at);
	return at;
}
