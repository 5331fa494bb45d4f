/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machine code, byte by byte. */
#ifndef RING3_ARCH_EMIT_H
#define RING3_ARCH_EMIT_H

#include <stdint.h>
#include <string.h>

static inline uint8_t *emit(uint8_t *at, const void *bytes, size_t length)
{
	memcpy(at, bytes, length);
	return at + length;
}

/* The next place after these bytes, which are written at the place given. */
#define EMIT(at, ...)                                                                              \
	emit(at, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

#endif
