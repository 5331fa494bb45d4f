// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading a probe's spec: kind, name and place. The order of the checks, and
 * what is said of each, is that of __trace_kprobe_create()
 * (kernel/trace/trace_kprobe.c).
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "box/box.h"
#include "probe/spec.h"

#define KPROBE_EVENT_SYSTEM     "kprobes"
#define KRETPROBE_MAXACTIVE_MAX 4096
#define RETURN_SUFFIX           "%return"

int spec_refuse(const struct spec_parser *parser, int error, const char *at, const char *message)
{
	*parser->problem = (struct spec_problem){message, at - parser->spec->words};
	return error;
}

/* ---- numbers and names ---- */

int spec_number(const char *from, const char *to, unsigned long *value)
{
	char digits[32], *end;
	size_t length = to - from;

	if (!length || length >= sizeof(digits) || !isdigit((unsigned char)*from))
		return -EINVAL;
	memcpy(digits, from, length);
	digits[length] = '\0';
	errno = 0;
	*value = strtoul(digits, &end, 0);
	return errno || *end ? -EINVAL : 0;
}

int spec_signed(const char *from, const char *to, long *value)
{
	bool negative = from < to && *from == '-';
	unsigned long magnitude;

	if (from < to && (*from == '-' || *from == '+'))
		from++;
	if (spec_number(from, to, &magnitude) || magnitude > (unsigned long)LONG_MAX + negative)
		return -EINVAL;
	*value = (long)(negative ? -magnitude : magnitude);
	return 0;
}

bool spec_good_name(const char *name, bool hyphen)
{
	if (isdigit((unsigned char)*name) || !*name)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_' && (!hyphen || *name != '-'))
			return false;
	return true;
}

/* ---- words ---- */

/* A copy with a NUL after each word and nothing else between; how many words there are. */
static unsigned int split(struct probe_spec *spec, const char *text)
{
	unsigned int count = 0;
	char *to = spec->words;

	while (*text) {
		while (isspace((unsigned char)*text))
			text++;
		if (!*text)
			break;
		while (*text && !isspace((unsigned char)*text))
			*to++ = *text++;
		*to++ = '\0';
		count++;
	}
	spec->length = to - spec->words;
	return count;
}

static const char *next_word(const char *word)
{
	return word + strlen(word) + 1;
}

char *spec_text(const struct probe_spec *spec)
{
	char *text = malloc(spec->length + 1);

	if (!text)
		return NULL;
	memcpy(text, spec->words, spec->length);
	for (size_t i = 0; i + 1 < spec->length; i++)
		if (!text[i])
			text[i] = ' ';
	text[spec->length] = '\0';
	return text;
}

/* ---- the first word: kind, instances, name ---- */

static int parse_kind(struct spec_parser *parser)
{
	struct probe_spec *spec = parser->spec;
	const char *word = spec->words, *digits = word + 1, *end;
	unsigned long maxactive;

	if (*word != 'p' && *word != 'r')
		return spec_refuse(parser, -EINVAL, word, "A probe begins with 'p' or 'r'");
	spec->is_return = *word == 'r';
	end = digits + strcspn(digits, ":");
	if (end == digits)
		return 0;
	if (!isdigit((unsigned char)*digits))
		return spec_refuse(parser, -EINVAL, digits,
				   "After 'p' or 'r' comes ':' or a blank");
	if (!spec->is_return)
		return spec_refuse(parser, -EINVAL, digits, "Maxactive is not for kprobe");
	if (spec_number(digits, end, &maxactive) || !maxactive || maxactive > UINT_MAX)
		return spec_refuse(parser, -EINVAL, digits, "Invalid maxactive number");
	if (maxactive > KRETPROBE_MAXACTIVE_MAX)
		return spec_refuse(parser, -EINVAL, digits, "Maxactive is too big");
	spec->maxactive = maxactive;
	return 0;
}

static int parse_group(struct spec_parser *parser, const char *from, const char *slash)
{
	struct probe_spec *spec = parser->spec;

	if (slash == from)
		return spec_refuse(parser, -EINVAL, from, "Group name is not specified");
	if (slash - from >= MAX_EVENT_NAME_LEN)
		return spec_refuse(parser, -EINVAL, from, "Group name is too long");
	spec->group = strndup(from, slash - from);
	if (!spec->group)
		return -ENOMEM;
	if (!spec_good_name(spec->group, true))
		return spec_refuse(parser, -EINVAL, from,
				   "Group name must follow the same rules as C identifiers");
	return 0;
}

static int parse_name(struct spec_parser *parser)
{
	struct probe_spec *spec = parser->spec;
	const char *name = strchr(spec->words, ':'), *slash;
	int error;

	if (!name)
		return 0;
	name++;
	slash = strchr(name, '/');
	if (!slash)
		slash = strchr(name, '.');
	if (slash) {
		error = parse_group(parser, name, slash);
		if (error)
			return error;
		name = slash + 1;
		if (!*name)
			return 0;
	}
	if (!*name)
		return spec_refuse(parser, -EINVAL, name, "Event name is not specified");
	if (strlen(name) >= MAX_EVENT_NAME_LEN)
		return spec_refuse(parser, -EINVAL, name, "Event name is too long");
	if (!spec_good_name(name, false))
		return spec_refuse(parser, -EINVAL, name,
				   "Event name must follow the same rules as C identifiers");
	spec->name = strdup(name);
	return spec->name ? 0 : -ENOMEM;
}

