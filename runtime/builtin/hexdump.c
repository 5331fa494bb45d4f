// SPDX-License-Identifier: GPL-2.0-or-later
/* Bytes as hexadecimal digits and back; layout of lib/hexdump.c's lines. */
#include <asm/unaligned.h>
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

const char hex_asc[] = "0123456789abcdef";
EXPORT_SYMBOL(hex_asc);
const char hex_asc_upper[] = "0123456789ABCDEF";
EXPORT_SYMBOL(hex_asc_upper);

int hex_to_bin(unsigned char ch)
{
	if (isdigit(ch))
		return ch - '0';
	ch = tolower(ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}
EXPORT_SYMBOL(hex_to_bin);

int hex2bin(u8 *dst, const char *src, size_t count)
{
	while (count--) {
		int high = hex_to_bin(*src++), low;

		if (high < 0)
			return -EINVAL;
		low = hex_to_bin(*src++);
		if (low < 0)
			return -EINVAL;
		*dst++ = high << 4 | low;
	}
	return 0;
}
EXPORT_SYMBOL(hex2bin);

char *bin2hex(char *dst, const void *src, size_t count)
{
	const u8 *byte = src;

	while (count--)
		dst = hex_byte_pack(dst, *byte++);
	return dst;
}
EXPORT_SYMBOL(bin2hex);

static int put_group(char *text, size_t room, const u8 *group, int size)
{
	switch (size) {
	case 8:
		return snprintf(text, room, "%16.16llx", get_unaligned((const u64 *)group));
	case 4:
		return snprintf(text, room, "%8.8x", get_unaligned((const u32 *)group));
	case 2:
		return snprintf(text, room, "%4.4x", get_unaligned((const u16 *)group));
	}
	return snprintf(text, room, "%2.2x", *group);
}

/* Returns what a large enough buffer would have taken. */
int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize, char *linebuf,
		       size_t linebuflen, bool ascii)
{
	const u8 *bytes = buf;
	size_t i, at = 0, ascii_column;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	len = min_t(size_t, len, rowsize);
	if (!is_power_of_2(groupsize) || groupsize > 8 || len % groupsize)
		groupsize = 1;
	ascii_column = rowsize * 2 + rowsize / groupsize + 1;
	if (linebuflen)
		linebuf[0] = '\0';
#define room()  (at < linebuflen ? linebuflen - at : 0)
#define place() (at < linebuflen ? linebuf + at : NULL)
	for (i = 0; i < len; i += groupsize) {
		at += snprintf(place(), room(), i ? " " : "");
		at += put_group(place(), room(), bytes + i, groupsize);
	}
	if (!ascii || !len)
		return at;
	at += snprintf(place(), room(), "%*s", (int)(ascii_column - at), "");
	for (i = 0; i < len; i++)
		at += snprintf(place(), room(), "%c",
			       isascii(bytes[i]) && isprint(bytes[i]) ? bytes[i] : '.');
	return at;
#undef room
#undef place
}
EXPORT_SYMBOL(hex_dump_to_buffer);

void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize,
		    int groupsize, const void *buf, size_t len, bool ascii)
{
	char line[32 * 3 + 2 + 32 + 1];
	size_t i;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	for (i = 0; i < len; i += rowsize) {
		hex_dump_to_buffer(buf + i, min_t(size_t, len - i, rowsize), rowsize, groupsize,
				   line, sizeof(line), ascii);
		if (prefix_type == DUMP_PREFIX_ADDRESS)
			printk("%s%s%p: %s\n", level, prefix_str, buf + i, line);
		else if (prefix_type == DUMP_PREFIX_OFFSET)
			printk("%s%s%.8x: %s\n", level, prefix_str, (unsigned int)i, line);
		else
			printk("%s%s%s\n", level, prefix_str, line);
	}
}
EXPORT_SYMBOL(print_hex_dump);
