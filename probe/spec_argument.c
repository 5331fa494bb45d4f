// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading one argument of a probe's spec: NAME=FETCH:TYPE. What is refused, and
 * in which words, is as in kernel/trace/trace_probe.c; a refusal points at the
 * part that is wrong.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "probe/spec.h"

#define THREAD_SIZE     16384
#define PARAM_MAX_STACK (THREAD_SIZE / sizeof(unsigned long))
#define BITS(type)      (8 * (type)->size)

static const struct fetch_type types[] = {
	{"string", 4, FORMAT_STRING}, {"ustring", 4, FORMAT_USTRING}, {"symstr", 4, FORMAT_SYMSTR},
	{"u8", 1, FORMAT_UNSIGNED},   {"u16", 2, FORMAT_UNSIGNED},    {"u32", 4, FORMAT_UNSIGNED},
	{"u64", 8, FORMAT_UNSIGNED},  {"s8", 1, FORMAT_SIGNED},       {"s16", 2, FORMAT_SIGNED},
	{"s32", 4, FORMAT_SIGNED},    {"s64", 8, FORMAT_SIGNED},      {"x8", 1, FORMAT_HEX},
	{"x16", 2, FORMAT_HEX},       {"x32", 4, FORMAT_HEX},         {"x64", 8, FORMAT_HEX},
	{"char", 1, FORMAT_CHAR},     {"symbol", 8, FORMAT_SYMBOL},
};
#define DEFAULT_TYPE "x64"

/* One argument as it is read. Its parts end where `to' or `end' point, not with a NUL. */
struct reading {
	const struct spec_parser *parser;
	struct probe_argument *argument;
	unsigned int ops; /* of Linux's that it takes after the first one */
};

static int refuse(const struct reading *reading, const char *at, const char *message)
{
	return spec_refuse(reading->parser, -EINVAL, at, message);
}

/* The last op of all is an end mark. */
static bool has_op(struct reading *reading)
{
	return ++reading->ops < FETCH_INSN_MAX - 1;
}

static int take_op(struct reading *reading, const char *at)
{
	return has_op(reading) ? 0 : refuse(reading, at, "Dereference is too much nested");
}

static int add_step(struct reading *reading, const char *at, long offset, bool user)
{
	struct probe_argument *argument = reading->argument;
	int error = take_op(reading, at);

	if (!error)
		argument->steps[argument->nr_steps++] = (struct fetch_step){offset, user};
	return error;
}

static bool is_word(const char *from, const char *to, const char *word)
{
	return (size_t)(to - from) == strlen(word) && !strncmp(from, word, to - from);
}

static bool has_prefix(const char *from, const char *to, const char *prefix)
{
	return (size_t)(to - from) >= strlen(prefix) && !strncmp(from, prefix, strlen(prefix));
}

/* ---- what is fetched ---- */

static int parse_stack(struct reading *reading, const char *at, const char *from, const char *to)
{
	struct probe_argument *argument = reading->argument;
	unsigned long number;

	if (from == to) {
		argument->base = FETCH_STACK;
		return 0;
	}
	if (spec_number(from, to, &number))
		return refuse(reading, at, "Invalid $-variable specified");
	if (number > PARAM_MAX_STACK)
		return refuse(reading, at, "Invalid stack number");
	argument->base = FETCH_STACK_ENTRY;
	argument->number = number;
	return 0;
}

/* The Nth argument, from 1: in a register, or on the stack behind the return address. */
static int parse_function_argument(struct reading *reading, const char *at, const char *from,
				   const char *to)
{
	struct probe_argument *argument = reading->argument;
	unsigned long number;
	int index;

	if (spec_number(from, to, &number))
		return refuse(reading, at, "Invalid $-variable specified");
	if (!number || number > PARAM_MAX_STACK)
		return refuse(reading, at, "Invalid argument number");
	index = arch_argument_register(number - 1);
	argument->base = index < 0 ? FETCH_STACK_ENTRY : FETCH_REGISTER;
	argument->number = index < 0 ? number - ARCH_ARGUMENT_REGISTERS : (unsigned long)index;
	return 0;
}

