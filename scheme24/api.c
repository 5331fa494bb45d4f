// SPDX-License-Identifier: GPL-2.0-or-later
/* The public calls (include/ring3/scheme24.h). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "scheme24/scheme24.h"

static int enter(struct r3_box *box)
{
	if (!box_is_24(box))
		return r3_fail(-ENOSYS, "this box does not have the 2.4 scheme");
	return box_enter(box);
}

int r3_create_module(struct r3_box *box, const char *name, size_t size, uint64_t *address)
{
	int error = enter(box);

	if (error)
		return error;
	error = scheme24_create(box, name, size, address);
	box_leave(box);
	return error;
}

struct buffer {
	const char *data;
	size_t length;
};

static int read_buffer(void *context, uint64_t offset, void *data, size_t size)
{
	const struct buffer *buffer = context;

	if (offset > buffer->length || size > buffer->length - offset)
		return r3_fail(-EFAULT, "the image ends after %zu bytes", buffer->length);
	memcpy(data, buffer->data + offset, size);
	return 0;
}

int r3_init_module(struct r3_box *box, const char *name, const void *image, size_t length)
{
	struct buffer buffer = {image, length};
	int error = enter(box);

	if (error)
		return error;
	error = scheme24_init(box, name, &(struct image_source){read_buffer, &buffer});
	box_leave(box);
	return error;
}

int r3_delete_module(struct r3_box *box, const char *name)
{
	int error = enter(box);

	if (error)
		return error;
	error = name ? scheme24_delete(box, name) : scheme24_reap(box);
	box_leave(box);
	return error;
}

int r3_query_module(struct r3_box *box, const char *name, int which, void *buffer, size_t size,
		    size_t *ret)
{
	struct query_reply reply;
	int error = enter(box);

	if (error)
		return error;
	error = scheme24_query(box, name, which, &reply);
	box_leave(box);
	if (error || !which)
		return error;
	*ret = reply.length > size ? reply.length : reply.count;
	if (reply.length > size)
		error = r3_fail(-ENOSPC, "the answer has %zu bytes", reply.length);
	else if (reply.length)
		memcpy(buffer, reply.data, reply.length);
	free(reply.data);
	return error;
}

long r3_get_kernel_syms(struct r3_box *box, struct r3_24_kernel_symbol *table, size_t room)
{
	struct r3_24_kernel_symbol *symbols;
	long count = enter(box);

	if (count)
		return count;
	count = scheme24_kernel_symbols(box, &symbols);
	box_leave(box);
	if (count < 0)
		return r3_fail((int)count, "no memory for the kernel's symbols");
	if ((size_t)count < room)
		room = count;
	if (room)
		memcpy(table, symbols, room * sizeof(*table));
	free(symbols);
	return count;
}
