// SPDX-License-Identifier: GPL-2.0-or-later
/* Searching and changing arrays of bits. */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* The first bit from offset on that is set once invert is applied. */
static unsigned long find(const unsigned long *addr, unsigned long size, unsigned long offset,
			  unsigned long invert)
{
	unsigned long word;

	if (offset >= size)
		return size;
	word = (addr[BIT_WORD(offset)] ^ invert) & BITMAP_FIRST_WORD_MASK(offset);
	for (offset = round_down(offset, BITS_PER_LONG); !word;) {
		offset += BITS_PER_LONG;
		if (offset >= size)
			return size;
		word = addr[BIT_WORD(offset)] ^ invert;
	}
	return min(offset + __ffs(word), size);
}

unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long offset)
{
	return find(addr, size, offset, 0);
}
EXPORT_SYMBOL(find_next_bit);

unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long offset)
{
	return find(addr, size, offset, ~0UL);
}
EXPORT_SYMBOL(find_next_zero_bit);

unsigned long find_first_bit(const unsigned long *addr, unsigned long size)
{
	return find(addr, size, 0, 0);
}
EXPORT_SYMBOL(find_first_bit);

unsigned long find_first_zero_bit(const unsigned long *addr, unsigned long size)
{
	return find(addr, size, 0, ~0UL);
}
EXPORT_SYMBOL(find_first_zero_bit);

unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long i;

	for (i = size; i; i--)
		if (test_bit(i - 1, addr))
			return i - 1;
	return size;
}
EXPORT_SYMBOL(find_last_bit);

void bitmap_set(unsigned long *map, unsigned int start, unsigned int len)
{
	for (; len; len--, start++)
		__set_bit(start, map);
}
EXPORT_SYMBOL(bitmap_set);

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len)
{
	for (; len; len--, start++)
		__clear_bit(start, map);
}
EXPORT_SYMBOL(bitmap_clear);

unsigned int bitmap_weight(const unsigned long *src, unsigned int nbits)
{
	unsigned int i, weight = 0;

	for (i = 0; i < nbits / BITS_PER_LONG; i++)
		weight += hweight_long(src[i]);
	if (nbits % BITS_PER_LONG)
		weight += hweight_long(src[i] & BITMAP_LAST_WORD_MASK(nbits));
	return weight;
}
EXPORT_SYMBOL(bitmap_weight);

unsigned long *bitmap_alloc(unsigned int nbits, gfp_t flags)
{
	return kmalloc_array(BITS_TO_LONGS(nbits), sizeof(unsigned long), flags);
}
EXPORT_SYMBOL(bitmap_alloc);

unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags)
{
	return bitmap_alloc(nbits, flags | __GFP_ZERO);
}
EXPORT_SYMBOL(bitmap_zalloc);

void bitmap_free(const unsigned long *bitmap)
{
	kfree(bitmap);
}
EXPORT_SYMBOL(bitmap_free);
