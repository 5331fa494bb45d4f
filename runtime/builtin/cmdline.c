// SPDX-License-Identifier: GPL-2.0-or-later
/* Pieces of option strings: numbers, lists, sizes. Behaviour of lib/cmdline.c. */
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/string.h>

/* 0: no number; 1: a number at the end; 2: a comma follows; 3: a '-', so a range begins. */
int get_option(char **str, int *pint)
{
	char *at = *str;
	int value;

	if (!at || !*at)
		return 0;
	if (*at == '-')
		value = -simple_strtoull(++at, str, 0);
	else
		value = simple_strtoull(at, str, 0);
	if (pint)
		*pint = value;
	if (at == *str)
		return 0;
	if (**str == ',') {
		(*str)++;
		return 2;
	}
	return **str == '-' ? 3 : 1;
}
EXPORT_SYMBOL(get_option);

/* ints[0] becomes the number of integers found; nints 0 only counts. */
char *get_options(const char *str, int nints, int *ints)
{
	bool validate = nints == 0;
	int i = 1, kind;

	while (i < nints || validate) {
		int unused, *place = validate ? &unused : ints + i;

		kind = get_option((char **)&str, place);
		if (!kind)
			break;
		if (kind == 3) {
			int upper, value, first = *place;

			str++;
			upper = simple_strtol(str, (char **)&str, 0);
			for (value = first; value < upper && (validate || i < nints); value++, i++)
				if (!validate)
					ints[i] = value;
			if (value < upper)
				break;
			if (!validate && i < nints)
				ints[i] = upper;
			i++;
			if (*str != ',')
				break;
			str++;
			continue;
		}
		i++;
		if (kind == 1)
			break;
	}
	ints[0] = i - 1;
	return (char *)str;
}
EXPORT_SYMBOL(get_options);

unsigned long long memparse(const char *ptr, char **retptr)
{
	static const char suffixes[] = "kmgtpe";
	char *end;
	unsigned long long value = simple_strtoull(ptr, &end, 0);
	const char *suffix = *end ? strchr(suffixes, tolower(*end)) : NULL;

	if (suffix) {
		value <<= 10 * (suffix - suffixes + 1);
		end++;
	}
	if (retptr)
		*retptr = end;
	return value;
}
EXPORT_SYMBOL(memparse);

bool parse_option_str(const char *str, const char *option)
{
	size_t length = strlen(option);

	while (*str) {
		if (!strncmp(str, option, length) && (!str[length] || str[length] == ','))
			return true;
		str = strchrnul(str, ',');
		if (*str == ',')
			str++;
	}
	return false;
}

/* Digit by digit, from above. */
unsigned long int_sqrt(unsigned long x)
{
	unsigned long bit, root = 0;

	for (bit = 1UL << 62; bit; bit >>= 2) {
		unsigned long trial = root + bit;

		root >>= 1;
		if (x >= trial) {
			x -= trial;
			root += bit;
		}
	}
	return root;
}
EXPORT_SYMBOL(int_sqrt);
