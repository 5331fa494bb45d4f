// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/kmod/buffer.h"

#define FIRST_CAPACITY 256

/* Room for size bytes more. */
static bool reserve(struct buffer *buffer, size_t size)
{
	size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
	char *data;

	if (buffer->failed)
		return false;
	if (size <= buffer->capacity - buffer->size)
		return true;
	while (capacity - buffer->size < size)
		capacity *= 2;
	data = realloc(buffer->data, capacity);
	if (!data) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

char *buffer_extend(struct buffer *buffer, size_t size)
{
	if (!reserve(buffer, size))
		return NULL;
	buffer->size += size;
	return buffer->data + buffer->size - size;
}

void buffer_add(struct buffer *buffer, const void *data, size_t size)
{
	char *to = size ? buffer_extend(buffer, size) : NULL;

	if (to)
		memcpy(to, data, size);
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

void buffer_add_byte(struct buffer *buffer, uint8_t byte)
{
	buffer_add(buffer, &byte, sizeof(byte));
}

void buffer_add_be32(struct buffer *buffer, uint32_t number)
{
	number = htonl(number);
	buffer_add(buffer, &number, sizeof(number));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || !reserve(buffer, (size_t)length + 1))
		return;
	va_start(arguments, format);
	vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->size += length;
}

void buffer_release(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){0};
}
