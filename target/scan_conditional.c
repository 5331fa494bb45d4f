// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of the lines between #if and #endif the target's configuration leaves in. */
#include "target/scan.h"

struct expression {
	const char *at, *end;
	const struct config *config;
};

static void skip_blanks(struct expression *e)
{
	while (e->at < e->end && isspace((unsigned char)*e->at))
		e->at++;
}

static bool accept(struct expression *e, const char *token)
{
	size_t length = strlen(token);

	skip_blanks(e);
	if ((size_t)(e->end - e->at) < length || strncmp(e->at, token, length))
		return false;
	e->at += length;
	return true;
}

static enum truth name_defined(const struct config *config, const char *name, size_t length)
{
	static const char *const undefined[] = {"MODULE",       "__ASSEMBLY__",
						"__BIG_ENDIAN", "__CHECKER__",
						"BUILD_VDSO",   "CONFIG_FORCE_NR_CPUS"};
	static const char *const defined[] = {"__KERNEL__", "__x86_64__", "__GNUC__",
					      "__LITTLE_ENDIAN"};
	bool module;

	for (unsigned int i = 0; i < sizeof(undefined) / sizeof(undefined[0]); i++) {
		if (strlen(undefined[i]) == length && !strncmp(undefined[i], name, length))
			return NO;
	}
	for (unsigned int i = 0; i < sizeof(defined) / sizeof(defined[0]); i++) {
		if (strlen(defined[i]) == length && !strncmp(defined[i], name, length))
			return YES;
	}
	if (length <= 7 || strncmp(name, "CONFIG_", 7))
		return MAYBE;
	if (length > 14 && !strncmp(name + length - 7, "_MODULE", 7)) {
		config_enabled(config, name, length - 7, &module);
		return module ? YES : NO;
	}
	return config_enabled(config, name, length, &module) ? YES : NO;
}

static size_t word(struct expression *e, const char **start)
{
	skip_blanks(e);
	*start = e->at;
	while (e->at < e->end && is_word(*e->at))
		e->at++;
	return (size_t)(e->at - *start);
}

static enum truth parse_or(struct expression *e);

static void skip_parentheses(struct expression *e)
{
	int depth = 1;

	while (e->at < e->end && depth) {
		depth += (*e->at == '(') - (*e->at == ')');
		e->at++;
	}
}

static enum truth parse_word(struct expression *e)
{
	const char *name, *inner;
	size_t length = word(e, &name), inner_length;
	bool module, builtin, parenthesis;
	enum truth value;

	if (!length) {
		e->at = e->end; /* something we do not understand */
		return MAYBE;
	}
	if (isdigit((unsigned char)*name))
		return same(name, length, "0") ? NO : YES;
	if (same(name, length, "defined")) {
		parenthesis = accept(e, "(");
		inner_length = word(e, &inner);
		value = name_defined(e->config, inner, inner_length);
		if (parenthesis)
			accept(e, ")");
		return value;
	}
	if (!accept(e, "("))
		return same(name, length, "BITS_PER_LONG") ? YES : MAYBE;
	inner_length = word(e, &inner);
	skip_parentheses(e);
	builtin = config_enabled(e->config, inner, inner_length, &module);
	if (same(name, length, "IS_ENABLED"))
		return builtin || module ? YES : NO;
	if (same(name, length, "IS_BUILTIN") || same(name, length, "IS_REACHABLE"))
		return builtin ? YES : NO;
	if (same(name, length, "IS_MODULE"))
		return module ? YES : NO;
	return MAYBE;
}

static enum truth parse_unary(struct expression *e)
{
	enum truth value;

	if (accept(e, "!")) {
		value = parse_unary(e);
		return value == MAYBE ? MAYBE : value == YES ? NO : YES;
	}
	if (accept(e, "(")) {
		value = parse_or(e);
		accept(e, ")");
		return value;
	}
	return parse_word(e);
}

/* Comparisons and arithmetic: only BITS_PER_LONG against a number is known. */
static enum truth parse_comparison(struct expression *e)
{
	const char *start, *number;
	enum truth value;
	bool bits;

