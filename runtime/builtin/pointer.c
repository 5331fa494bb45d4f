// SPDX-License-Identifier: GPL-2.0-or-later
/* %p and what may follow it: Documentation/core-api/printk-formats.rst. */
#include <linux/bitmap.h>
#include <asm/cmpxchg.h>
#include <asm/page.h>
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/string.h>
#include "vsprintf.h"

#define NO_SPEC ((struct spec){.width = -1, .precision = -1, .base = 10})

static void out_hex_pointer(struct out *out, unsigned long value, struct spec spec)
{
	spec.base = 16;
	spec.flags |= SPEC_SMALL;
	if (spec.width < 0) {
		spec.width = spec.flags & SPEC_SPECIAL ? 18 : 16;
		spec.flags |= SPEC_ZERO;
	}
	out_number(out, value, spec);
}

/* Boot option: addresses are printed as they are. */
bool no_hash_pointers;
EXPORT_SYMBOL_GPL(no_hash_pointers);

/* Same for the same pointer within one boot; does not tell the address. */
static unsigned long hash_pointer(unsigned long value)
{
	static unsigned long key;

	if (unlikely(!READ_ONCE(key)))
		cmpxchg(&key, 0, get_random_u64() | 1);
	value ^= key;
	value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdUL;
	value = (value ^ (value >> 33)) * (key | 1);
	return (u32)(value >> 32);
}

static void out_hashed(struct out *out, void *pointer, struct spec spec)
{
	unsigned long value = (unsigned long)pointer;

	if (!IS_ERR_OR_NULL(pointer) && !no_hash_pointers)
		value = hash_pointer(value);
	out_hex_pointer(out, value, spec);
}

/* True if the pointer cannot be followed; says so in its place. */
static bool bad_pointer(struct out *out, const void *pointer, const struct spec *spec)
{
	struct spec plain = {.flags = spec->flags, .width = spec->width, .precision = -1};

	if ((unsigned long)pointer >= PAGE_SIZE && !IS_ERR_VALUE(pointer))
		return false;
	out_string(out, pointer ? "(efault)" : "(null)", &plain);
	return true;
}

static void out_symbol(struct out *out, const char *fmt, void *pointer, struct spec spec)
{
	char name[KSYM_SYMBOL_LEN];
	unsigned long address = (unsigned long)pointer;

	if (fmt[0] == 'B')
		sprint_backtrace(name, address);
	else if (fmt[0] == 's')
		sprint_symbol_no_offset(name, address);
	else
		sprint_symbol(name, address);
	spec.precision = -1;
	out_string(out, name, &spec);
}

/* %*ph: up to 64 bytes, apart by ' ', ':' (C), '-' (D) or nothing (N). */
static void out_hex_bytes(struct out *out, const char *fmt, const u8 *bytes, struct spec spec)
{
	int i, length = clamp(spec.width, 1, 64);
	char separator = ' ';

	if (!spec.width || bad_pointer(out, bytes, &NO_SPEC))
		return;
	if (fmt[1] == 'C')
		separator = ':';
	else if (fmt[1] == 'D')
		separator = '-';
	else if (fmt[1] == 'N')
		separator = 0;
	for (i = 0; i < length; i++) {
		if (i && separator)
			out_char(out, separator);
		out_char(out, hex_asc_hi(bytes[i]));
		out_char(out, hex_asc_lo(bytes[i]));
	}
}

/* %pM[FR], %pm[R]: the case of the letter says whether there are separators. */
static void out_mac(struct out *out, const char *fmt, const u8 *address, struct spec spec)
{
	char text[6 * 3 + 1], *p = text, separator = fmt[1] == 'F' ? '-' : ':';
	bool reversed = fmt[1] == 'R';
	int i;

	if (bad_pointer(out, address, &spec))
		return;
	for (i = 0; i < 6; i++) {
		p = hex_byte_pack(p, address[reversed ? 5 - i : i]);
		if (fmt[0] == 'M' && i < 5)
			*p++ = separator;
	}
	out_text(out, text, p - text, &spec);
}

static char *put_ip4(char *p, const char *fmt, const u8 *address)
{
	bool padded = fmt[0] == 'i';
	bool reversed = fmt[2] == 'h' || fmt[2] == 'l';
	int i;

	for (i = 0; i < 4; i++) {
		p += sprintf(p, padded ? "%03u" : "%u", address[reversed ? 3 - i : i]);
		if (i < 3)
			*p++ = '.';
	}
	return p;
}

/* RFC 5952: the longest run of zero groups, of two at least, becomes "::". */
static char *put_ip6_compressed(char *p, const u8 *address)
{
	int i, run = 0, best = 0, start = -1;

	for (i = 0; i < 8; i++) {
		run = address[2 * i] || address[2 * i + 1] ? 0 : run + 1;
		if (run > best) {
			best = run;
			start = i - run + 1;
		}
	}
	if (best < 2)
		start = -1;
	for (i = 0; i < 8; i++) {
		if (i == start) {
			*p++ = ':';
			i += best - 1;
			if (i == 7)
				*p++ = ':';
			continue;
		}
		if (i)
			*p++ = ':';
		p += sprintf(p, "%x", address[2 * i] << 8 | address[2 * i + 1]);
	}
	return p;
}

static void out_ip(struct out *out, const char *fmt, const u8 *address, struct spec spec)
{
	char text[48], *p = text;
	int i;

	if (bad_pointer(out, address, &spec))
		return;
	if (fmt[1] == '4') {
		p = put_ip4(p, fmt, address);
	} else if (fmt[0] == 'I' && fmt[2] == 'c') {
		p = put_ip6_compressed(p, address);
	} else {
		for (i = 0; i < 16; i++) {
			p = hex_byte_pack(p, address[i]);
			if (fmt[0] == 'I' && i % 2 && i < 15)
				*p++ = ':';
		}
	}
	out_text(out, text, p - text, &spec);
}