static int parse_variable(struct reading *reading, const char *from, const char *to)
{
	const struct spec_parser *parser = reading->parser;
	const char *name = from + 1;

	if (is_word(name, to, "retval")) {
		if (!parser->spec->is_return)
			return refuse(reading, from, "$retval is not available on probe");
		reading->argument->base = FETCH_REGISTER;
		reading->argument->number = arch_return_register();
		return 0;
	}
	if (has_prefix(name, to, "stack"))
		return parse_stack(reading, from, name + strlen("stack"), to);
	if (is_word(name, to, "comm") || is_word(name, to, "COMM")) {
		reading->argument->base = FETCH_COMM;
		return 0;
	}
	if (has_prefix(name, to, "arg") && parser->at_entry && !parser->spec->is_return)
		return parse_function_argument(reading, from, name + strlen("arg"), to);
	return refuse(reading, from, "Invalid $-variable specified");
}

static int parse_register(struct reading *reading, const char *from, const char *to)
{
	int index = arch_register_index(from + 1, to - from - 1);

	if (index < 0)
		return refuse(reading, from, "Invalid register name");
	reading->argument->base = FETCH_REGISTER;
	reading->argument->number = index;
	return 0;
}

/* @ADDR and @SYM+OFF: what lies in memory there. */
static int parse_memory(struct reading *reading, const char *from, const char *to)
{
	struct probe_argument *argument = reading->argument;
	const char *name = from + 1, *end = name;
	int error;

	if (name < to && *name == '+')
		return refuse(reading, from, "File offset is not available with kprobe");
	if (name < to && isdigit((unsigned char)*name)) {
		if (spec_number(name, to, &argument->value))
			return refuse(reading, from, "Invalid memory address");
		argument->base = FETCH_IMMEDIATE;
		return add_step(reading, from, 0, false);
	}
	while (end < to && *end != '+' && *end != '-')
		end++;
	if (end == name || (end < to && spec_signed(end, to, &argument->offset)))
		return refuse(reading, from, "Invalid memory address");
	argument->base = FETCH_SYMBOL;
	argument->string = strndup(name, end - name);
	argument->string_at = from;
	if (!argument->string)
		return -ENOMEM;
	error = take_op(reading, from); /* the symbol, and its address */
	return error ? error : add_step(reading, from, 0, false);
}

static int parse_immediate(struct reading *reading, const char *from, const char *to)
{
	struct probe_argument *argument = reading->argument;
	const char *value = from + 1;
	long number;
	int error;

	if (value < to && *value == '"') {
		if (to - value < 2 || to[-1] != '"')
			return refuse(reading, to, "String is not closed with '\"'");
		argument->base = FETCH_TEXT;
		argument->string = strndup(value + 1, to - value - 2);
		return argument->string ? 0 : -ENOMEM;
	}
	argument->base = FETCH_IMMEDIATE;
	if (value < to && (*value == '-' || *value == '+')) {
		error = spec_signed(value, to, &number);
		argument->value = error ? 0 : (unsigned long)number;
	} else {
		error = spec_number(value, to, &argument->value);
	}
	return error ? refuse(reading, value, "Invalid immediate value") : 0;
}

static int parse_fetch(struct reading *reading, const char *from, const char *to);

/* +|-[u]OFF(FETCH) */
static int parse_dereference(struct reading *reading, const char *from, const char *to)
{
	const struct probe_argument *argument = reading->argument;
	const bool user = to - from > 1 && from[1] == 'u';
	const char *number = from + 1 + user, *open = memchr(from, '(', to - from), *close;
	unsigned long magnitude;
	long offset;
	int error;

	if (!open)
		return refuse(reading, from, "Dereference needs a brace");
	if (*from == '+') {
		error = spec_signed(number, open, &offset);
	} else {
		error = spec_number(number, open, &magnitude);
		if (!error && magnitude > LONG_MAX)
			error = -EINVAL;
		offset = error ? 0 : -(long)magnitude;
	}
	if (error)
		return refuse(reading, from, "Invalid dereference offset");
	close = memrchr(open + 1, ')', to - open - 1);
	if (!close)
		return refuse(reading, to, "Dereference brace is not closed");
	if (close + 1 != to)
		return refuse(reading, close + 1, "Invalid fetch argument");
	error = parse_fetch(reading, open + 1, close);
	if (error)
		return error;
	if (!argument->nr_steps && (argument->base == FETCH_COMM || argument->base == FETCH_TEXT))
		return refuse(reading, open + 1, "$comm can not be dereferenced");
	return add_step(reading, open + 1, offset, user);
}

