// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * MD4 as RFC 1320, section 3, describes it, except that words are read from
 * and written to bytes in big-endian order, as Linux's modpost does (ntohl).
 */
#include <string.h>
#include "md4.h"

static uint32_t rotate(uint32_t value, unsigned int bits)
{
	return value << bits | value >> (32 - bits);
}

static uint32_t load_word(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static void store_word(uint8_t *bytes, uint32_t value)
{
	bytes[0] = value >> 24;
	bytes[1] = value >> 16;
	bytes[2] = value >> 8;
	bytes[3] = value;
}

/* The auxiliary functions F, G and H of the three rounds. */
static uint32_t mix(unsigned int round, uint32_t x, uint32_t y, uint32_t z)
{
	switch (round) {
	case 0:
		return (x & y) | (~x & z);
	case 1:
		return (x & y) | (x & z) | (y & z);
	default:
		return x ^ y ^ z;
	}
}

static void transform(struct md4 *md4)
{
	static const uint8_t order[3][16] = {
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
		{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
		{0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15},
	};
	static const uint8_t shifts[3][4] = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
	static const uint32_t constants[3] = {0, 0x5a827999, 0x6ed9eba1};
	uint32_t v[4], sum;
	unsigned int round, i;

	memcpy(v, md4->state, sizeof(v));
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 16; i++) {
			sum = v[0] + mix(round, v[1], v[2], v[3]) + constants[round] +
			      load_word(md4->block + 4 * order[round][i]);
			v[0] = v[3];
			v[3] = v[2];
			v[2] = v[1];
			v[1] = rotate(sum, shifts[round][i % 4]);
		}
	}
	for (i = 0; i < 4; i++)
		md4->state[i] += v[i];
}

void md4_init(struct md4 *md4)
{
	static const uint32_t initial[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

	memset(md4, 0, sizeof(*md4));
	memcpy(md4->state, initial, sizeof(initial));
}

void md4_update(struct md4 *md4, const void *data, size_t length)
{
	const uint8_t *bytes = data;

	while (length--) {
		md4->block[md4->length++ % sizeof(md4->block)] = *bytes++;
		if (md4->length % sizeof(md4->block) == 0)
			transform(md4);
	}
}

void md4_final(struct md4 *md4, uint8_t digest[16])
{
	uint64_t bits = 8 * md4->length;
	uint8_t size[8];
	unsigned int i;

	store_word(size, bits);
	store_word(size + 4, bits >> 32);
	md4_update(md4, "\x80", 1);
	while (md4->length % sizeof(md4->block) != sizeof(md4->block) - sizeof(size))
		md4_update(md4, "", 1);
	md4_update(md4, size, sizeof(size));
	for (i = 0; i < 4; i++)
		store_word(digest + 4 * i, md4->state[i]);
}
