/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the steps of reading a source file share: the text, its words, what was found. */
#ifndef RING3_SCAN_H
#define RING3_SCAN_H

#include <ctype.h>
#include <string.h>
#include "target/internal.h"

enum truth { NO, YES, MAYBE };

#define MAX_NESTING 64
struct conditional {
	enum truth now, before; /* this branch; the ones before it together */
	bool inside;            /* of a function body */
};

struct scanner {
	char *text;
	size_t size;
	const struct config *config;
	struct conditional stack[MAX_NESTING];
	unsigned int depth;
	int braces;
	bool trace_points;
	scan_found found;
	void *context;
	const struct scan_place *place;
};

struct token {
	const char *at;
	uint32_t length;
	bool first_column;
};

static inline bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static inline bool same(const char *name, size_t length, const char *text)
{
	return strlen(text) == length && !strncmp(name, text, length);
}

static inline bool token_is(const struct token *token, const char *text)
{
	return same(token->at, token->length, text);
}

static inline bool token_is_word(const struct token *token)
{
	return token->length && is_word(*token->at) && !isdigit((unsigned char)*token->at);
}

/* ---- scan_text.c ---- */
/* Comments, what is quoted, and the joints of continued lines become blanks. */
void blank_comments(char *text, size_t size);
size_t next_token(const char *text, size_t at, size_t size, struct token *token);
/* Behind the block in braces that starts there. */
size_t skip_block(const char *text, size_t at, size_t size);
/* ---- scan_conditional.c ---- */
/* Blank what the configuration leaves out, and the directives themselves. */
void decide_conditionals(struct scanner *s);
/* ---- scan_declaration.c ---- */
void report(struct scanner *s, const char *prefix, const struct token *name, enum scan_kind kind);
void report_trace_point(struct scanner *s, const struct token *name);
bool has_word(const struct token *tokens, unsigned int count, const char *text);
/* One declaration at file level, without its body or initialiser. */
void declaration(struct scanner *s, const struct token *tokens, unsigned int count,
		 bool is_function);
/* ---- scan_assembler.c ---- */
void scan_assembler(struct scanner *s);
/* ---- scan_trace.c: what CREATE_TRACE_POINTS makes of a header ---- */
void scan_trace_header(struct scanner *s, const char *name, size_t length);

#endif
