// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How insmod loads a module in the 2.4 scheme. The kernel is asked four times:
 * what it has, for memory, to start the image, and, if that failed, to forget it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tools/modutils/link.h"

#define DRY_ADDRESS 0x12340000 /* modutils' */

void module_name_of(const char *path, char *name, size_t size)
{
	static const char *const endings[] = {".o", ".mod", ".o.gz"};
	const char *slash = strrchr(path, '/');
	size_t length;

	path = slash ? slash + 1 : path;
	length = strlen(path);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending && !strcmp(path + length - ending, endings[i])) {
			length -= ending;
			break;
		}
	}
	snprintf(name, size, "%.*s", (int)length, path);
}

static int ask_kernel(struct link *link)
{
	int error = kernel_read(&link->kernel, link->calls, KERNEL_SYMBOLS, link->messages);
	size_t of_modules = 0;

	if (error)
		return error;
	for (size_t i = 0; i < link->kernel.nr_modules; i++)
		of_modules += link->kernel.modules[i].symbols.count;
	tell_step(link->messages, "kernel", "query_module",
		  "%zu modules with %zu symbols, and %zu symbols of its own",
		  link->kernel.nr_modules, of_modules, link->kernel.symbols.count);
	if (!link->insert->is_dry && kernel_find(&link->kernel, link->name)) {
		tell_error(link->messages, "a module named %s already exists", link->name);
		return -EEXIST;
	}
	return 0;
}

static int read_object(struct link *link, const struct module_image *image)
{
	const struct elf_view *view = &link->object.view;
	size_t loaded = 0, places = 0, count;
	int error;

	link->messages->from = link->insert->path;
	error = object_read(&link->object, image->data, image->size, link->messages);
	if (error)
		return error;
	for (unsigned int i = 1; i < view->nr_sections; i++) {
		loaded += link->object.sections[i]->is_loaded;
		elf_relocations(view, i, &count);
		places += count;
	}
	tell_step(link->messages, "insmod", "read",
		  "%s: %u sections, %zu of them to be loaded; %zu symbols, %zu relocations",
		  link->insert->path, view->nr_sections - 1, loaded, view->nr_symbols - 1, places);
	return 0;
}

/* All that can be done before addresses are known. */
static int prepare(struct link *link)
{
	int error = check_built_for(link);

	if (error)
		return error;
	add_kernel_symbols(link);
	error = add_this_module(link);
	if (!error)
		error = check_undefined(link);
	if (!error)
		error = allocate_commons(&link->object);
	if (error)
		return error;
	check_parameters(link);
	check_taint(link);
	error = set_parameters(link);
	if (error)
		return error;
	hide_special_symbols(link);
	if (!link->insert->has_no_ksymoops)
		add_ksymoops_symbols(link);
	add_tables(link);
	if (link->object.failed)
		return -ENOMEM;
	return link->messages->errors ? -ENOEXEC : 0;
}

static int create(struct link *link)
{
	struct insert *insert = link->insert;
	long address;

	if (insert->is_dry) {
		insert->address = DRY_ADDRESS;
		return 0;
	}
	address = link->calls->create(link->calls->context, link->name, insert->size);
	if (address > 0) {
		insert->address = address;
		tell_step(link->messages, "kernel", "create_module", "%s, %lu bytes: at 0x%lx",
			  link->name, (unsigned long)insert->size, address);
		return 0;
	}
	switch (address) {
	case -EEXIST: /* somebody was faster: his is as good as ours */
		break;
	case -ENOMEM:
		tell_error(link->messages,
			   "can't allocate kernel memory for module; needed %lu bytes",
			   (unsigned long)insert->size);
		break;
	default:
		tell_error(link->messages, "create_module: %s", strerror(-address));
	}
	return address ? address : -ENOMEM;
}

