// SPDX-License-Identifier: GPL-2.0-or-later
/* vsnprintf and its family, with the format language of lib/vsprintf.c. */
#include <linux/bug.h>
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "vsprintf.h"

static void out_pad(struct out *out, char c, int count)
{
	while (count-- > 0)
		out_char(out, c);
}

void out_text(struct out *out, const char *text, int length, const struct spec *spec)
{
	int pad = spec->width - length;

	if (!(spec->flags & SPEC_LEFT))
		out_pad(out, ' ', pad);
	while (length--)
		out_char(out, *text++);
	if (spec->flags & SPEC_LEFT)
		out_pad(out, ' ', pad);
}

void out_string(struct out *out, const char *text, const struct spec *spec)
{
	if (!text)
		text = "(null)";
	else if ((unsigned long)text < PAGE_SIZE || IS_ERR_VALUE(text))
		text = "(efault)";
	out_text(out, text, strnlen(text, spec->precision < 0 ? INT_MAX : spec->precision), spec);
}

/* Digits, last one first; their number. */
static int put_digits(char *digits, unsigned long long value, unsigned int base, bool small)
{
	const char *set = small ? "0123456789abcdef" : "0123456789ABCDEF";
	int count = 0;

	do {
		digits[count++] = set[value % base];
		value /= base;
	} while (value);
	return count;
}

void out_number(struct out *out, unsigned long long value, struct spec spec)
{
	char digits[66], prefix[3] = "";
	bool is_zero = !value;
	int count, length, zeros;

	if (spec.flags & SPEC_LEFT)
		spec.flags &= ~SPEC_ZERO;
	if (spec.flags & SPEC_SIGNED) {
		if ((long long)value < 0) {
			prefix[0] = '-';
			value = -value;
		} else if (spec.flags & SPEC_PLUS) {
			prefix[0] = '+';
		} else if (spec.flags & SPEC_SPACE) {
			prefix[0] = ' ';
		}
	}
	/* Zero gets a prefix in hexadecimal, but needs no second 0 in octal. */
	if ((spec.flags & SPEC_SPECIAL) && spec.base == 16) {
		prefix[0] = '0';
		prefix[1] = spec.flags & SPEC_SMALL ? 'x' : 'X';
	} else if ((spec.flags & SPEC_SPECIAL) && spec.base == 8 && !is_zero) {
		prefix[0] = '0';
	}
	count = put_digits(digits, value, spec.base, spec.flags & SPEC_SMALL);
	zeros = spec.precision - count;
	length = strlen(prefix) + count + max(zeros, 0);
	if (spec.flags & SPEC_ZERO) {
		zeros = max(zeros, 0) + max(spec.width - length, 0);
	} else if (!(spec.flags & SPEC_LEFT)) {
		out_pad(out, ' ', spec.width - length);
	}
	out_pad(out, prefix[0], prefix[0] != 0);
	out_pad(out, prefix[1], prefix[1] != 0);
	out_pad(out, '0', zeros);
	while (count)
		out_char(out, digits[--count]);
	if (spec.flags & SPEC_LEFT)
		out_pad(out, ' ', spec.width - length);
}

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->flags |= SPEC_LEFT;
			break;
		case '+':
			spec->flags |= SPEC_PLUS;
			break;
		case ' ':
			spec->flags |= SPEC_SPACE;
			break;
		case '#':
			spec->flags |= SPEC_SPECIAL;
			break;
		case '0':
			spec->flags |= SPEC_ZERO;
			break;
		default:
			return fmt;
		}
	}
}

static const char *parse_int(const char *fmt, int *value)
{
	for (*value = 0; isdigit(*fmt); fmt++)
		*value = *value * 10 + *fmt - '0';
	return fmt;
}

/* hh, h, l, ll, L, z, t: 'H' stands for hh, 'L' for ll. */
static const char *parse_size(const char *fmt, char *size)
{
	*size = 0;
	if (*fmt != 'h' && *fmt != 'l' && *fmt != 'L' && *fmt != 'z' && *fmt != 't')
		return fmt;
	*size = *fmt++;
	if (*fmt == *size && (*size == 'h' || *size == 'l'))
		*size = toupper(*fmt++);
	return fmt;
}

static unsigned long long narrow(unsigned long long value, char size, bool is_signed)
{
	switch (size) {
	case 'H':
		return is_signed ? (long long)(signed char)value : (unsigned char)value;
	case 'h':
		return is_signed ? (long long)(short)value : (unsigned short)value;
	case 0:
		return is_signed ? (long long)(int)value : (unsigned int)value;
	}
	return value;
}