static int parse_fetch(struct reading *reading, const char *from, const char *to)
{
	switch (from < to ? *from : '\0') {
	case '$':
		return parse_variable(reading, from, to);
	case '%':
		return parse_register(reading, from, to);
	case '@':
		return parse_memory(reading, from, to);
	case '+':
	case '-':
		return parse_dereference(reading, from, to);
	case '\\':
		return parse_immediate(reading, from, to);
	}
	return refuse(reading, from, "Invalid fetch argument");
}

/* ---- as what it is shown ---- */

static const struct fetch_type *find_type(const char *from, const char *to)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (is_word(from, to, types[i].name))
			return &types[i];
	return NULL;
}

/* bW@O/C is shown as the unsigned number of C bits would be. */
static const struct fetch_type *container_type(const char *from, const char *to)
{
	const char *slash = memchr(from, '/', to - from);
	unsigned long bits;

	if (!slash || spec_number(slash + 1, to, &bits))
		return NULL;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].format == FORMAT_UNSIGNED && BITS(&types[i]) == bits)
			return &types[i];
	return NULL;
}

/* [N] behind the type, which ends at *end then. */
static int parse_array(struct reading *reading, const char *type, const char **end)
{
	const char *open = strchr(type, '['), *close;
	unsigned long count;

	*end = open ? open : type + strlen(type);
	if (!open)
		return 0;
	close = strchr(open, ']');
	if (!close)
		return refuse(reading, open + strlen(open), "Array is not closed");
	if (close[1])
		return refuse(reading, close + 1, "Array has wrong suffix");
	if (spec_number(open + 1, close, &count) || !count || count > UINT_MAX)
		return refuse(reading, open + 1, "Invalid array size");
	if (count > MAX_ARRAY_LEN)
		return refuse(reading, open + 1, "Array number is too big");
	reading->argument->count = count;
	return 0;
}

/* type is NULL if none was given; then at is where the argument begins. */
static int choose_type(struct reading *reading, const char *fetch, const char *type,
		       const char *end)
{
	struct probe_argument *argument = reading->argument;
	const size_t length = type ? (size_t)(type - 1 - fetch) : strlen(fetch);
	const bool is_text = is_word(fetch, fetch + length, "$comm") ||
			     is_word(fetch, fetch + length, "$COMM") ||
			     has_prefix(fetch, fetch + length, "\\\"");

	if (is_text) {
		if (argument->count || (type && !is_word(type, end, "string")))
			return refuse(reading, type,
				      "$comm and immediate-string only accepts string type");
		argument->type = find_type("string", strchr("string", '\0'));
		return 0;
	}
	if (!type)
		argument->type = find_type(DEFAULT_TYPE, strchr(DEFAULT_TYPE, '\0'));
	else if (*type == 'b')
		argument->type = container_type(type, end);
	else
		argument->type = find_type(type, end);
	if (!argument->type)
		return refuse(reading, type, "Unknown type is specified");
	return 0;
}

static bool is_string(const struct fetch_type *type)
{
	return type->format == FORMAT_STRING || type->format == FORMAT_USTRING ||
	       type->format == FORMAT_SYMSTR;
}

/* Can this be shown as a string? at: where a refusal points. */
static int check_string(struct reading *reading, const char *at)
{
	const struct probe_argument *argument = reading->argument;
	const bool in_memory = argument->nr_steps > 0;
	const bool in_user = in_memory && argument->steps[argument->nr_steps - 1].user;
	bool fits;

	if (argument->type->format == FORMAT_SYMSTR) {
		fits = in_memory ? !in_user
				 : argument->base == FETCH_REGISTER ||
					   argument->base == FETCH_STACK_ENTRY;
		if (!fits)
			return refuse(reading, at, "Symbol String doesn't accept data/userdata");
		return take_op(reading, at);
	}
	fits = in_memory || argument->base == FETCH_IMMEDIATE || argument->base == FETCH_COMM ||
	       argument->base == FETCH_TEXT;
	if (!fits)
		return refuse(reading, at, "String accepts only memory argument");
	/* The last step leads to the string itself; of an array, to the pointer to it. */
	return !in_memory || argument->count ? take_op(reading, at) : 0;
}

