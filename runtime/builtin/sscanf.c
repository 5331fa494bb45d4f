// SPDX-License-Identifier: GPL-2.0-or-later
/* sscanf, as far as lib/vsprintf.c's knows formats. */
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

struct conversion {
	bool skip; /* %*: nothing is stored */
	int width; /* -1: none */
	char size; /* H: hh, h, l, L: ll, z */
	unsigned int base;
	bool is_signed;
};

static const char *parse_conversion(const char *fmt, struct conversion *conversion)
{
	*conversion = (struct conversion){.width = -1, .base = 10};
	if (*fmt == '*') {
		conversion->skip = true;
		fmt++;
	}
	if (isdigit(*fmt))
		for (conversion->width = 0; isdigit(*fmt); fmt++)
			conversion->width = conversion->width * 10 + *fmt - '0';
	if (*fmt == 'h' || *fmt == 'l' || *fmt == 'L' || *fmt == 'z') {
		conversion->size = *fmt++;
		if (*fmt == conversion->size && (*fmt == 'h' || *fmt == 'l'))
			conversion->size = toupper(*fmt++);
	}
	return fmt;
}

static void store(void *place, const struct conversion *conversion, unsigned long long value)
{
	switch (conversion->size) {
	case 'H':
		*(u8 *)place = value;
		break;
	case 'h':
		*(u16 *)place = value;
		break;
	case 'l':
	case 'L':
	case 'z':
		*(u64 *)place = value;
		break;
	default:
		*(u32 *)place = value;
	}
}

/* What the set %[...] allows; fmt behind the '['. NULL: no end. */
static const char *parse_set(const char *fmt, unsigned long *set)
{
	bool negate = *fmt == '^';

	bitmap_zero(set, 256);
	if (negate)
		fmt++;
	do {
		if (!*fmt)
			return NULL;
		__set_bit((u8)*fmt++, set);
	} while (*fmt != ']');
	if (negate) {
		int i;

		for (i = 0; i < 4; i++)
			set[i] = ~set[i];
	}
	__clear_bit(0, set);
	return fmt + 1;
}

/* Is there a prefix 0x that a number follows, but outside of the width? Then it counts as 0. */
static bool only_prefix_fits(const char *str, int width, unsigned int base)
{
	int sign = *str == '-';

	return (base == 16 || base == 0) && width <= sign + 2 && str[sign] == '0' &&
	       tolower(str[sign + 1]) == 'x' && isxdigit(str[sign + 2]);
}

/* A number of at most width characters; NULL: there is none. */
static const char *scan_number(const char *str, const struct conversion *conversion,
			       unsigned long long *value)
{
	char text[72], *end, *digits = text;
	int width = conversion->width < 0 ? INT_MAX : conversion->width;

	if (only_prefix_fits(str, width, conversion->base)) {
		*value = 0;
		return str + width;
	}
	strscpy(text, str, min_t(size_t, sizeof(text), (size_t)width + 1));
	if (conversion->is_signed && *digits == '-')
		digits++;
	if (!(conversion->base == 16 || conversion->base == 0 ? isxdigit(*digits)
							      : isdigit(*digits)))
		return NULL;
	*value = simple_strtoull(digits, &end, conversion->base);
	if (end == digits)
		return NULL;
	if (digits != text)
		*value = -*value;
	return str + (end - text);
}

static const char *scan_text(const char *str, char *to, int width, const unsigned long *set)
{
	for (; *str && width; width--, str++) {
		if (set ? !test_bit((u8)*str, set) : isspace(*str))
			break;
		if (to)
			*to++ = *str;
	}
	if (to)
		*to = '\0';
	return str;
}

struct scan {
	const char *start, *str;
	int count;
	va_list args;
};

static void *place(struct scan *scan, const struct conversion *conversion)
{
	return conversion->skip ? NULL : va_arg(scan->args, void *);
}

/* c, s and [: NULL ends the scan. */
static const char *scan_string_conversion(struct scan *scan, const char *fmt,
					  struct conversion *conversion)
{
	DECLARE_BITMAP(set, 256);
	const char *before = scan->str;
	int width = conversion->width < 0 ? INT_MAX : conversion->width;
	char kind = *fmt++, *to;

	if (kind == 'c') {
		to = place(scan, conversion);
		for (width = conversion->width < 0 ? 1 : width; width && *scan->str; width--) {
			if (to)
				*to++ = *scan->str;
			scan->str++;
		}
		scan->count += !conversion->skip;
		return fmt;
	}
	if (kind == '[') {
		fmt = conversion->width < 0 ? NULL : parse_set(fmt, set);
		if (!fmt)
			return NULL;
	} else {
		scan->str = skip_spaces(scan->str);
		before = scan->str;
	}
	to = place(scan, conversion);
	scan->str = scan_text(scan->str, to, width, kind == '[' ? set : NULL);
	if (scan->str == before)
		return NULL;
	scan->count += !conversion->skip;
	return fmt;
}

/* One conversion, fmt behind its '%'. */
static const char *scan_conversion(struct scan *scan, const char *fmt)
{
	struct conversion conversion;
	unsigned long long value;
	const char *end;

	fmt = parse_conversion(fmt, &conversion);
	switch (*fmt) {
	case 'c':
	case 's':
	case '[':
		return scan_string_conversion(scan, fmt, &conversion);
	case 'n':
		store(place(scan, &conversion), &conversion, scan->str - scan->start);
		return fmt + 1;
	case '%':
		return *scan->str++ == '%' ? fmt + 1 : NULL;
	case 'o':
		conversion.base = 8;
		break;
	case 'x':
	case 'X':
		conversion.base = 16;
		break;
	case 'i':
		conversion.base = 0;
		fallthrough;
	case 'd':
		conversion.is_signed = true;
		break;
	case 'u':
		break;
	default:
		return NULL;
	}
	end = scan_number(skip_spaces(scan->str), &conversion, &value);
	if (!end)
		return NULL;
	scan->str = end;
	if (!conversion.skip) {
		store(place(scan, &conversion), &conversion, value);
		scan->count++;
	}
	return fmt + 1;
}

int vsscanf(const char *buf, const char *fmt, va_list args)
{
	struct scan scan = {.start = buf, .str = buf};

	va_copy(scan.args, args);
	while (fmt && *fmt) {
		if (isspace(*fmt)) {
			fmt = skip_spaces(fmt);
			scan.str = skip_spaces(scan.str);
		} else if (*fmt == '%') {
			if (!*scan.str && fmt[1] != 'n')
				break;
			fmt = scan_conversion(&scan, fmt + 1);
		} else if (*fmt++ != *scan.str++) {
			break;
		}
	}
	va_end(scan.args);
	return scan.count;
}
EXPORT_SYMBOL(vsscanf);

int sscanf(const char *buf, const char *fmt, ...)
{
	va_list args;
	int count;

	va_start(args, fmt);
	count = vsscanf(buf, fmt, args);
	va_end(args);
	return count;
}
EXPORT_SYMBOL(sscanf);
