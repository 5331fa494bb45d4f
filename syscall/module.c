// SPDX-License-Identifier: GPL-2.0-or-later
/* init_module, finit_module and delete_module, in the order of kernel/module/main.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "loader/loader.h"
#include "syscall/client.h"
#include "target/target.h"

#define MAX_ARGUMENTS (1UL << 24) /* of a module, bytes */
#define VALID_FLAGS   (R3_LOAD_IGNORE_MODVERSIONS | R3_LOAD_IGNORE_VERMAGIC | R3_LOAD_COMPRESSED_FILE)

static bool may_init_module(const struct client *client)
{
	return client_capable(client, CAP_SYS_MODULE) &&
	       !__atomic_load_n(&client->box->sysctls.modules_disabled, __ATOMIC_RELAXED);
}

int client_take_comm(const struct client *client)
{
	char comm[CALLER_COMM_SIZE];
	int error = client_comm(client, comm);

	return error ? error : box_set_comm(client->box, comm);
}

/* Waits of the loader end when a signal comes for the client. */
static long load_interruptible(struct client *client, struct module_image *image,
			       const char *arguments, unsigned int flags)
{
	int error;

	client->interrupted = false;
	error = client_take_comm(client);
	if (error)
		return error;
	module_interruptible(client_signal_pending, client);
	error = box_load_image(client->box, image, arguments, flags);
	module_interruptible(NULL, NULL);
	return error == -EINTR && client->interrupted ? -ERESTARTSYS : error;
}

/*
 * The arguments are copied when the module is all but loaded: everything that
 * is wrong with the image is found before.
 */
static long load_for(struct client *client, struct module_image *image, uint64_t address,
		     unsigned int flags)
{
	char *arguments;
	long error = client_copy_string(client, address, MAX_ARGUMENTS, &arguments);
	long other;

	if (!error) {
		error = load_interruptible(client, image, arguments, flags);
		free(arguments);
	} else if (error != -ESRCH) {
		other = load_interruptible(client, image, "", flags | R3_LOAD_DRY);
		error = other ? other : error;
	}
	return error;
}

/* A line of the log that reading the file has caused, if any. */
static void log_problem(struct client *client, const struct elf_problem *problem)
{
	if (*problem->message)
		box_printk(client->box, 3, "%s", problem->message);
}

long serve_init_module(struct client *client)
{
	const uint64_t *arguments = (const uint64_t *)client->notification.data.args;
	struct elf_problem problem = {.message = ""};
	uint64_t size = arguments[1];
	struct module_image image;
	void *data;
	long error;

	if (!may_init_module(client))
		return -EPERM;
	if (size < sizeof(Elf64_Ehdr))
		return -ENOEXEC;
	/* vmalloc() has no more than there is */
	data = size <= IMAGE_MAX_SIZE ? malloc(size) : NULL;
	if (!data)
		return -ENOMEM;
	error = client_read(client, arguments[0], data, size);
	if (error) {
		free(data);
		return error;
	}
	error = image_adopt_memory(&image, data, size, &problem);
	if (error) {
		log_problem(client, &problem);
		return error;
	}
	error = load_for(client, &image, arguments[2], 0);
	image_release(&image);
	return error;
}

/* module_decompress() of kernel/module/decompress.c, which knows one way. */
static int check_compression(struct client *client, const struct module_image *image)
{
	const struct target *target = client->box->target;
	enum image_compression wanted = IMAGE_ZSTD;
	const char *name = "a zstd";

	if (target_has_config(target, "MODULE_COMPRESS_GZIP")) {
		wanted = IMAGE_GZIP;
		name = "a gzip";
	} else if (target_has_config(target, "MODULE_COMPRESS_XZ")) {
		wanted = IMAGE_XZ;
		name = "an xz";
	}
	if (image->compression == wanted)
		return 0;
	box_printk(client->box, 3, "not %s compressed module", name);
	return -EINVAL;
}

static long load_file(struct client *client, int fd)
{
	const uint64_t *arguments = (const uint64_t *)client->notification.data.args;
	struct elf_problem problem = {.message = ""};
	unsigned int flags = arguments[2];
	struct module_image image;
	bool expand = flags & R3_LOAD_COMPRESSED_FILE &&
		      target_has_config(client->box->target, "MODULE_DECOMPRESS");
	long error = image_read_descriptor(&image, fd, expand, &problem);

	if (error) {
		log_problem(client, &problem);
		return error;
	}
	if (flags & R3_LOAD_COMPRESSED_FILE)
		error = expand ? check_compression(client, &image) : -EOPNOTSUPP;
	if (!error)
		error = load_for(client, &image, arguments[1], flags & ~R3_LOAD_COMPRESSED_FILE);
	image_release(&image);
	return error;
}

long serve_finit_module(struct client *client)
{
	const uint64_t *arguments = (const uint64_t *)client->notification.data.args;
	unsigned int flags = arguments[2];
	long result;
	int fd;

	if (!may_init_module(client))
		return -EPERM;
	if (flags & ~VALID_FLAGS)
		return -EINVAL;
	fd = client_descriptor(client, (int)arguments[0]);
	if (fd < 0)
		return fd;
	result = box_release_before(client->box, 6, 5) ? load_file(client, fd)
						       : load_file_once(client, fd, load_file);
	close(fd);
	return result;
}

long serve_delete_module(struct client *client)
{
	const uint64_t *arguments = (const uint64_t *)client->notification.data.args;
	char name[MODULE_NAME_LEN];
	ssize_t length;
	int error;

	if (!may_init_module(client))
		return -EPERM;
	length = client_read_string(client, arguments[0], name, sizeof(name));
	if (length < 0)
		return length;
	if (length == sizeof(name))
		return -ENOENT;
	error = client_take_comm(client);
	return error ? error : r3_module_unload(client->box, name, arguments[1]);
}
