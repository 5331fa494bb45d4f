// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which global symbols a source file of Linux defines, read from its text: the
 * library has to know before anything is compiled. It may guess too much (the
 * object's symbol table decides in the end), and it knows what macros of the
 * kernel define. Conditionals on CONFIG_ options are decided as the target's
 * configuration says; what cannot be decided counts as compiled.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "target/internal.h"

/* ---- configuration: CONFIG_X=y or =m lines of auto.conf, hashed ---- */

struct config {
	char *text;
	const char **names; /* open addressing; the value follows '=' */
	size_t mask;
};

static uint32_t word_hash(const char *word, size_t length)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)word[i]) * 16777619U;
	return hash;
}

int config_read(struct config **result, const char *auto_conf)
{
	struct config *config = calloc(1, sizeof(*config));
	size_t size, lines = 1, room = 64;
	int error = config ? read_file(auto_conf, &config->text, &size) : -ENOMEM;

	if (error) {
		free(config);
		return error;
	}
	for (size_t i = 0; i < size; i++)
		lines += config->text[i] == '\n';
	while (room < lines * 2)
		room *= 2;
	config->mask = room - 1;
	config->names = calloc(room, sizeof(*config->names));
	if (!config->names) {
		config_free(config);
		return -ENOMEM;
	}
	for (const char *line = config->text; *line; line += strcspn(line, "\n"), line += !!*line) {
		size_t length = strcspn(line, "=\n"), at;

		if (strncmp(line, "CONFIG_", 7) || line[length] != '=')
			continue;
		for (at = word_hash(line, length) & config->mask; config->names[at];)
			at = (at + 1) & config->mask;
		config->names[at] = line;
	}
	*result = config;
	return 0;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	free(config->names);
	free(config->text);
	free(config);
}

bool config_enabled(const struct config *config, const char *name, size_t length, bool *module)
{
	size_t at = word_hash(name, length) & config->mask;

	*module = false;
	for (; config->names[at]; at = (at + 1) & config->mask) {
		if (strncmp(config->names[at], name, length) || config->names[at][length] != '=')
			continue;
		*module = config->names[at][length + 1] == 'm';
		return !*module;
	}
	return false;
}

/* ---- first pass: comments, strings and continued lines ---- */

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

static void blank_comments(char *text, size_t size)
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

/* ---- second pass: conditionals ---- */

enum truth { NO, YES, MAYBE };

struct expression {
	const char *at, *end;
	const struct config *config;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

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

static bool same(const char *name, size_t length, const char *text)
{
	return strlen(text) == length && !strncmp(name, text, length);
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

static void scan_trace_header(struct scanner *s, const char *name, size_t length);

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

static void decide_conditionals(struct scanner *s)
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

/* ---- third pass: definitions ---- */

struct token {
	const char *at;
	uint32_t length;
	bool first_column;
};
#define MAX_TOKENS 512

static bool token_is(const struct token *token, const char *text)
{
	return same(token->at, token->length, text);
}

static bool token_is_word(const struct token *token)
{
	return token->length && is_word(*token->at) && !isdigit((unsigned char)*token->at);
}

static bool is_attribute(const struct token *token)
{
	static const char *const names[] = {"__attribute__",
					    "__read_mostly",
					    "__initdata",
					    "__initconst",
					    "__init",
					    "__exit",
					    "__ro_after_init",
					    "__visible",
					    "__used",
					    "__refdata",
					    "__latent_entropy",
					    "__aligned",
					    "__section",
					    "__rcu",
					    "__percpu",
					    "__user",
					    "__iomem",
					    "__maybe_unused",
					    "__weak",
					    "__meminitdata",
					    "__cpuidle",
					    "__lockfunc",
					    "__sched",
					    "__must_check",
					    "__printf",
					    "__scanf",
					    "__acquires",
					    "__releases",
					    "__must_hold",
					    "__alloc_size",
					    "__malloc",
					    "__cold",
					    "__noreturn",
					    "__pure",
					    "__const",
					    "__attribute_const__",
					    "__no_sanitize_address",
					    "__no_kcsan",
					    "__no_kasan",
					    "__net_init",
					    "__net_exit",
					    "__net_initdata",
					    "__ref",
					    "__always_inline",
					    "__cacheline_aligned",
					    "__cacheline_aligned_in_smp",
					    "____cacheline_aligned",
					    "____cacheline_aligned_in_smp",
					    "____cacheline_internodealigned_in_smp",
					    "__page_aligned_bss",
					    "__page_aligned_data",
					    "__exit_refok",
					    "__force",
					    "__cond_acquires",
					    "__nocfi",
					    "__no_stack_protector",
					    "__printf_like",
					    "__flatten",
					    "__counted_by",
					    "__init_or_module",
					    "__percpu_seg_override",
					    "__pgtbl_missing_prototypes",
					    "__typeof__",
					    "__alias",
					    "__copy",
					    "__cacheline_group_begin"};

	if (token->length < 5 || token->at[0] != '_')
		return false;
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (token_is(token, names[i]))
			return true;
	}
	return false;
}

static void report(struct scanner *s, const char *prefix, const struct token *name,
		   enum scan_kind kind)
{
	char text[256];
	int length = snprintf(text, sizeof(text), "%s%.*s", prefix, (int)name->length, name->at);

