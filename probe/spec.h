/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a probe is to be, in the words of Linux's kprobe_events
 * (Documentation/trace/kprobetrace.rst):
 *
 *	p[:[GRP/]NAME] [MOD:]SYM[+OFF]|ADDR [ARGUMENT]...
 *	r[MAXACTIVE][:[GRP/]NAME] [MOD:]SYM [ARGUMENT]...
 */
#ifndef RING3_PROBE_SPEC_H
#define RING3_PROBE_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits of kernel/trace/trace_probe.h. */
#define MAX_EVENT_NAME_LEN   64
#define MAX_ARG_NAME_LEN     32
#define MAX_ARGSTR_LEN       63
#define MAX_ARRAY_LEN        64
#define MAX_TRACE_ARGS       128
#define MAX_PROBE_EVENT_SIZE 3072
#define FETCH_INSN_MAX       16

enum fetch_base {
	FETCH_REGISTER,
	FETCH_STACK_ENTRY,
	FETCH_STACK, /* its address */
	FETCH_COMM,
	FETCH_IMMEDIATE,
	FETCH_SYMBOL, /* its address and offset */
	FETCH_TEXT,   /* an immediate string */
};

enum fetch_format {
	FORMAT_UNSIGNED,
	FORMAT_SIGNED,
	FORMAT_HEX,
	FORMAT_CHAR,
	FORMAT_SYMBOL,
	FORMAT_STRING,  /* at the address */
	FORMAT_USTRING, /* the same in user memory */
	FORMAT_SYMSTR,  /* the address's symbol, as a string */
};

struct fetch_type {
	const char *name;
	unsigned int size; /* bytes that it takes in Linux's record; of a number: that are read */
	enum fetch_format format;
};

/* Go on with what lies at the value so far + offset. */
struct fetch_step {
	long offset;
	bool user;
};

struct probe_argument {
	char *name;
	const char *text; /* how it was written, in the words of the spec */
	enum fetch_base base;
	unsigned int number;   /* of the register or stack entry */
	unsigned long value;   /* immediate; a symbol's, once it is known */
	char *string;          /* immediate string, or symbol */
	const char *string_at; /* of a symbol: where it stands in the words */
	long offset;           /* of a symbol */
	struct fetch_step steps[FETCH_INSN_MAX];
	unsigned int nr_steps;
	const struct fetch_type *type;
	unsigned int count;                 /* elements of an array, 0: none */
	unsigned int bit_width, bit_offset; /* of a bit field; width 0: none */
};

struct probe_spec {
	char *words; /* each ended by NUL, one after the other */
	size_t length;
	const char *place; /* the word that says where */
	bool is_return;
	unsigned int maxactive;
	char *group, *name;
	char *symbol; /* with its module if that was given; NULL: address */
	unsigned long address, offset;
	struct probe_argument *arguments;
	unsigned int nr_arguments;
};

/* What is wrong, in Linux's words where it has some, and with which character of the spec. */
struct spec_problem {
	const char *message;
	unsigned int column; /* in spec_text() */
};

/*
 * How many symbols have this name: asked of a probed symbol that is named
 * without a module. Always 1: nobody knows yet.
 */
typedef unsigned int (*count_symbols)(void *context, const char *name);

/*
 * 0; -EINVAL, -E2BIG, -ENOENT (no such symbol), -EADDRNOTAVAIL (several) or
 * -ENOMEM, and a problem. The spec is to be released in any case.
 */
int spec_parse(struct probe_spec *spec, const char *text, count_symbols count, void *context,
	       struct spec_problem *problem);
void spec_release(struct probe_spec *spec);
/* The words with one blank between them; the caller's to free. NULL: no memory. */
char *spec_text(const struct probe_spec *spec);
/* Returns error; r3_error() is then the sentence, the spec, and a mark under the place. */
int spec_fail(const struct probe_spec *spec, int error, const struct spec_problem *problem);
/* Does it name a module's symbol, and of this one? */
bool spec_names_module(const struct probe_spec *spec, const char *module);

/* ---- what the parser's files share ---- */
struct spec_parser {
	struct probe_spec *spec;
	struct spec_problem *problem;
	bool at_entry; /* the probe is at a function's entry: its arguments are known */
};
/* at points into the words. Returns error. */
int spec_refuse(const struct spec_parser *parser, int error, const char *at, const char *message);
/* Numbers as kstrtoul() and kstrtol() read them, from the characters up to `to': 0 or -EINVAL. */
int spec_number(const char *from, const char *to, unsigned long *value);
int spec_signed(const char *from, const char *to, long *value);
bool spec_good_name(const char *name, bool hyphen);
/* spec_argument.c: one more argument, from its word. size: of Linux's record so far. */
int spec_argument(struct spec_parser *parser, const char *word, size_t *size);

#endif
