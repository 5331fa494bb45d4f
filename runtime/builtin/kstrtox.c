// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Strings to numbers. kstrto*: the whole string, perhaps with one newline, or
 * an error (lib/kstrtox.c); simple_strto*: what is there (lib/vsprintf.c).
 */
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* Base 0 goes by the prefix; a prefix 0x is skipped for base 16. */
static const char *parse_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && tolower(s[1]) == 'x';

	if (*base == 0) {
		if (hex && isxdigit(s[2]))
			*base = 16;
		else
			*base = s[0] == '0' ? 8 : 10;
	}
	return *base == 16 && hex ? s + 2 : s;
}

static unsigned int digit_of(char c)
{
	if (isdigit(c))
		return c - '0';
	c = tolower(c);
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : UINT_MAX;
}

/* Digits consumed; *overflow is set if the value does not fit. */
static size_t parse_digits(const char *s, unsigned int base, unsigned long long *value,
			   bool *overflow, size_t max)
{
	size_t count;

	*value = 0;
	*overflow = false;
	for (count = 0; count < max && digit_of(s[count]) < base; count++)
		if (check_mul_overflow(*value, (unsigned long long)base, value) ||
		    check_add_overflow(*value, (unsigned long long)digit_of(s[count]), value))
			*overflow = true;
	return count;
}

static int parse_whole(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long value;
	bool overflow;
	size_t count;

	s = parse_base(s, &base);
	count = parse_digits(s, base, &value, &overflow, SIZE_MAX);
	if (overflow)
		return -ERANGE;
	if (!count)
		return -EINVAL;
	s += count;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	*res = value;
	return 0;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	return parse_whole(*s == '+' ? s + 1 : s, base, res);
}
EXPORT_SYMBOL(kstrtoull);

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	unsigned long long value;
	int error;

	if (*s != '-') {
		error = kstrtoull(s, base, &value);
		if (!error && (long long)value < 0)
			error = -ERANGE;
	} else {
		error = parse_whole(s + 1, base, &value);
		if (!error && (long long)-value > 0)
			error = -ERANGE;
		value = -value;
	}
	if (!error)
		*res = value;
	return error;
}
EXPORT_SYMBOL(kstrtoll);

#define NARROW(name, type, wide, wider)                                                            \
	int name(const char *s, unsigned int base, type *res)                                      \
	{                                                                                          \
		wider value;                                                                       \
		int error = wide(s, base, &value);                                                 \
                                                                                                   \
		if (error)                                                                         \
			return error;                                                              \
		if (value != (type)value)                                                          \
			return -ERANGE;                                                            \
		*res = value;                                                                      \
		return 0;                                                                          \
	}                                                                                          \
	EXPORT_SYMBOL(name)
NARROW(_kstrtoul, unsigned long, kstrtoull, unsigned long long);
NARROW(_kstrtol, long, kstrtoll, long long);
NARROW(kstrtouint, unsigned int, kstrtoull, unsigned long long);
NARROW(kstrtoint, int, kstrtoll, long long);
NARROW(kstrtou16, u16, kstrtoull, unsigned long long);
NARROW(kstrtos16, s16, kstrtoll, long long);
NARROW(kstrtou8, u8, kstrtoull, unsigned long long);
NARROW(kstrtos8, s8, kstrtoll, long long);

int kstrtobool(const char *s, bool *res)
{
	if (!s)
		return -EINVAL;
	switch (tolower(s[0])) {
	case 'y':
	case 't':
	case '1':
		*res = true;
		return 0;
	case 'n':
	case 'f':
	case '0':
		*res = false;
		return 0;
	case 'o':
		if (tolower(s[1]) == 'n')
			*res = true;
		else if (tolower(s[1]) == 'f')
			*res = false;
		else
			return -EINVAL;
		return 0;
	}
	return -EINVAL;
}
EXPORT_SYMBOL(kstrtobool);

/* Sign, prefix, 64 binary digits, newline and NUL fit; what is longer is no number. */
#define FROM_USER(name, convert, type)                                                             \
	int name(const char __user *s, size_t count, unsigned int base, type *res)                 \
	{                                                                                          \
		char text[1 + 2 + 64 + 1 + 1];                                                     \
                                                                                                   \
		count = min(count, sizeof(text) - 1);                                              \
		if (copy_from_user(text, s, count))                                                \
			return -EFAULT;                                                            \
		text[count] = '\0';                                                                \
		return convert(text, base, res);                                                   \
	}                                                                                          \
	EXPORT_SYMBOL(name)
FROM_USER(kstrtoull_from_user, kstrtoull, unsigned long long);
FROM_USER(kstrtoll_from_user, kstrtoll, long long);
FROM_USER(kstrtoul_from_user, kstrtoul, unsigned long);
FROM_USER(kstrtol_from_user, kstrtol, long);
FROM_USER(kstrtouint_from_user, kstrtouint, unsigned int);
FROM_USER(kstrtoint_from_user, kstrtoint, int);

int kstrtobool_from_user(const char __user *s, size_t count, bool *res)
{
	char text[4];

	count = min(count, sizeof(text) - 1);
	if (copy_from_user(text, s, count))
		return -EFAULT;
	text[count] = '\0';
	return kstrtobool(text, res);
}
EXPORT_SYMBOL(kstrtobool_from_user);

unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base)
{
	unsigned long long value;
	bool overflow;

	cp = parse_base(cp, &base);
	cp += parse_digits(cp, base, &value, &overflow, INT_MAX);
	if (endp)
		*endp = (char *)cp;
	return value;
}
EXPORT_SYMBOL(simple_strtoull);

unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoull(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtoul);

long long simple_strtoll(const char *cp, char **endp, unsigned int base)
{
	return *cp == '-' ? -simple_strtoull(cp + 1, endp, base) : simple_strtoull(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtoll);

long simple_strtol(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoll(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtol);