/*
 * va_list is an array type: handing it on by pointer keeps one position for
 * all functions that take arguments.
 */
struct arguments {
	va_list list;
};

static const char *parse_spec(const char *fmt, struct spec *spec, struct arguments *args)
{
	*spec = (struct spec){.width = -1, .precision = -1, .base = 10};
	fmt = parse_flags(fmt, spec);
	if (isdigit(*fmt)) {
		fmt = parse_int(fmt, &spec->width);
	} else if (*fmt == '*') {
		fmt++;
		spec->width = va_arg(args->list, int);
		if (spec->width < 0) {
			spec->width = -spec->width;
			spec->flags |= SPEC_LEFT;
		}
	}
	if (*fmt == '.') {
		fmt++;
		if (*fmt == '*') {
			fmt++;
			spec->precision = va_arg(args->list, int);
			if (spec->precision < 0)
				spec->precision = 0;
		} else if (isdigit(*fmt)) {
			fmt = parse_int(fmt, &spec->precision);
		}
	}
	return fmt;
}

static void print_char(struct out *out, struct spec *spec, char c)
{
	out_text(out, &c, 1, spec);
}

/* One conversion; fmt points behind its '%'. NULL: the rest of the format cannot be used. */
static const char *convert(struct out *out, const char *fmt, struct arguments *args)
{
	struct spec spec;
	char size;

	fmt = parse_spec(fmt, &spec, args);
	fmt = parse_size(fmt, &size);
	switch (*fmt) {
	case '%':
		out_char(out, '%');
		return fmt + 1;
	case 'c':
		print_char(out, &spec, va_arg(args->list, int));
		return fmt + 1;
	case 's':
		out_string(out, va_arg(args->list, char *), &spec);
		return fmt + 1;
	case 'p':
		fmt++;
		out_pointer(out, fmt, va_arg(args->list, void *), spec);
		while (isalnum(*fmt))
			fmt++;
		return fmt;
	case 'o':
		spec.base = 8;
		break;
	case 'x':
		spec.flags |= SPEC_SMALL;
		fallthrough;
	case 'X':
		spec.base = 16;
		break;
	case 'd':
	case 'i':
		spec.flags |= SPEC_SIGNED;
		fallthrough;
	case 'u':
		break;
	default:
		WARN_ONCE(1, "Please remove unsupported %%%c in format string\n", *fmt);
		return NULL;
	}
	/* Every integer argument takes eight bytes; a narrow one has rubbish above. */
	out_number(out, narrow(va_arg(args->list, unsigned long), size, spec.flags & SPEC_SIGNED),
		   spec);
	return fmt + 1;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out out = {buf, buf, buf + size};
	struct arguments arguments;

	if (WARN_ON_ONCE(size > INT_MAX))
		return 0;
	if (out.end < buf) {
		out.end = (void *)-1;
		size = out.end - buf;
	}
	va_copy(arguments.list, args);
	while (fmt && *fmt) {
		if (*fmt == '%')
			fmt = convert(&out, fmt + 1, &arguments);
		else
			out_char(&out, *fmt++);
	}
	va_end(arguments.list);
	if (size)
		buf[min_t(size_t, out.at - buf, size - 1)] = '\0';
	return out.at - buf;
}
EXPORT_SYMBOL(vsnprintf);

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int length = vsnprintf(buf, size, fmt, args);

	if (!size)
		return 0;
	return min_t(size_t, length, size - 1);
}
EXPORT_SYMBOL(vscnprintf);

int vsprintf(char *buf, const char *fmt, va_list args)
{
	return vsnprintf(buf, INT_MAX, fmt, args);
}
EXPORT_SYMBOL(vsprintf);

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL(snprintf);

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL(scnprintf);

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsprintf(buf, fmt, args);
	va_end(args);
	return length;
}
EXPORT_SYMBOL(sprintf);

char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	va_list again;
	int length;
	char *text;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = kmalloc(length + 1, gfp);
	if (text)
		vsnprintf(text, length + 1, fmt, args);
	return text;
}
EXPORT_SYMBOL(kvasprintf);

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = kvasprintf(gfp, fmt, args);
	va_end(args);
	return text;
}
EXPORT_SYMBOL(kasprintf);
