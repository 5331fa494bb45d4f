// SPDX-License-Identifier: GPL-2.0-or-later
/* The public calls on modules and symbols (include/ring3/ring3.h). */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include "box/box.h"
#include "loader/loader.h"
#include "scheme24/scheme24.h"

#define MAX_ARGUMENTS 12 /* of kernel_call() */

static int check_scheme(const struct r3_box *box)
{
	if (!box_is_24(box))
		return 0;
	return r3_fail(-ENOSYS, "a box of the 2.4 scheme takes modules that insmod has linked: "
				"r3_create_module(), r3_init_module()");
}

static int load_image(struct r3_box *box, struct module_image *image, const char *parameters,
		      unsigned int flags, struct r3_module **module)
{
	int error = box_enter(box);

	if (error)
		return error;
	error = load_module(box, image, parameters, flags, module);
	box_leave(box);
	return error;
}

int box_load_image(struct r3_box *box, struct module_image *image, const char *parameters,
		   unsigned int flags)
{
	return load_image(box, image, parameters, flags, NULL);
}

int r3_module_load(struct r3_box *box, const char *path, const char *parameters, unsigned int flags,
		   struct r3_module **module)
{
	struct elf_problem problem = {.message = ""};
	struct module_image image;
	int error = check_scheme(box);

	if (error)
		return error;
	error = image_read_file(&image, path, &problem);
	if (error) {
		if (*problem.message)
			box_printk(box, 3, "%s", problem.message);
		return r3_fail(error, "%s: %s", path,
			       *problem.advice ? problem.advice : strerror(-error));
	}
	error = load_image(box, &image, parameters, flags, module);
	image_release(&image);
	return error;
}

int r3_module_load_buffer(struct r3_box *box, const void *data, size_t length,
			  const char *parameters, unsigned int flags, struct r3_module **module)
{
	struct elf_problem problem = {.message = ""};
	struct module_image image;
	int error = check_scheme(box);

	if (error)
		return error;
	error = image_read_memory(&image, data, length, &problem);
	if (error) {
		if (*problem.message)
			box_printk(box, 3, "%s", problem.message);
		return r3_fail(error, "%s", *problem.advice ? problem.advice : strerror(-error));
	}
	error = load_image(box, &image, parameters, flags, module);
	image_release(&image);
	return error;
}

int r3_module_unload(struct r3_box *box, const char *name, unsigned int flags)
{
	int error = box_enter(box);

	if (error)
		return error;
	if (!box_is_24(box))
		error = delete_module(box, name, flags);
	else
		error = scheme24_delete(box, name);
	if (error == -EBUSY && box_is_24(box))
		error = -EWOULDBLOCK; /* as it is said today: it may go later */
	box_leave(box);
	return error;
}

void *r3_symbol(struct r3_box *box, const char *name)
{
	uint64_t address;

	if (box_enter(box))
		return NULL;
	address = symbol_lookup(box, name);
	/* Something that the kernel exports and nobody has needed yet. */
	if (!address)
		address = exported_symbol(box, name);
	box_leave(box);
	return (void *)address;
}

int r3_symbol_name(struct r3_box *box, uint64_t address, char *buffer, size_t size)
{
	return symbol_format(box, address, buffer, size);
}

int r3_call(struct r3_box *box, void *function, uint64_t *result, unsigned int count, ...)
{
	uint64_t arguments[MAX_ARGUMENTS] = {0};
	va_list list;
	int error;

	if (count > MAX_ARGUMENTS || !function)
		return r3_fail(-EINVAL, "r3_call needs a function and takes at most %d arguments",
			       MAX_ARGUMENTS);
	va_start(list, count);
	for (unsigned int i = 0; i < count; i++)
		arguments[i] = va_arg(list, unsigned long);
	va_end(list);
	error = box_enter(box);
	if (error)
		return error;
	error = kernel_call(thread_current(), (uint64_t)function, result, count, arguments);
	box_leave(box);
	return error ? r3_fail(error, "the call did not return: see the oops in the log") : 0;
}