	skip_blanks(e);
	start = e->at;
	value = parse_unary(e);
	skip_blanks(e);
	if (e->at >= e->end || !strchr("<>=!+-*/%&|^", *e->at))
		return value;
	if (!strncmp(e->at, "&&", 2) || !strncmp(e->at, "||", 2))
		return value;
	bits = !strncmp(start, "BITS_PER_LONG", 13);
	if (bits && accept(e, "==")) {
		size_t length = word(e, &number);

		return same(number, length, "64") ? YES : NO;
	}
	while (e->at < e->end && *e->at != ')' && strncmp(e->at, "&&", 2) &&
	       strncmp(e->at, "||", 2)) {
		if (*e->at++ == '(')
			skip_parentheses(e);
	}
	return MAYBE;
}

static enum truth parse_and(struct expression *e)
{
	enum truth value = parse_comparison(e);

	while (accept(e, "&&")) {
		enum truth right = parse_comparison(e);

		value = value == NO || right == NO ? NO : value == YES ? right : MAYBE;
	}
	return value;
}

static enum truth parse_or(struct expression *e)
{
	enum truth value = parse_and(e);

	while (accept(e, "||")) {
		enum truth right = parse_and(e);

		value = value == YES || right == YES ? YES : value == NO ? right : MAYBE;
	}
	return value;
}

static bool is_active(const struct scanner *s)
{
	for (unsigned int i = 0; i < s->depth; i++) {
		if (s->stack[i].now == NO)
			return false;
	}
	return true;
}

static void next_branch(struct scanner *s, enum truth value)
{
	struct conditional *c;

	if (!s->depth)
		return;
	c = &s->stack[s->depth - 1];
	if (c->before == YES || c->now == YES)
		c->before = YES;
	else if (c->before == MAYBE || c->now == MAYBE)
		c->before = MAYBE;
	if (c->before == YES)
		c->now = NO;
	else if (c->before == MAYBE)
		/* two versions of a part of a function would not balance */
		c->now = value == NO || c->inside ? NO : MAYBE;
	else
		c->now = value;
}

static void directive(struct scanner *s, const char *line, const char *end)
{
	struct expression e = {.at = line + 1, .end = end, .config = s->config};
	const char *name, *rest;
	size_t length = word(&e, &name), rest_length;
	enum truth value = MAYBE;

	if (same(name, length, "ifdef") || same(name, length, "ifndef")) {
		rest_length = word(&e, &rest);
		value = name_defined(s->config, rest, rest_length);
		if (same(name, length, "ifndef") && value != MAYBE)
			value = value == YES ? NO : YES;
		length = 2;
	} else if (same(name, length, "if") || same(name, length, "elif")) {
		value = parse_or(&e);
	}
	if (same(name, length, "if")) {
		if (s->depth < MAX_NESTING)
			s->stack[s->depth++] = (struct conditional){
				.now = value, .before = NO, .inside = s->braces > 0};
	} else if (same(name, length, "elif")) {
		next_branch(s, value);
	} else if (same(name, length, "else")) {
		next_branch(s, YES);
	} else if (same(name, length, "endif")) {
		s->depth -= s->depth > 0;
	} else if (is_active(s) && same(name, length, "define")) {
		rest_length = word(&e, &rest);
		s->trace_points |= same(rest, rest_length, "CREATE_TRACE_POINTS");
	} else if (is_active(s) && same(name, length, "include") && s->trace_points) {
		skip_blanks(&e);
		scan_trace_header(s, e.at, (size_t)(end - e.at));
	}
}

void decide_conditionals(struct scanner *s)
{
	for (size_t at = 0; at < s->size;) {
		char *line = s->text + at;
		size_t length = strcspn(line, "\n");
		size_t lead = strspn(line, " \t");
		bool active;

		if (lead < length && line[lead] == '#') {
			directive(s, line + lead, line + length);
			memset(line, ' ', length);
		}
		active = is_active(s);
		if (line[0] == '}' && active)
			s->braces = 1; /* the kernel's style ends every definition so */
		for (size_t i = 0; i < length; i++) {
			if (!active)
				line[i] = ' ';
			else
				s->braces += (line[i] == '{') - (line[i] == '}');
		}
		at += length + 1;
	}
}