static int lay_out(struct link *link)
{
	struct insert *insert = link->insert;
	int error;

	insert->size = layout_object(&link->object);
	if (insert->size > ELF_MAX_ALLOC) {
		tell_error(link->messages,
			   "can't allocate kernel memory for module; needed %lu bytes",
			   (unsigned long)insert->size);
		return -ENOMEM;
	}
	error = create(link);
	if (error)
		return error;
	place_object(&link->object, insert->address);
	for (const struct section *section = link->object.first; section; section = section->next)
		if (section->size)
			tell_step(link->messages, "insmod", "place", "%-15s 0x%lx, %lu bytes",
				  section->name, (unsigned long)section->address,
				  (unsigned long)section->size);
	return 0;
}

static uint8_t *make_image(const struct link *link)
{
	uint8_t *image = calloc(1, link->insert->size);

	if (!image)
		return NULL;
	for (const struct section *section = link->object.first; section; section = section->next)
		if (section->contents && section->size)
			memcpy(image + (section->address - link->insert->address),
			       section->contents, section->size);
	return image;
}

static int write_blob(const struct link *link, const uint8_t *image)
{
	const char *path = link->insert->blob;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), error = 0;

	if (fd < 0) {
		error = -errno;
		tell_error(link->messages, "open %s failed %s", path, strerror(-error));
		return error;
	}
	for (uint64_t done = 0; done < link->insert->size && !error;) {
		ssize_t written = write(fd, image + done, link->insert->size - done);

		if (written > 0)
			done += written;
		else if (errno != EINTR)
			error = -errno;
	}
	if (close(fd) && !error)
		error = -errno;
	if (error)
		tell_error(link->messages, "write %s failed %s", path, strerror(-error));
	return error;
}

static int start(struct link *link, const uint8_t *image)
{
	int error = link->calls->init(link->calls->context, link->name, image);

	if (!error) {
		tell_step(link->messages, "kernel", "init_module",
			  "%s: the image was accepted, its init returned 0", link->name);
		return 0;
	}
	tell_error(link->messages, "init_module: %s", strerror(-error));
	tell(link->messages,
	     "Hint: insmod errors can be caused by incorrect module parameters, "
	     "including invalid IO or IRQ parameters.\n"
	     "      You may find more information in syslog or the output from dmesg");
	return error;
}

/* From a placed object to a module that runs. */
static int finish(struct link *link)
{
	uint8_t *image;
	int error = relocate_object(link);

	if (error)
		return error;
	fill_this_module(link);
	image = make_image(link);
	if (!image)
		return -ENOMEM;
	if (link->insert->prints_map)
		print_map(&link->object, link->messages);
	if (link->insert->blob)
		error = write_blob(link, image);
	if (!error && !link->insert->is_dry)
		error = start(link, image);
	free(image);
	return error;
}

static int load(struct link *link, const struct module_image *image)
{
	int error = ask_kernel(link), undone;

	if (!error)
		error = read_object(link, image);
	if (error)
		return error;
	find_prefix(link);
	error = prepare(link);
	if (error || link->insert->is_probe)
		return error;
	error = lay_out(link);
	if (error)
		return error;
	error = finish(link);
	if (error && !link->insert->is_dry) {
		undone = link->calls->delete (link->calls->context, link->name);
		tell_step(link->messages, "kernel", "delete_module", "%s: %s", link->name,
			  undone ? strerror(-undone) : "its memory is free again");
	}
	return error;
}

int insert_object(const struct module_calls *calls, struct insert *insert,
		  const struct module_image *image, struct messages *messages)
{
	struct link link = {.calls = calls, .insert = insert, .messages = messages};
	const char *from = messages->from;
	int error;

	if (insert->name)
		snprintf(link.name, sizeof(link.name), "%s", insert->name);
	else
		module_name_of(insert->path, link.name, sizeof(link.name));
	error = load(&link, image);
	if (error == -ENOMEM && !messages->errors)
		tell_error(messages, "out of memory");
	if (!error && messages->warnings && !insert->is_dry && !insert->is_probe)
		tell(messages, "Module %s loaded, with warnings", link.name);
	kernel_release(&link.kernel);
	object_release(&link.object);
	messages->from = from;
	return error;
}