/* sanitize_event_name() */
static char *default_name(const struct probe_spec *spec)
{
	const char kind = spec->is_return ? 'r' : 'p';
	char name[MAX_EVENT_NAME_LEN];

	if (spec->symbol)
		snprintf(name, sizeof(name), "%c_%s_%lu", kind, spec->symbol, spec->offset);
	else
		snprintf(name, sizeof(name), "%c_0x%lx", kind, spec->address);
	for (char *at = name; *at; at++)
		if (*at == ':' || *at == '.')
			*at = '_';
	return strdup(name);
}

static int name_by_default(struct probe_spec *spec)
{
	if (!spec->group)
		spec->group = strdup(KPROBE_EVENT_SYSTEM);
	if (!spec->name)
		spec->name = default_name(spec);
	return spec->group && spec->name ? 0 : -ENOMEM;
}

/* ---- the second word: the place ---- */

static int parse_symbol(struct spec_parser *parser, count_symbols count, void *context)
{
	struct probe_spec *spec = parser->spec;
	const char *word = spec->place, *end = word + strlen(word);
	const char *suffix = strchr(word, '%'), *sign;
	unsigned int found;
	long offset = 0;

	if (suffix) {
		if (strcmp(suffix, RETURN_SUFFIX))
			return spec_refuse(parser, -EINVAL, suffix,
					   "Invalid probed address suffix");
		spec->is_return = true;
		end = suffix;
	}
	sign = word + strcspn(word, "+-");
	if (sign < end && (spec_signed(sign, end, &offset) || offset < 0 || offset > UINT_MAX))
		return spec_refuse(parser, -EINVAL, word, "Invalid probed address or symbol");
	if (sign > end)
		sign = end;
	spec->offset = offset;
	spec->symbol = strndup(word, sign - word);
	if (!spec->symbol)
		return -ENOMEM;
	if (!strchr(spec->symbol, ':')) {
		found = count(context, spec->symbol);
		if (found > 1)
			return spec_refuse(parser, -EADDRNOTAVAIL, word,
					   "The symbol is not unique");
		if (!found)
			return spec_refuse(parser, -ENOENT, word,
					   "Invalid probed address or symbol");
	}
	if (spec->is_return && offset)
		return spec_refuse(parser, -EINVAL, word,
				   "Retprobe address must be an function entry");
	parser->at_entry = !offset;
	return 0;
}

static int parse_place(struct spec_parser *parser, count_symbols count, void *context)
{
	struct probe_spec *spec = parser->spec;

	if (!spec_number(spec->place, spec->place + strlen(spec->place), &spec->address))
		return 0;
	return parse_symbol(parser, count, context);
}

static int parse(struct spec_parser *parser, unsigned int nr_words, count_symbols count,
		 void *context)
{
	struct probe_spec *spec = parser->spec;
	size_t size = 0;
	int error = parse_kind(parser);

	if (error)
		return error;
	if (nr_words < 2)
		return spec_refuse(parser, -EINVAL, spec->words + spec->length,
				   "What is to be probed is not specified");
	spec->place = next_word(spec->words);
	error = parse_place(parser, count, context);
	if (!error)
		error = parse_name(parser);
	if (!error)
		error = name_by_default(spec);
	if (error)
		return error;
	if (nr_words - 2 > MAX_TRACE_ARGS)
		return spec_refuse(parser, -E2BIG, spec->words, "Too many arguments are specified");
	spec->arguments = calloc(nr_words - 1, sizeof(*spec->arguments));
	if (!spec->arguments)
		return -ENOMEM;
	for (const char *word = next_word(spec->place); word < spec->words + spec->length && !error;
	     word = next_word(word))
		error = spec_argument(parser, word, &size);
	return error;
}

int spec_parse(struct probe_spec *spec, const char *text, count_symbols count, void *context,
	       struct spec_problem *problem)
{
	struct spec_parser parser = {.spec = spec, .problem = problem};
	unsigned int nr_words;

	*spec = (struct probe_spec){.words = malloc(strlen(text) + 2)};
	*problem = (struct spec_problem){"No memory", 0};
	if (!spec->words)
		return -ENOMEM;
	nr_words = split(spec, text);
	if (!nr_words)
		*spec->words = '\0';
	return parse(&parser, nr_words, count, context);
}

int spec_fail(const struct probe_spec *spec, int error, const struct spec_problem *problem)
{
	char *text = spec_text(spec);

	if (!text)
		return r3_fail(error, "%s", problem->message);
	r3_fail(error, "%s\n  %s\n  %*s", problem->message, text, (int)problem->column + 1, "^");
	free(text);
	return error;
}

void spec_release(struct probe_spec *spec)
{
	for (unsigned int i = 0; i < spec->nr_arguments; i++) {
		free(spec->arguments[i].name);
		free(spec->arguments[i].string);
	}
	free(spec->arguments);
	free(spec->group);
	free(spec->name);
	free(spec->symbol);
	free(spec->words);
}

bool spec_names_module(const struct probe_spec *spec, const char *module)
{
	size_t length = strlen(module);

	return spec->symbol && !strncmp(spec->symbol, module, length) &&
	       spec->symbol[length] == ':';
}
