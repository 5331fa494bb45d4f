// SPDX-License-Identifier: GPL-2.0-or-later
/* The module system calls of Linux 2.4, in a box of that scheme. */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include "scheme24/scheme24.h"
#include "syscall/client.h"

/* get_mod_name(): how long a name may be, with its NUL, is a matter of one page. */
static int read_name(const struct client *client, uint64_t address, char name[PAGE_SIZE])
{
	ssize_t length = client_read_string(client, address, name, PAGE_SIZE);

	if (length < 0)
		return length;
	if (!length)
		return -EINVAL;
	return length < (ssize_t)PAGE_SIZE ? 0 : -ENAMETOOLONG;
}

static int enter(const struct client *client)
{
	return box_enter(client->box) ? -EIO : 0;
}

/*
 * What the superuser's calls begin with: into the box, as the client. On success
 * box_leave() is the caller's. name NULL: none is given.
 */
static long begin(const struct client *client, uint64_t address, char *name)
{
	long error = client_capable(client, CAP_SYS_MODULE) ? 0 : -EPERM;

	if (!error && name)
		error = read_name(client, address, name);
	if (!error)
		error = client_take_comm(client);
	return error ? error : enter(client);
}

static long serve_create(struct client *client, const uint64_t *arguments)
{
	char name[PAGE_SIZE];
	uint64_t address;
	long error = begin(client, arguments[0], name);

	if (error)
		return error;
	error = scheme24_create(client->box, name, arguments[1], &address);
	box_leave(client->box);
	return error ? error : (long)address;
}

struct image {
	const struct client *client;
	uint64_t address;
};

static int read_image(void *context, uint64_t offset, void *data, size_t size)
{
	const struct image *image = context;

	return client_read(image->client, image->address + offset, data, size);
}

static long serve_init(struct client *client, const uint64_t *arguments)
{
	struct image image = {client, arguments[1]};
	char name[PAGE_SIZE];
	long error = begin(client, arguments[0], name);

	if (error)
		return error;
	error = scheme24_init(client->box, name, &(struct image_source){read_image, &image});
	box_leave(client->box);
	return error;
}

static long serve_delete(struct client *client, const uint64_t *arguments)
{
	char name[PAGE_SIZE];
	long error = begin(client, arguments[0], arguments[0] ? name : NULL);

	if (error)
		return error;
	error = arguments[0] ? scheme24_delete(client->box, name) : scheme24_reap(client->box);
	box_leave(client->box);
	return error;
}

/* What fits goes to the buffer, and how much there is to *ret. */
static long give(const struct client *client, const struct query_reply *reply,
		 const uint64_t *arguments)
{
	bool fits = reply->length <= arguments[3];
	uint64_t ret = fits ? reply->count : reply->length;
	long error = 0;

	if (fits && reply->length)
		error = client_write(client, arguments[2], reply->data, reply->length);
	if (!error)
		error = client_write(client, arguments[4], &ret, sizeof(ret));
	return error || fits ? error : -ENOSPC;
}

static long serve_query(struct client *client, const uint64_t *arguments)
{
	int which = (int)arguments[1];
	struct query_reply reply;
	char name[PAGE_SIZE];
	long error = 0;

	if (arguments[0])
		error = read_name(client, arguments[0], name);
	if (!error)
		error = enter(client);
	if (error)
		return error;
	error = scheme24_query(client->box, arguments[0] ? name : NULL, which, &reply);
	box_leave(client->box);
	if (error || !which)
		return error;
	error = give(client, &reply, arguments);
	free(reply.data);
	return error;
}

/* A table that cannot be written ends it early, without an error. */
static long serve_kernel_syms(struct client *client, const uint64_t *arguments)
{
	struct r3_24_kernel_symbol *symbols;
	long count = enter(client), stored = 0;

	if (count)
		return count;
	count = scheme24_kernel_symbols(client->box, &symbols);
	box_leave(client->box);
	if (count < 0)
		return count;
	while (arguments[0] && stored < count &&
	       !client_write(client, arguments[0] + stored * sizeof(*symbols), &symbols[stored],
			     sizeof(*symbols)))
		stored++;
	free(symbols);
	return arguments[0] ? stored : count;
}

long serve_module24(struct client *client)
{
	const uint64_t *arguments = (const uint64_t *)client->notification.data.args;

	switch (client->notification.data.nr) {
	case SYS_create_module:
		return serve_create(client, arguments);
	case SYS_init_module:
		return serve_init(client, arguments);
	case SYS_delete_module:
		return serve_delete(client, arguments);
	case SYS_query_module:
		return serve_query(client, arguments);
	case SYS_get_kernel_syms:
		return serve_kernel_syms(client, arguments);
	}
	return -ENOSYS; /* finit_module */
}