static int parse_bit_field(struct reading *reading, const char *type, const char *end)
{
	struct probe_argument *argument = reading->argument;
	const char *at = memchr(type, '@', end - type), *slash = memchr(type, '/', end - type);
	unsigned long width, offset;

	if (!at || slash < at || spec_number(type + 1, at, &width) || !width ||
	    spec_number(at + 1, slash, &offset) || width > BITS(argument->type) ||
	    offset > BITS(argument->type) - width || !has_op(reading))
		return refuse(reading, type, "Invalid bitfield");
	argument->bit_width = width;
	argument->bit_offset = offset;
	return 0;
}

static int parse_array_rules(struct reading *reading, const char *at)
{
	const struct probe_argument *argument = reading->argument;

	if (!argument->nr_steps ||
	    (argument->steps[argument->nr_steps - 1].user && !is_string(argument->type)) ||
	    argument->type->format == FORMAT_SYMSTR)
		return refuse(reading, at, "String accepts only memory argument");
	return take_op(reading, at);
}

/* FETCH:TYPE */
static int parse_body(struct reading *reading, const char *body, size_t *size)
{
	struct probe_argument *argument = reading->argument;
	const char *type = strchr(body, ':'), *end = NULL, *at;
	int error = 0;

	if (strlen(body) > MAX_ARGSTR_LEN)
		return refuse(reading, body, "Argument expression is too long");
	if (!*body)
		return refuse(reading, body, "No argument expression");
	at = type ? type + 1 : body;
	type = type ? type + 1 : NULL;
	if (type)
		error = parse_array(reading, type, &end);
	if (!error)
		error = choose_type(reading, body, type, end);
	if (error)
		return error;
	*size += argument->type->size * (argument->count ? argument->count : 1);
	if (*size > MAX_PROBE_EVENT_SIZE)
		return spec_refuse(reading->parser, -E2BIG, body,
				   "Event too big (too many fields?)");
	error = parse_fetch(reading, body, type ? type - 1 : body + strlen(body));
	if (!error && is_string(argument->type))
		error = check_string(reading, at);
	else if (!error && !argument->nr_steps)
		error = take_op(reading, body);
	if (!error && type && *type == 'b')
		error = parse_bit_field(reading, type, end);
	if (!error && argument->count)
		error = parse_array_rules(reading, at);
	return error;
}

/* ---- its name ---- */

static bool is_used(const struct spec_parser *parser, const char *name)
{
	static const char *const reserved[] = {
		"common_type", "common_flags", "common_preempt_count", "common_pid",
		"common_tgid", "__probe_ip",   "__probe_ret_ip",       "__probe_func",
	};
	const struct probe_spec *spec = parser->spec;

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(reserved[i], name))
			return true;
	for (unsigned int i = 0; i + 1 < spec->nr_arguments; i++)
		if (!strcmp(spec->arguments[i].name, name))
			return true;
	return false;
}

int spec_argument(struct spec_parser *parser, const char *word, size_t *size)
{
	struct probe_argument *argument = &parser->spec->arguments[parser->spec->nr_arguments++];
	struct reading reading = {.parser = parser, .argument = argument};
	const char *equals = strchr(word, '=');

	argument->text = equals ? equals + 1 : word;
	if (equals && equals - word > MAX_ARG_NAME_LEN)
		return spec_refuse(parser, -EINVAL, word, "Argument name is too long");
	if (equals == word)
		return spec_refuse(parser, -EINVAL, word, "Argument name is not specified");
	if (equals)
		argument->name = strndup(word, equals - word);
	else if (asprintf(&argument->name, "arg%u", parser->spec->nr_arguments) < 0)
		argument->name = NULL;
	if (!argument->name)
		return -ENOMEM;
	if (!spec_good_name(argument->name, false))
		return spec_refuse(parser, -EINVAL, word,
				   "Argument name must follow the same rules as C identifiers");
	if (is_used(parser, argument->name))
		return spec_refuse(parser, -EINVAL, word, "This argument name is already used");
	return parse_body(&reading, argument->text, size);
}
