// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * init_module(), in the order of kernel/module.c of 2.4: nothing of an image is
 * in the module's memory before all of it was checked. It is read without the
 * lock, since a client may be slow.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "probe/event.h"
#include "scheme24/internal.h"

/* A module as it was when its image began to be read. */
struct created {
	uint64_t serial, address, size;
	char name[MODULE_NAME_LEN];
};

union header {
	struct r3_24_module module;
	char bytes[R3_24_MODULE_SIZE_MAX];
};

/* Linux writes over a module that runs; here it lives on. */
static int check_state(const struct r3_module *module)
{
	if (module->oopsed)
		return r3_fail(-EBUSY, "%s is stuck: its init did not return", module->name);
	if (can_query(module))
		return r3_fail(-EBUSY, "%s is initialized already: rmmod it first", module->name);
	return 0;
}

static int find_created(struct r3_box *box, const char *name, struct created *created)
{
	const struct r3_module *module;
	int error = 0;

	module_lock(box);
	module = module_find(box, name);
	if (!module)
		error = r3_fail(-ENOENT, "no module %s was created", name);
	if (!error)
		error = check_state(module);
	if (!error) {
		*created = (struct created){.serial = module->serial,
					    .address = module->handle,
					    .size = module->scheme24->size};
		strcpy(created->name, module->name);
	}
	module_unlock(box);
	return error;
}

static int complain(struct r3_box *box, const char *problem)
{
	box_printk(box, 3, "init_module: %s", problem);
	return r3_fail(-EINVAL, "the image is not as it has to be: %s Whoever linked it is wrong",
		       problem);
}

static int read_header(struct r3_box *box, const struct created *created,
		       const struct image_source *source, union header *header)
{
	const char *problem;
	uint64_t size;
	int error = source->read(source->context, 0, &size, sizeof(size));

	if (error)
		return error;
	if (!image_header_size_is_good(size)) {
		box_printk(box, 3, "init_module: Invalid module header size.");
		box_printk(box, 3, "A new version of the modutils is likely needed.");
		return r3_fail(-EINVAL, "struct module of the image has %lu bytes, not %zu to %zu",
			       (unsigned long)size, R3_24_MODULE_SIZE_MIN, R3_24_MODULE_SIZE_MAX);
	}
	error = source->read(source->context, 0, header, size);
	if (error)
		return error;
	header->module.size_of_struct = size; /* it may have been written meanwhile */
	problem = image_check_header(&header->module, created->address, created->size,
				     strlen(created->name));
	return problem ? complain(box, problem) : 0;
}

/* The whole image, the header as it was checked; to be freed. */
static int read_image(struct r3_box *box, const struct created *created,
		      const struct image_source *source, char **result)
{
	union header header = {0};
	const struct r3_24_module *module = &header.module;
	int error = read_header(box, created, source, &header);
	const char *name;
	char *image;

	if (error)
		return error;
	image = malloc(module->size);
	if (!image)
		return -ENOMEM;
	memcpy(image, &header, module->size_of_struct);
	error = source->read(source->context, module->size_of_struct,
			     image + module->size_of_struct, module->size - module->size_of_struct);
	name = image + (module->name - created->address);
	if (!error && memcmp(name, created->name, strlen(created->name) + 1)) {
		box_printk(box, 3, "init_module: changed module name to `%.*s' from `%s'",
			   (int)strnlen(name, image + module->size - name), name, created->name);
		error = r3_fail(-EINVAL, "the image is of another module than %s", created->name);
	}
	if (error)
		free(image);
	else
		*result = image;
	return error;
}

static struct r3_module *find_serial(struct r3_box *box, uint64_t serial)
{
	struct r3_module *module = box->modules;

	while (module && module->serial != serial)
		module = module->next;
	return module;
}

/* Under the lock: the image becomes the module. Its memory is as before if that fails. */
static int take_over(struct r3_module *module, const char *image)
{
	struct r3_24_module *header = module_header(module);
	const struct r3_24_module created = *header;
	union header given = {0};
	int error;

	refs_unlink(module, false); /* of an init that failed */
	memcpy(&given, image, ((const struct r3_24_module *)image)->size_of_struct);
	memcpy(header, image, given.module.size);
	header->next = created.next;
	header->refs = 0;
	error = symbols_read(module, &given.module);
	if (!error)
		error = refs_link(module, &given.module);
	if (error) {
		refs_unlink(module, false);
		*header = created;
		strcpy((char *)(header + 1), module->name);
		return error;
	}
	module->init = given.module.init;
	module->exit = given.module.cleanup;
	module->scheme24->has_can_unload = HEADER_HAS(&given.module, can_unload);
	module->object->absolute_fixups = given.module.ex_table_start;
	module->object->nr_absolute_fixups =
		(given.module.ex_table_end - given.module.ex_table_start) /
		sizeof(struct r3_24_exception);
	arch_text_sync();
	__atomic_store_n(&header->usecount, 1, __ATOMIC_RELAXED);
	header->flags |= R3_24_INITIALIZING;
	return 0;
}

static void started(struct r3_module *module)
{
	struct r3_24_module *header = module_header(module);

	module_lock(module->box);
	__atomic_sub_fetch(&header->usecount, 1, __ATOMIC_RELAXED);
	header->flags = (header->flags | R3_24_RUNNING) & ~(uint64_t)R3_24_INITIALIZING;
	module_set_state(module, MODULE_LIVE);
	module->box->modules_loaded++;
	pthread_cond_broadcast(&module->box->module_wait);
	module_unlock(module->box);
}

static void failed(struct r3_module *module)
{
	struct r3_24_module *header = module_header(module);

	module_lock(module->box);
	__atomic_store_n(&header->usecount, 0, __ATOMIC_RELAXED);
	header->flags &= ~(uint64_t)R3_24_INITIALIZING;
	module_unlock(module->box);
}

/* Its use count of 1 keeps the module from going away meanwhile. */
static int run_init(struct r3_module *module)
{
	struct r3_box *box = module->box;
	uint64_t result = 0;
	int error = 0, value;

	events_module_coming(box, module->name);
	trace_event(box, R3_TRACE_INIT, module->name, "init", "", module->init, 0,
		    module->init ? "calling init at 0x%08lx" : "no init",
		    (unsigned long)module->init);
	if (module->init)
		error = call_runtime(box, module->init, &result, 0);
	if (error) {
		module->oopsed = true;
		return r3_fail(error,
			       "init of %s did not return: see the oops in the log. The module "
			       "stays as it is, as on Linux",
			       module->name);
	}
	value = (int)result;
	if (module->init)
		trace_event(box, R3_TRACE_INIT, module->name, "init", "returned", module->init,
			    (uint64_t)value, "init returned %d", value);
	if (!value) {
		started(module);
		return 0;
	}
	failed(module);
	return r3_fail(value > 0 ? -EBUSY : value, "init of %s returned %d", module->name, value);
}

int scheme24_init(struct r3_box *box, const char *name, const struct image_source *source)
{
	struct created created;
	struct r3_module *module;
	char *image;
	int error = find_created(box, name, &created);

	if (!error)
		error = read_image(box, &created, source, &image);
	if (error)
		return error;
	module_lock(box);
	module = find_serial(box, created.serial);
	if (!module)
		error = r3_fail(-ENOENT, "module %s was removed meanwhile", name);
	if (!error)
		error = check_state(module);
	if (!error)
		error = take_over(module, image);
	module_unlock(box);
	free(image);
	return error ? error : run_init(module);
}
