/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The MD4 (RFC 1320) that srcversion is made of. Not for security. */
#ifndef RING3_MD4_H
#define RING3_MD4_H

#include <stddef.h>
#include <stdint.h>

struct md4 {
	uint32_t state[4];
	uint64_t length; /* bytes so far */
	uint8_t block[64];
};

void md4_init(struct md4 *md4);
void md4_update(struct md4 *md4, const void *data, size_t length);
void md4_final(struct md4 *md4, uint8_t digest[16]);

#endif