/* %pE: unprintable bytes escaped; n: all of them as the flags a, c, h, n, o, p, s ask. */
static void out_escaped(struct out *out, const u8 *text, struct spec spec)
{
	static const char letters[] = "\nn\rr\tt\vv\ff\aa\033e";
	int i, j;

	if (!spec.width || bad_pointer(out, text, &NO_SPEC))
		return;
	for (i = 0; i < max(spec.width, 1); i++) {
		if (isascii(text[i]) && isprint(text[i]) && text[i] != '\\' && text[i] != '"') {
			out_char(out, text[i]);
			continue;
		}
		out_char(out, '\\');
		for (j = 0; letters[j] && letters[j] != text[i]; j += 2)
			;
		if (text[i] == '\\' || text[i] == '"') {
			out_char(out, text[i]);
		} else if (letters[j]) {
			out_char(out, letters[j + 1]);
		} else {
			out_char(out, '0' + (text[i] >> 6));
			out_char(out, '0' + ((text[i] >> 3) & 7));
			out_char(out, '0' + (text[i] & 7));
		}
	}
}

/* %pU[bBlL]: b big endian, l little endian, capitals for capital digits. */
static void out_uuid(struct out *out, const char *fmt, const u8 *uuid, struct spec spec)
{
	static const u8 little[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
	bool swapped = tolower(fmt[1]) == 'l', capitals = fmt[1] == 'L' || fmt[1] == 'B';
	char text[37], *p = text;
	int i;

	if (bad_pointer(out, uuid, &spec))
		return;
	for (i = 0; i < 16; i++) {
		p += sprintf(p, capitals ? "%02X" : "%02x", uuid[swapped ? little[i] : i]);
		if (i == 3 || i == 5 || i == 7 || i == 9)
			*p++ = '-';
	}
	out_text(out, text, p - text, &spec);
}

static void out_va_format(struct out *out, struct va_format *format)
{
	size_t room = out->at < out->end ? out->end - out->at : 0;
	va_list args;

	va_copy(args, *format->va);
	out->at += vsnprintf(room ? out->at : NULL, room, format->fmt, args);
	va_end(args);
}

/* %*pb: as hexadecimal, 32 bits a group; %*pbl: as a list of ranges. */
static void out_bitmap(struct out *out, const char *fmt, const unsigned long *bits,
		       struct spec spec)
{
	int nr = max(spec.width, 0), i, end;
	char text[32];

	if (bad_pointer(out, bits, &NO_SPEC))
		return;
	if (fmt[1] != 'l') {
		for (i = (nr - 1) / 32; i >= 0; i--) {
			int in_group = min(nr - i * 32, 32);
			u32 group = bits[i / 2] >> (i % 2 * 32);

			if (in_group < 32)
				group &= (1u << in_group) - 1;
			sprintf(text, "%0*x", DIV_ROUND_UP(in_group, 4), group);
			out_string(out, text, &NO_SPEC);
			if (i)
				out_char(out, ',');
		}
		return;
	}
	for (i = find_first_bit(bits, nr); i < nr; i = find_next_bit(bits, nr, end)) {
		end = find_next_zero_bit(bits, nr, i);
		sprintf(text, end - i > 1 ? "%d-%d" : "%d", i, end - 1);
		out_string(out, text, &NO_SPEC);
		if (find_next_bit(bits, nr, end) < nr)
			out_char(out, ',');
	}
}

static void out_error(struct out *out, void *pointer, struct spec spec)
{
	const char *name = IS_ERR(pointer) ? errname(-PTR_ERR(pointer)) : NULL;
	char text[32];

	if (!IS_ERR(pointer)) {
		out_hashed(out, pointer, spec);
	} else if (name) {
		snprintf(text, sizeof(text), "-%s", name);
		out_text(out, text, strlen(text), &spec);
	} else {
		spec.base = 10;
		spec.flags |= SPEC_SIGNED;
		out_number(out, PTR_ERR(pointer), spec);
	}
}

void out_pointer(struct out *out, const char *fmt, void *pointer, struct spec spec)
{
	switch (*fmt) {
	case 'S':
	case 's':
	case 'B':
		out_symbol(out, fmt, pointer, spec);
		return;
	case 'h':
		out_hex_bytes(out, fmt, pointer, spec);
		return;
	case 'M':
	case 'm':
		out_mac(out, fmt, pointer, spec);
		return;
	case 'I':
	case 'i':
		if (fmt[1] != '4' && fmt[1] != '6')
			break;
		out_ip(out, fmt, pointer, spec);
		return;
	case 'E':
		out_escaped(out, pointer, spec);
		return;
	case 'U':
		out_uuid(out, fmt, pointer, spec);
		return;
	case 'V':
		if (!bad_pointer(out, pointer, &spec))
			out_va_format(out, pointer);
		return;
	case 'b':
		out_bitmap(out, fmt, pointer, spec);
		return;
	case 'a':
		if (bad_pointer(out, pointer, &spec))
			return;
		spec.width = 18;
		spec.flags |= SPEC_SPECIAL | SPEC_SMALL | SPEC_ZERO;
		spec.base = 16;
		out_number(out, *(u64 *)pointer, spec);
		return;
	case 'x':
		out_hex_pointer(out, (unsigned long)pointer, spec);
		return;
	case 'e':
		out_error(out, pointer, spec);
		return;
	}
	/* %pK is hashed as long as kptr_restrict is 0, which it always is here. */
	out_hashed(out, pointer, spec);
}