	if (token_is_word(name) && length > 0 && length < (int)sizeof(text))
		s->found(s->context, text, (size_t)length, kind);
}

static void report_trace_point(struct scanner *s, const struct token *name)
{
	report(s, "__tracepoint_", name, SCAN_DATA);
	report(s, "__traceiter_", name, SCAN_CODE);
	report(s, "__SCK__tp_func_", name, SCAN_DATA);
	report(s, "__SCT__tp_func_", name, SCAN_CODE);
}

/* Macros at file level that define what one of their arguments names. */
static const struct definer {
	const char *name; /* with a trailing '*': a prefix */
	int argument;     /* counted from 1 */
	enum scan_kind kind;
} definers[] = {
	{"EXPORT_SYMBOL*", 1, SCAN_EXPORT},
	{"EXPORT_PER_CPU_SYMBOL*", 1, SCAN_DATA},
	{"EXPORT_STATIC_CALL*", 0, SCAN_EXPORT},
	{"DEFINE_MUTEX", 1, SCAN_DATA},
	{"DEFINE_SPINLOCK", 1, SCAN_DATA},
	{"DEFINE_RAW_SPINLOCK", 1, SCAN_DATA},
	{"DEFINE_RWLOCK", 1, SCAN_DATA},
	{"DECLARE_RWSEM", 1, SCAN_DATA},
	{"DEFINE_SEMAPHORE", 1, SCAN_DATA},
	{"DEFINE_IDR", 1, SCAN_DATA},
	{"DEFINE_IDA", 1, SCAN_DATA},
	{"LIST_HEAD", 1, SCAN_DATA},
	{"HLIST_HEAD", 1, SCAN_DATA},
	{"LLIST_HEAD", 1, SCAN_DATA},
	{"BLOCKING_NOTIFIER_HEAD", 1, SCAN_DATA},
	{"RAW_NOTIFIER_HEAD", 1, SCAN_DATA},
	{"ATOMIC_NOTIFIER_HEAD", 1, SCAN_DATA},
	{"SRCU_NOTIFIER_HEAD", 1, SCAN_DATA},
	{"DECLARE_WAIT_QUEUE_HEAD", 1, SCAN_DATA},
	{"DECLARE_SWAIT_QUEUE_HEAD", 1, SCAN_DATA},
	{"DEFINE_PER_CPU*", 2, SCAN_DATA},
	{"DEFINE_STATIC_KEY_*", 1, SCAN_DATA},
	{"DECLARE_BITMAP", 1, SCAN_DATA},
	{"DECLARE_COMPLETION", 1, SCAN_DATA},
	{"DECLARE_WORK", 1, SCAN_DATA},
	{"DECLARE_DELAYED_WORK", 1, SCAN_DATA},
	{"DEFINE_SRCU", 1, SCAN_DATA},
	{"DEFINE_SEQLOCK", 1, SCAN_DATA},
	{"DEFINE_XARRAY*", 1, SCAN_DATA},
	{"DEFINE_HASHTABLE", 1, SCAN_DATA},
	{"DEFINE_SIMPLE_DEV_PM_OPS", 1, SCAN_DATA},
	{"SIMPLE_DEV_PM_OPS", 1, SCAN_DATA},
	{"DEFINE_RATELIMIT_STATE", 1, SCAN_DATA},
	{"DEFINE_MAPLE_TREE", 1, SCAN_DATA},
	{"DEFINE_TIMER", 1, SCAN_DATA},
	{"BPF_CALL_*", 1, SCAN_CODE},
	{"RADIX_TREE", 1, SCAN_DATA},
	{"DEFINE_PERCPU_RWSEM", 1, SCAN_DATA},
	{"define_dev_printk_level", 1, SCAN_CODE},
	{"kstrto_from_user", 1, SCAN_CODE},
};

static bool definer_matches(const struct definer *definer, const struct token *token)
{
	size_t length = strlen(definer->name);

	if (definer->name[length - 1] != '*')
		return token_is(token, definer->name);
	return token->length >= length - 1 && !strncmp(token->at, definer->name, length - 1);
}

/* The last word of the macro's argument number wanted. */
static const struct token *argument(const struct token *tokens, unsigned int count,
				    unsigned int wanted)
{
	const struct token *name = NULL;
	unsigned int number = 1;
	int depth = 0;

	for (unsigned int i = 1; i < count; i++) {
		depth += token_is(&tokens[i], "(") - token_is(&tokens[i], ")");
		if (!depth)
			break;
		if (depth == 1 && token_is(&tokens[i], ","))
			number++;
		else if (number == wanted && token_is_word(&tokens[i]) && !is_attribute(&tokens[i]))
			name = &tokens[i];
	}
	return name;
}

/* NAME(...) at file level: true if it was a macro we know, or nothing we want. */
static void macro(struct scanner *s, const struct token *tokens, unsigned int count)
{
	const struct token *name;

	for (unsigned int i = 0; i < sizeof(definers) / sizeof(definers[0]); i++) {
		if (!definers[i].argument || !definer_matches(&definers[i], tokens))
			continue;
		name = argument(tokens, count, (unsigned int)definers[i].argument);
		if (name)
			report(s, "", name, definers[i].kind);
		return;
	}
	name = argument(tokens, count, 1);
	if (!name)
		return;
	if (token_is(tokens, "EXPORT_TRACEPOINT_SYMBOL") ||
	    token_is(tokens, "EXPORT_TRACEPOINT_SYMBOL_GPL") || token_is(tokens, "DEFINE_TRACE")) {
		report_trace_point(s, name);
	} else if (!strncmp(tokens->at, "DEFINE_STATIC_CALL", 18)) {
		report(s, "__SCK__", name, SCAN_DATA);
		report(s, "__SCT__", name, SCAN_CODE);
	}
}

static void function(struct scanner *s, const struct token *tokens, unsigned int count)
{
	int depth = 0;

	for (unsigned int i = 0; i < count; i++) {
		if (token_is(&tokens[i], "(")) {
			if (!depth && i && token_is_word(&tokens[i - 1]) &&
			    !is_attribute(&tokens[i - 1])) {
				report(s, "", &tokens[i - 1], SCAN_CODE);
				return;
			}
			depth++;
		} else if (token_is(&tokens[i], ")")) {
			depth--;
		}
	}
}

/* "type name = x, *other[3] attribute;": brackets and initialisers were cut to one token. */
static void variables(struct scanner *s, const struct token *tokens, unsigned int count)
{
	const struct token *name = NULL;
	bool fixed = false, any_type = false;
	int depth = 0;

	for (unsigned int i = 0; i <= count; i++) {
		bool end = i == count || (!depth && token_is(&tokens[i], ","));

		if (end) {
			if (name && any_type)
				report(s, "", name, SCAN_DATA);
			name = NULL;
			fixed = false;
			continue;
		}
		if (token_is(&tokens[i], "(")) {
			/* (*name)(...): a pointer to a function; else a prototype */
			if (!depth && !fixed && i && !is_attribute(&tokens[i - 1])) {
				if (i + 2 >= count || !token_is(&tokens[i + 1], "*"))
					return;
				name = &tokens[i + 2];
				fixed = any_type = true;
			}
			depth++;
		} else if (token_is(&tokens[i], ")")) {
			depth--;
		} else if (!depth && (token_is(&tokens[i], "=") || token_is(&tokens[i], "["))) {
			fixed = true;
		} else if (!depth && !fixed && token_is_word(&tokens[i]) &&
			   !is_attribute(&tokens[i])) {
			any_type |= name != NULL || i > 0;
			name = &tokens[i];
		}
	}
}

static bool has_word(const struct token *tokens, unsigned int count, const char *text)
{
	for (unsigned int i = 0; i < count; i++) {
		if (token_is(&tokens[i], text))
			return true;
		if (token_is(&tokens[i], "(") || token_is(&tokens[i], "="))
			break;
	}
	return false;
}

static void declaration(struct scanner *s, const struct token *tokens, unsigned int count,
			bool is_function)
{
	bool type_only;

	if (count < 2 || has_word(tokens, count, "static") || has_word(tokens, count, "INLINE") ||
	    has_word(tokens, count, "FORCE_INLINE") ||
	    has_word(tokens, count, "FORCE_INLINE_TEMPLATE") ||
	    has_word(tokens, count, "typedef") || token_is(tokens, "asm"))
		return;
	if (token_is(&tokens[1], "(") && !is_attribute(tokens) &&
	    !(count > 2 && token_is(&tokens[2], "*"))) {
		macro(s, tokens, count);
		return;
	}
	if (is_function) {
		function(s, tokens, count);
		return;
	}
	for (unsigned int i = 2; i < count; i++) {
		/* a prototype of another name for something defined in the file */
		if (token_is(&tokens[i], "__alias")) {
			function(s, tokens, count);
			return;
		}
	}
	if (has_word(tokens, count, "extern"))
		return;
	/* struct x; struct x { ... }; enum { ... }; */
	type_only = (token_is(tokens, "struct") || token_is(tokens, "union") ||
		     token_is(tokens, "enum")) &&
		    (count == 2 || token_is(&tokens[count - 1], "}"));
	if (!type_only || has_word(tokens, count, "="))
		variables(s, tokens, count);
}

static size_t skip_block(const char *text, size_t at, size_t size)
{
	int depth = 0;

	for (; at < size; at++) {
		/* as above: column 0 ends a definition whatever we counted */
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

static size_t next_token(const char *text, size_t at, size_t size, struct token *token)
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

static bool is_macro_call(const struct token *tokens, unsigned int count)
{
	if (count < 3 || !token_is(&tokens[1], "(") || !token_is(&tokens[count - 1], ")"))
		return false;
	for (uint32_t i = 0; i < tokens->length; i++) {
		if (islower((unsigned char)tokens->at[i]))
			return false;
	}
	return true;
}

static void scan_definitions(struct scanner *s)
{
	struct token tokens[MAX_TOKENS], token;
	unsigned int count = 0;
	int depth = 0;

	for (size_t at = 0; at < s->size;) {
		at = next_token(s->text, at, s->size, &token);
		if (!token.length)
			break;
		if (token.first_column && depth <= 0 && token_is_word(&token) &&
		    is_macro_call(tokens, count)) {
			declaration(s, tokens, count, false);
			count = 0;
		}
		if (token_is(&token, "{") && depth <= 0) {
			bool initialiser = has_word(tokens, count, "=");
			bool type = count && !token_is(&tokens[count - 1], ")") && !initialiser &&
				    (has_word(tokens, count, "struct") ||
				     has_word(tokens, count, "union") ||
				     has_word(tokens, count, "enum")) &&
				    !has_word(tokens, count, "(");

			at = skip_block(s->text, (size_t)(token.at - s->text), s->size);
			if (!initialiser && !type) {
				declaration(s, tokens, count, true);
				count = 0;
				depth = 0;
				continue;
			}
			token.at = "}";
		}
		depth += token_is(&token, "(") - token_is(&token, ")");
		if (token_is(&token, ";") && depth <= 0) {
			declaration(s, tokens, count, false);
			count = 0;
			depth = 0;
			continue;
		}
		if (count < MAX_TOKENS)
			tokens[count++] = token;
	}
}

/* ---- assembler ---- */

static void scan_assembler(struct scanner *s)
{
	static const char *const prefixes[] = {
		"SYM_FUNC_START", "SYM_FUNC_ALIAS", "SYM_TYPED_FUNC_START",
		"SYM_CODE_START", "SYM_DATA_START", "SYM_DATA",
		"SYM_START",      "ENTRY",          "EXPORT_SYMBOL"};
	struct token token, previous = {0}, name;
	bool wanted = false, data = false;

	for (size_t at = 0; at < s->size;) {
		at = next_token(s->text, at, s->size, &token);
		if (!token.length)
			break;
		if (wanted && token_is(&token, "(")) {
			at = next_token(s->text, at, s->size, &name);
			report(s, "", &name, data ? SCAN_DATA : SCAN_CODE);
		}
		wanted = false;
		for (unsigned int i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
			size_t length = strlen(prefixes[i]);

			wanted |= token.length >= length && !strncmp(token.at, prefixes[i], length);
		}
		/* SYM_FUNC_START_LOCAL and the like are of the file's own */
		wanted &= !memmem(token.at, token.length, "LOCAL", 5);
		data = !strncmp(token.at, "SYM_DATA", 8);
		if (token_is(&previous, "globl") || token_is(&previous, "global"))
			report(s, "", &token, SCAN_CODE);
		previous = token;
	}
}

/* ---- tracepoints: what CREATE_TRACE_POINTS makes of a header ---- */

static void decide_conditionals(struct scanner *s);

static void scan_trace_text(struct scanner *s, char *text, size_t size)
{
	struct scanner header = {.text = text, .size = size, .config = s->config};
	struct token token, previous = {0}, name;

	blank_comments(text, size);
	decide_conditionals(&header);
	for (size_t at = 0; at < size;) {
		at = next_token(text, at, size, &token);
		if (!token.length)
			break;
		if (token_is(&token, "(") && (token_is(&previous, "TRACE_EVENT") ||
					      token_is(&previous, "TRACE_EVENT_CONDITION") ||
					      token_is(&previous, "TRACE_EVENT_FN") ||
					      token_is(&previous, "DECLARE_TRACE"))) {
			at = next_token(text, at, size, &name);
			report_trace_point(s, &name);
		} else if (token_is(&token, "(") && previous.length >= 12 &&
			   !strncmp(previous.at, "DEFINE_EVENT", 12)) {
			at = next_token(text, at, size, &name); /* its template */
			at = next_token(text, at, size, &name);
			at = next_token(text, at, size, &name);
			report_trace_point(s, &name);
		}
		previous = token;
	}
}

static void scan_trace_header(struct scanner *s, const char *name, size_t length)
{
	char *path = NULL, *text = NULL;
	size_t size;

	if (length < 3 || !s->place)
		return;
	if (*name == '<')
		path = format_path("%s/include/%.*s", s->place->source,
				   (int)strcspn(name + 1, ">\n"), name + 1);
	else
		/* its text was blanked: a local trace header is trace.h by custom */
		path = format_path("%s/%s/trace.h", s->place->source, s->place->directory);
	if (path && !read_file(path, &text, &size))
		scan_trace_text(s, text, size);
	free(path);
	free(text);
}

void scan_source(char *text, size_t size, bool assembler, const struct config *config,
		 const struct scan_place *place, scan_found found, void *context)
{
	struct scanner scanner = {.text = text,
				  .size = size,
				  .config = config,
				  .found = found,
				  .context = context,
				  .place = place};

	blank_comments(text, size);
	decide_conditionals(&scanner);
	if (assembler)
		scan_assembler(&scanner);
	else
		scan_definitions(&scanner);
}
