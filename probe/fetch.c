// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fetching and printing: process_fetch_insn() and the print functions of
 * kernel/trace/trace_probe_tmpl.h and trace_probe.c. Nothing that is read is
 * trusted to be there.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "probe/fetch.h"

#define MAX_STRING_SIZE 4096 /* PATH_MAX, as in kernel/trace/trace_probe.h */
#define SYMBOL_SIZE     1024
#define FAULT_STRING    "(fault)"

void text_add(struct text *text, const char *format, ...)
{
	const size_t room = text->size - text->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->buffer + text->length, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		text->length += (size_t)length < room ? (size_t)length : room - 1;
}

/* ---- memory ---- */

static int read_memory(const struct fetch_source *source, uint64_t address, bool user, void *to,
		       size_t size)
{
	const struct space *space = &source->box->space;

	if (user &&
	    (size > space->user_size || address - space->user_base > space->user_size - size))
		return -EFAULT;
	return arch_copy_nofault(to, address, size);
}

/* Up to and with its NUL, at most size bytes; its length without, or -EFAULT. */
static int read_string(const struct fetch_source *source, uint64_t address, bool user, char *to,
		       size_t size)
{
	size_t done = 0, length;

	while (done < size - 1) {
		/* What is on one page is there or not as a whole. */
		size_t part = PAGE_SIZE - (address + done) % PAGE_SIZE;

		if (part > size - 1 - done)
			part = size - 1 - done;
		if (read_memory(source, address + done, user, to + done, part))
			return -EFAULT;
		length = strnlen(to + done, part);
		done += length;
		if (length < part)
			break;
	}
	to[done] = '\0';
	return (int)done;
}

/* An entry of the kernel stack that sp is in; 0 outside of it. */
static uint64_t stack_entry(const struct fetch_source *source, unsigned int number)
{
	const uint64_t sp = source->registers->rsp, address = sp + number * sizeof(uint64_t);
	const uint64_t stack = ~(uint64_t)(source->box->data->thread_size - 1);
	uint64_t value;

	if ((sp ^ address) & stack || arch_copy_nofault(&value, address, sizeof(value)))
		return 0;
	return value;
}

/* ---- the value that the steps start from, and the address that they lead to ---- */

static uint64_t base_value(const struct probe_argument *argument, const struct fetch_source *source)
{
	switch (argument->base) {
	case FETCH_REGISTER:
		return arch_register_value(source->registers, argument->number);
	case FETCH_STACK_ENTRY:
		return stack_entry(source, argument->number);
	case FETCH_STACK:
		return source->registers->rsp;
	default:
		return argument->value + argument->offset;
	}
}

/*
 * Take all steps but the last, which leads to *address, in user memory or not.
 * Without any, it is the value itself.
 */
static int find_address(const struct probe_argument *argument, const struct fetch_source *source,
			uint64_t *address, bool *user)
{
	uint64_t value = base_value(argument, source);

	*user = false;
	for (unsigned int i = 0; i < argument->nr_steps; i++) {
		if (i && read_memory(source, value, *user, &value, sizeof(value)))
			return -EFAULT;
		value += argument->steps[i].offset;
		*user = argument->steps[i].user;
	}
	*address = value;
	return 0;
}

/* ---- printing ---- */

static void print_symbol(const struct fetch_source *source, uint64_t address, struct text *text)
{
	char name[SYMBOL_SIZE];

	symbol_format(source->box, address, name, sizeof(name));
	text_add(text, "%s", name);
}

static int64_t sign_extend(uint64_t value, unsigned int size)
{
	const unsigned int shift = 64 - 8 * size;

	return (int64_t)(value << shift) >> shift;
}

static void print_number(const struct probe_argument *argument, const struct fetch_source *source,
			 uint64_t value, struct text *text)
{
	const unsigned int bits = 8 * argument->type->size;

	value &= ~UINT64_C(0) >> (64 - bits);
	if (argument->bit_width) {
		value >>= argument->bit_offset;
		value &= ~UINT64_C(0) >> (64 - argument->bit_width);
	}
	switch (argument->type->format) {
	case FORMAT_UNSIGNED:
		text_add(text, "%" PRIu64, value);
		break;
	case FORMAT_SIGNED:
		text_add(text, "%" PRId64, sign_extend(value, argument->type->size));
		break;
	case FORMAT_CHAR:
		text_add(text, value ? "'%c'" : "'\\x%02x'", (int)value); /* no NUL in a text */
		break;
	case FORMAT_SYMBOL:
		print_symbol(source, value, text);
		break;
	default:
		text_add(text, "0x%" PRIx64, value);
	}
}

static void print_string(const struct fetch_source *source, uint64_t address, bool user,
			 struct text *text)
{
	char string[MAX_STRING_SIZE];

	if (read_string(source, address, user, string, sizeof(string)) < 0)
		text_add(text, FAULT_STRING);
	else
		text_add(text, "\"%s\"", string);
}

/* Of an array: element is the address of the pointer to the string. */
static void print_string_element(const struct fetch_source *source, uint64_t element, bool user,
				 bool string_user, struct text *text)
{
	uint64_t address;

	if (read_memory(source, element, user, &address, sizeof(address)))
		text_add(text, FAULT_STRING);
	else
		print_string(source, address, string_user, text);
}

static void print_in_memory(const struct probe_argument *argument,
			    const struct fetch_source *source, uint64_t address, bool user,
			    struct text *text)
{
	uint64_t value = 0;

	if (read_memory(source, address, user, &value, argument->type->size))
		text_add(text, FAULT_STRING);
	else
		print_number(argument, source, value, text);
}

static void print_array(const struct probe_argument *argument, const struct fetch_source *source,
			uint64_t address, bool user, struct text *text)
{
	const enum fetch_format format = argument->type->format;

	for (unsigned int i = 0; i < argument->count; i++) {
		text_add(text, i ? "," : "{");
		if (format == FORMAT_STRING || format == FORMAT_USTRING)
			print_string_element(source, address + i * sizeof(uint64_t), user,
					     format == FORMAT_USTRING, text);
		else
			print_in_memory(argument, source, address + i * argument->type->size, user,
					text);
	}
	text_add(text, "}");
}

static void print_symstr(const struct probe_argument *argument, const struct fetch_source *source,
			 uint64_t address, bool user, struct text *text)
{
	if (argument->nr_steps && read_memory(source, address, user, &address, sizeof(address))) {
		text_add(text, FAULT_STRING);
		return;
	}
	text_add(text, "\"");
	print_symbol(source, address, text);
	text_add(text, "\"");
}

void fetch_argument(const struct probe_argument *argument, const struct fetch_source *source,
		    struct text *text)
{
	const enum fetch_format format = argument->type->format;
	uint64_t address;
	bool user;

	if (argument->base == FETCH_COMM)
		text_add(text, "\"%s\"", source->comm);
	else if (argument->base == FETCH_TEXT)
		text_add(text, "\"%s\"", argument->string);
	else if (find_address(argument, source, &address, &user))
		text_add(text, FAULT_STRING);
	else if (argument->count)
		print_array(argument, source, address, user, text);
	else if (format == FORMAT_STRING || format == FORMAT_USTRING)
		print_string(source, address, user || format == FORMAT_USTRING, text);
	else if (format == FORMAT_SYMSTR)
		print_symstr(argument, source, address, user, text);
	else if (argument->nr_steps)
		print_in_memory(argument, source, address, user, text);
	else
		print_number(argument, source, address, text);
}
