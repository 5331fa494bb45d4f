/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that grow. What could not be added is told once, at the end, by failed. */
#ifndef RING3_KMOD_BUFFER_H
#define RING3_KMOD_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	char *data; /* owned */
	size_t size, capacity;
	bool failed; /* there was no memory; what it holds is of no use */
};

/* size bytes more, to be written by the caller. NULL: no memory. */
char *buffer_extend(struct buffer *buffer, size_t size);
void buffer_add(struct buffer *buffer, const void *data, size_t size);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_byte(struct buffer *buffer, uint8_t byte);
void buffer_add_be32(struct buffer *buffer, uint32_t number);
__attribute__((format(printf, 2, 3))) void buffer_printf(struct buffer *buffer, const char *format,
							 ...);
void buffer_release(struct buffer *buffer);

#endif
